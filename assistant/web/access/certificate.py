"""The page's certificate: the one in the settings, or one that the page makes with the `openssl` program."""

from __future__ import annotations

import hashlib
import os
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path

from assistant.app.configuration.settings import WebSettings
from assistant.documents import read_bytes, read_text
from assistant.errors import ConfigError
from assistant.files import expanded

DAYS = 825
"""A certificate is valid for as long as browsers allow (support.apple.com/103769)."""

ENDS_SOON_S = 7 * 24 * 3600
"""A certificate of the page's own that ends within this time is made anew."""

OPENSSL_TIMEOUT_S = 30.0


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate and its key, as two PEM files."""

    certificate: Path
    key: Path

    def fingerprint(self) -> str:
        """Return the SHA-256 fingerprint in the form in which browsers show it, so that a person can compare both."""
        pem = read_text(self.certificate, ConfigError)
        first = pem[pem.index(ssl.PEM_HEADER) : pem.index(ssl.PEM_FOOTER)] + ssl.PEM_FOOTER
        digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(first)).hexdigest()
        return ":".join(digest[start : start + 2] for start in range(0, len(digest), 2)).upper()


def page_certificate(settings: WebSettings, folder: Path) -> Certificate:
    """Return the settings' certificate, or the page's own in `folder`, made anew when it is missing or ends soon.

    ConfigError when the certificate cannot be used or made.
    """
    if settings.certificate or settings.key:
        chosen = Certificate(*(expanded(each) for each in (settings.certificate, settings.key)))
        _check(chosen, "web.certificate, web.key")
        return chosen
    own = Certificate(folder / "page-certificate.pem", folder / "page-key.pem")
    try:
        if not (own.certificate.is_file() and own.key.is_file()) or _ends_soon(own.certificate):
            _make(own, folder)
    except OSError as error:
        why = error.strerror or error
        raise ConfigError(f"{folder}: the page's certificate cannot be written to this folder: {why}") from error
    _check(own, str(own.certificate))
    return own


def _check(certificate: Certificate, name: str) -> None:
    wanted = "name two PEM files, a certificate and its key, and the key without a password"
    try:
        for each in (certificate.certificate, certificate.key):
            read_bytes(each, ConfigError)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(
            certificate.certificate, certificate.key, password=""
        )  # without this, OpenSSL would ask the terminal for one
        certificate.fingerprint()
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError, ConfigError a ValueError
        raise ConfigError(f"{name}: {wanted} ({error})") from error


def _ends_soon(certificate: Path) -> bool:
    return _openssl("x509", "-checkend", str(ENDS_SOON_S), "-noout", "-in", str(certificate)).returncode != 0


def _make(own: Certificate, folder: Path) -> None:
    """Make a certificate and its key under temporary names, then move both to their places."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = Certificate(folder / ".new-certificate.pem", folder / ".new-key.pem")
    name = socket.gethostname() or "headset"
    names = f"DNS:{name},DNS:{name}.local,DNS:localhost,IP:127.0.0.1,IP:::1"
    try:
        made = _openssl(
            *("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-days", str(DAYS), "-subj", f"/CN={name[:64]}", "-addext", f"subjectAltName={names}"),
            *("-addext", "extendedKeyUsage=serverAuth", "-addext", "basicConstraints=critical,CA:FALSE"),
            *("-keyout", str(new.key), "-out", str(new.certificate)),
        )
        if made.returncode:
            raise ConfigError(f"openssl req: no certificate was made in {folder}: {made.stderr.strip()[-200:]}")
        new.key.chmod(0o600)
        os.replace(new.key, own.key)
        os.replace(new.certificate, own.certificate)
    finally:
        new.key.unlink(missing_ok=True)
        new.certificate.unlink(missing_ok=True)


def _openssl(*arguments: str) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            ["openssl", *arguments], capture_output=True, text=True, timeout=OPENSSL_TIMEOUT_S, check=False
        )
    except (FileNotFoundError, PermissionError):
        needed = "a page for other machines needs a certificate, and the program openssl, which makes it, is missing"
        raise ConfigError(f"{needed}: sudo apt install openssl, or set web.certificate and web.key") from None
    except subprocess.TimeoutExpired as error:
        raise ConfigError(f"openssl {arguments[0]}: did not end within {OPENSSL_TIMEOUT_S:g} seconds") from error
