"""A web server on this machine, with or without TLS."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler
from tempfile import TemporaryDirectory
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True)
class WebServer:
    """requested: the paths of all requests so far."""

    port: int
    tls: bool
    requested: list[str] = field(default_factory=list)


@contextmanager
def web_server(*, tls: bool = False, raw: bytes | None = None) -> Iterator[WebServer]:
    """Answer each GET with the status that its path begins with.

    tls: with a certificate that nobody signed, for another name.
    raw: send this to every connection and close it, instead of speaking HTTP.
    """
    requested: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            requested.append(self.path)
            self.send_response(int(self.path[1:4]))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *_: object) -> None:  # noqa: A002
            pass

    class Raw(BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(raw)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer if raw is None else Raw)
    if tls:
        server.socket = _tls_context().wrap_socket(server.socket, server_side=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield WebServer(server.server_port, tls, requested)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@cache
def _tls_context() -> ssl.SSLContext:
    """A server's context with a certificate for `web.invalid`, signed by its own key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "web.invalid")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with TemporaryDirectory() as directory:
        file = Path(directory) / "certificate.pem"
        file.write_bytes(pem)
        context.load_cert_chain(file)
    return context
