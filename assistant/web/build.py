"""Builds the page, alone or as a part of the headset."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.app.configuration.settings import Settings
from assistant.app.service import Service
from assistant.controls.commands import Controls
from assistant.health.drivers.power import LinuxMachine
from assistant.speech.build import load_phrases
from assistant.web.access.certificate import Certificate, page_certificate
from assistant.web.access.guard import Guard
from assistant.web.access.hosts import own_names
from assistant.web.access.limits import Limits
from assistant.web.access.sessions import Sessions
from assistant.web.access.token import kept_token
from assistant.web.app import application
from assistant.web.cameras.browser_cameras import BrowserCameras
from assistant.web.cameras.models import ModelWorker
from assistant.web.headset.controls import Headset
from assistant.web.headset.feed import Feed
from assistant.web.headset.store import SettingsStore
from assistant.web.server import Address, Server, listen
from assistant.web.site import Site

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Page:
    """A server that is ready to start, and its address."""

    server: Server
    address: Address
    certificate: Certificate | None


def build_page(
    settings: Settings, config: Path | None, model: Path, headset: Headset | None = None, limits: Limits = Limits()
) -> Page:
    """Listen on the settings' address and build the page; raise ConfigError when that is not possible."""
    store = SettingsStore(config)
    address = listen(settings.web.host, settings.web.port)
    try:
        certificate = page_certificate(settings.web, store.folder) if address.is_open else None
        token = kept_token(store.folder)
        sessions = Sessions(store.folder, token.key)
        guard = Guard(own_names(settings.web.names), token, sessions, address.is_open, limits)
        worker = ModelWorker(model, limits, settings.search.detector)
        site = Site(
            store=store,
            guard=guard,
            worker=worker,
            browser_cameras=BrowserCameras(worker, settings, load_phrases(settings.voice, config), limits),
            machine=LinuxMachine(store.folder),
            headset=headset,
            config=config,
        )
        return Page(Server(application(site), address, certificate, limits), address, certificate)
    except BaseException:
        address.listener.close()
        raise


class HeadsetPage:
    """The page of a headset. It shows what the headset sees; a page that cannot be served does not stop the headset."""

    def __init__(self, settings: Settings, config: Path | None, model: Path) -> None:
        self._settings = settings
        self._config = config
        self._model = model
        self._headset = Headset(settings.web.fps, settings.web.viewers)

    def among(self, controls: Sequence[Controls]) -> list[Controls]:
        """Return these controls and the page's own."""
        return self._headset.among(controls)

    @property
    def feed(self) -> Feed:
        """The feed that receives the headset's frames and events."""
        return self._headset.feed

    def serve(self, service: Service) -> None:
        """Serve the page of this service from now on, until the service ends."""
        try:
            page = build_page(self._settings, self._config, self._model, self._headset)
            page.server.start()
        except Exception as error:  # the headset runs on without a page, whatever fails
            logger.warning("%s: the headset has no page", error)
            return
        self._headset.join(service, page.server)
        logger.info("the page: %s", page.address.url)
