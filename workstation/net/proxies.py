"""Which proxy a request goes through, as the machine is set up: environment, or Windows' and macOS' settings."""

from urllib.parse import urlsplit
from urllib.request import getproxies

from workstation.net.addresses import is_loopback

WEB = {"https": "https", "wss": "https", "http": "http", "ws": "http"}


class Proxies:
    """Read once; loopback and the exceptions in `no_proxy` go directly."""

    def __init__(self, found: dict[str, str] | None = None) -> None:
        self._found = getproxies() if found is None else found

    def of(self, url: str) -> str | None:
        """The proxy's address, or None."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        proxy = self._found.get(WEB.get(parts.scheme, "")) or self._found.get("all")
        if not proxy or is_loopback(host):
            return None
        if any(_covers(pattern, host) for pattern in self._found.get("no", "").split(",")):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"


def _covers(pattern: str, host: str) -> bool:
    """Whether an item of `no_proxy` means this host: a name with all below it, or an asterisk."""
    name = pattern.strip().lower().lstrip(".")
    return bool(name) and (name == "*" or host == name or host.endswith(f".{name}"))
