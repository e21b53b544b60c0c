"""The certificate of the page."""

from __future__ import annotations

import os
import ssl
import subprocess

import pytest

from assistant.app.configuration.settings import WebSettings
from assistant.errors import ConfigError
from assistant.web.access.certificate import page_certificate


def test_one_is_made_once(tmp_path):
    """The certificate is for this machine's names, and only its owner may read the key."""
    first = page_certificate(WebSettings(), tmp_path / "state")
    again = page_certificate(WebSettings(), tmp_path / "state")
    assert first.fingerprint() == again.fingerprint()
    assert len(first.fingerprint().split(":")) == 32
    assert first.key.stat().st_mode & 0o777 == 0o600
    assert sorted(each.name for each in first.key.parent.iterdir()) == ["page-certificate.pem", "page-key.pem"]
    text = subprocess.run(
        ["openssl", "x509", "-noout", "-text", "-in", first.certificate], capture_output=True, text=True, check=True
    ).stdout
    assert "DNS:localhost" in text
    assert "TLS Web Server Authentication" in text


def test_one_that_ends_soon_is_made_anew(tmp_path):
    """A certificate that ends tomorrow is replaced before browsers complain."""
    made = page_certificate(WebSettings(), tmp_path)
    subprocess.run(
        ["openssl", "req", "-x509", "-key", made.key, "-days", "1", "-subj", "/CN=x", "-out", made.certificate],
        check=True,
        capture_output=True,
    )
    old = made.fingerprint()
    assert page_certificate(WebSettings(), tmp_path).fingerprint() != old


def test_a_given_one_is_taken(tmp_path):
    """A certificate of the settings is used, and no other one is made."""
    made = page_certificate(WebSettings(), tmp_path / "elsewhere")
    given = WebSettings(certificate=str(made.certificate), key=str(made.key))
    assert page_certificate(given, tmp_path / "state").fingerprint() == made.fingerprint()
    assert not (tmp_path / "state").exists()


def test_words_before_a_given_one_do_no_harm(tmp_path):
    """Text before the certificate, as `openssl x509 -text` writes it, is ignored."""
    made = page_certificate(WebSettings(), tmp_path)
    wordy = tmp_path / "wordy.pem"
    wordy.write_text("Certificate:\n    Version: 3\n" + made.certificate.read_text())
    given = page_certificate(WebSettings(certificate=str(wordy), key=str(made.key)), tmp_path)
    assert given.fingerprint() == made.fingerprint()


@pytest.mark.parametrize("text", ["", "no certificate"])
def test_a_wrong_one_is_named(tmp_path, text):
    """The error names the settings and says what is needed."""
    (tmp_path / "a.pem").write_text(text)
    with pytest.raises(ConfigError, match=r"web.certificate, web.key: .* two PEM files are needed|PEM files"):
        page_certificate(WebSettings(certificate=str(tmp_path / "a.pem"), key="nowhere"), tmp_path)


def test_a_key_with_a_password_is_refused(tmp_path):
    """Nobody can type the password of a key."""
    made = page_certificate(WebSettings(), tmp_path)
    command = ["openssl", "ec", "-aes256", "-passout", "pass:secret", "-in", made.key, "-out", tmp_path / "locked.pem"]
    subprocess.run(command, check=True, capture_output=True)
    given = WebSettings(certificate=str(made.certificate), key=str(tmp_path / "locked.pem"))
    with pytest.raises(ConfigError, match="key without a password"):
        page_certificate(given, tmp_path)


def test_a_pipe_or_a_device_is_refused(tmp_path):
    """A pipe and a device, which may have no end, are refused."""
    os.mkfifo(tmp_path / "pipe")
    for name in (tmp_path / "pipe", "/dev/zero"):
        with pytest.raises(ConfigError, match=r"web\.certificate, web\.key: "):
            page_certificate(WebSettings(certificate=str(name), key=str(name)), tmp_path)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    """The error names the folder."""
    (tmp_path / "file").touch()
    with pytest.raises(ConfigError, match=r"file/state: .* cannot be written to this folder: Not a directory"):
        page_certificate(WebSettings(), tmp_path / "file" / "state")


def test_without_openssl_it_is_said_what_to_do(tmp_path, monkeypatch):
    """The error says to install openssl or to set a certificate."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match=r"sudo apt install openssl, or set web\.certificate"):
        page_certificate(WebSettings(), tmp_path)


def test_what_was_made_can_be_served(tmp_path):
    """The library that serves the page accepts the certificate and its key."""
    made = page_certificate(WebSettings(), tmp_path)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(made.certificate, made.key)
