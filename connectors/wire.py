"""The connections under a transport: TLS as the desk wants it, loopback that stays loopback, and a way to cut a call off."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Mapping
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.request import getproxies, proxy_bypass

import requests
import truststore
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool

from connectors.origin import Origin, is_loopback_address


class LeftThisComputer(OSError):
    """`localhost` led to another computer."""


class Wire:
    """The open connections of one session, so that another thread can end a call whose time is up."""

    def __init__(self, *, loopback_only: bool) -> None:
        self._loopback_only = loopback_only
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._cut = False

    def opened(self, sock: socket.socket) -> None:
        """Takes a new connection in. Raises LeftThisComputer, or ConnectionAbortedError where the call was cut before."""
        if self._loopback_only and not is_loopback_address(str(sock.getpeername()[0])):
            sock.close()
            raise LeftThisComputer
        with self._lock:
            cut = self._cut
            self._sockets = [s for s in self._sockets if s.fileno() != -1] + [sock]
        if cut:
            sock.close()
            raise ConnectionAbortedError

    @property
    def is_cut(self) -> bool:
        return self._cut

    def cut(self) -> None:
        """Ends whatever is being read or written now; the session is not used again."""
        with self._lock:
            self._cut = True
            sockets = tuple(self._sockets)
        for sock in sockets:
            try:
                # The plain socket's own shutdown: SSLSocket's takes the TLS state away under the thread that reads.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)
            except OSError:
                continue


class _PlainConnection(HTTPConnection):
    wire: Wire

    def connect(self) -> None:
        super().connect()
        self.wire.opened(self.sock)


class _TlsConnection(HTTPSConnection):
    wire: Wire

    def connect(self) -> None:
        super().connect()
        self.wire.opened(self.sock)


def tls_context(origin: Origin) -> ssl.SSLContext:
    """The system's trust store and the instance's own authority, TLS 1.2 at least. Raises OSError for an unreadable file."""
    context: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if origin.ca_file is not None:
        context.load_verify_locations(cafile=str(origin.ca_file))
    if origin.client_certificate is not None:
        context.load_cert_chain(str(origin.client_certificate), str(origin.client_key) if origin.client_key else None)
    return context


class _Adapter(HTTPAdapter):
    """Puts our TLS context and our connections under requests."""

    def __init__(self, wire: Wire, context: ssl.SSLContext | None) -> None:
        self._wire = wire
        self._context = context
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        return super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing: the context already says whom we trust, and certifi's list is not to be added to it."""

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        pool = super().get_connection_with_tls_context(*args, **kwargs)
        if not isinstance(pool, HTTPConnectionPool):
            raise LookupError("a pool of another kind than HTTP")
        kind = _TlsConnection if pool.scheme == "https" else _PlainConnection
        pool.ConnectionCls = type(kind.__name__, (kind,), {"wire": self._wire})
        return pool


class Session:
    """One requests session and its wire: used by one call at a time."""

    def __init__(self, origin: Origin, context: ssl.SSLContext | None) -> None:
        self.wire = Wire(loopback_only=origin.is_loopback)
        self.http = requests.Session()
        # No .netrc, no REQUESTS_CA_BUNDLE: only the proxies are taken from the environment, and not for loopback.
        self.http.trust_env = False
        self.http.headers.clear()
        self.http.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self.http.mount(f"{origin.parts.scheme}://", _Adapter(self.wire, context))
        self.proxies: Mapping[str, str] = {} if origin.is_loopback else _proxies(origin.parts.hostname or "")

    def close(self) -> None:
        self.http.close()


def _proxies(host: str) -> dict[str, str]:
    return {} if proxy_bypass(host) else dict(getproxies())
