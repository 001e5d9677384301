"""Who is really calling: client address and scheme behind proxies we trust, and only those.

Outermost WSGI layer. A caller outside `TRUSTED_PROXIES` cannot choose the address it is counted
under: its forwarding headers are dropped before anything reads them.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Network = IPv4Network | IPv6Network

_FORWARDING = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)
_LONGEST_CHAIN = 16


def parse_networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read addresses and networks as the settings write them; raises ValueError on a wrong one."""
    return tuple(ip_network(text.strip(), strict=False) for text in texts if text.strip())


class TrustedProxies:
    """WSGI layer that believes `X-Forwarded-For` and `-Proto` from the trusted networks only."""

    def __init__(self, app: "WSGIApplication", trusted: Sequence[Network]) -> None:
        self.app = app
        self.trusted = tuple(trusted)
        self._is_trusted = lru_cache(maxsize=1024)(self._look_up)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        peer = environ.get("REMOTE_ADDR", "")
        if self.trusted and self._is_trusted(peer):
            chain, scheme = environ.get("HTTP_X_FORWARDED_FOR"), environ.get("HTTP_X_FORWARDED_PROTO")
            if chain:
                environ["REMOTE_ADDR"] = self._client(chain, peer)
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
        for name in _FORWARDING:
            environ.pop(name, None)
        return self.app(environ, start_response)

    def _client(self, chain: str, peer: str) -> str:
        """The nearest address of the chain that is not one of our own proxies."""
        client = peer
        for text in reversed(chain.split(",")[-_LONGEST_CHAIN:]):
            address = plain_address(text)
            if address is None:
                return client
            client = address
            if not self._is_trusted(address):
                return client
        return client

    def _look_up(self, address: str) -> bool:
        plain = plain_address(address)
        if plain is None:
            return False
        parsed = ip_address(plain)
        return any(parsed in network for network in self.trusted)


def plain_address(text: str) -> str | None:
    """Normal form of an address: no port, no brackets, IPv4 out of its IPv6 wrapping."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
