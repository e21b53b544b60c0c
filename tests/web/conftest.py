"""Fixtures for the tests of the page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
import skimage.data

from assistant.app.configuration.settings import Settings, WebSettings
from assistant.networks.shipped import shipped_model
from assistant.web.access.limits import Limits
from assistant.web.build import Page, build_page
from tests.builders.picture_files import coded
from tests.web.client import Client

OwnPage = Callable[..., Page]


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the state folder of pages that are built from now on."""
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "state"))
    return tmp_path / "state"


@pytest.fixture
def serve(state: Path) -> Iterator[OwnPage]:
    """Yield a function that serves a page with these settings and limits until the test ends."""
    with ExitStack() as ending:

        def start(limits: Limits = Limits(), config: Path | None = None, **web: object) -> Page:
            settings = replace(Settings(), web=WebSettings(port=0, **web))  # type: ignore[arg-type]
            page = build_page(settings, config, shipped_model(), limits=limits)
            page.server.start()
            ending.enter_context(closing(page.server))
            return page

        yield start


@pytest.fixture
def client(serve: OwnPage) -> Client:
    """Return a client of a page that only this machine can reach."""
    return Client(serve().address.url)


@pytest.fixture(scope="session")
def portrait() -> bytes:
    """Return a JPEG of a woman who smiles: scikit-image's, in the public domain."""
    return coded(skimage.data.astronaut()[:, :, ::-1])
