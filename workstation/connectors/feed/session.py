"""Asks for documents with care: only if they changed, one at a time of a host, and where they have moved to."""

import ipaddress
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit, urlunsplit

import msgspec

from workstation.connectors.feed.hosts import Hosts
from workstation.domain.errors import (
    ChannelError,
    ConfigurationError,
    PermissionDeniedError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.messages import Micros
from workstation.domain.text import N_, lazy
from workstation.net import answers
from workstation.net.asking import Asker, Clock, Dialect
from workstation.net.client import Client, Request, Response, origin
from workstation.net.limits import Lane

NO_ADDRESS = N_("it must be the address of a site or of a feed")
NOT_THERE = N_("there is no feed at that address any more (status {status})")
CLOSED = N_("the site asks for a sign-in")
ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.6, */*;q=0.5"
)
PATIENCE: Micros = 1_000_000
LONGEST = 86_400.0
SETTLED = 60.0
"""Seconds after a change in which the next one may be called the same."""


class FeedEndedError(UnsupportedError):
    """The site says that the feed is gone for good (410): asking again is of no use."""

    code = "feed_ended"
    sentence = N_("This feed has ended: its site says that it is gone for good.")


class Stamp(msgspec.Struct, frozen=True):
    """What a server calls the state of a document."""

    etag: str = ""
    modified: str = ""


def feed_address(server: str) -> str:
    """What was typed, as an address. ConfigurationError."""
    text = server.strip()
    for scheme in ("feed://", "feeds://"):
        text = f"https://{text[len(scheme) :]}" if text.lower().startswith(scheme) else text
    text = text[5:] if text.lower().startswith(("feed:http", "feed:https")) else text
    if text and "://" not in text:
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises on a port that is no number
    except ValueError:
        raise ConfigurationError(field="server", why=lazy(NO_ADDRESS)) from None
    if parts.scheme not in {"https", "http"} or not parts.hostname or parts.username is not None or " " in text:
        raise ConfigurationError(field="server", why=lazy(NO_ADDRESS))
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", parts.query, ""))


def _private(url: str) -> bool:
    """Whether somebody reads a site of their own network on purpose: it may refer to its neighbours."""
    host = urlsplit(url).hostname or ""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


class Session(Asker):
    """Asks one site and where it refers to. Errors are those of `domain.errors`."""

    def __init__(self, home: str, client: Client, hosts: Hosts, now: Clock, *, insecure: bool) -> None:
        super().__init__(client, Dialect(), now)
        self.patience = PATIENCE
        self._home = home
        self._public = not _private(home)
        self._hosts = hosts
        self._insecure = insecure

    def request(self, url: str, accept: str = ACCEPT) -> Request:
        """A read of something that the site names: never in a private network, unless that is where the site is."""
        return Request(
            url=url,
            headers=(("Accept", accept),),
            redirects=5,
            insecure=self._insecure,
            public_only=self._public,
            home=origin(self._home),
        )

    async def look(self, url: str, stamp: Stamp | None = None) -> Response:
        """The answer, of status 2xx or, if it did not change since `stamp`, 304; else the error that it means."""
        request = self.request(url)
        if stamp is not None:
            asked = (("If-None-Match", stamp.etag), ("If-Modified-Since", stamp.modified))
            known = tuple((name, value) for name, value in asked if value)
            request = msgspec.structs.replace(request, headers=request.headers + known)
        response = await self._polite(request)
        if response.good or (stamp is not None and response.status == 304):
            return response
        raise self._failure(response)

    async def _polite(self, request: Request) -> Response:
        async with self._hosts.turn(request.url):
            return await self.raw(request, Lane.POLL)

    def _failure(self, response: Response) -> ChannelError:
        if response.status == 410:
            return FeedEndedError()
        if response.status in {401, 402, 403, 407, 451}:
            return PermissionDeniedError(why=lazy(CLOSED))
        if response.status in {400, 404, 405, 406}:
            at = answers.retry_at(response, self.now()) if response.header("retry-after") else 0
            return TransientError(retry_at=at, why=lazy(NOT_THERE, status=response.status))
        return answers.failure(response, self.now(), write=False)

    async def file(self, request: Request) -> Response:
        """Something that an item names, whole. Errors as of `look`."""
        response = await self._polite(request)
        if not response.good:
            raise self._failure(response)
        return response


def stamp_of(response: Response) -> Stamp:
    """How the server calls what it sent; nothing, if it may call what it has a moment later just the same.

    Many servers make it of the second of the last change, and further changes may come within that second.
    """
    try:
        sent = parsedate_to_datetime(response.header("date"))
        changed = parsedate_to_datetime(response.header("last-modified"))
        if (sent - changed).total_seconds() < SETTLED:
            return Stamp()
    except (ValueError, TypeError, IndexError, OverflowError):
        pass
    return Stamp(response.header("etag")[:300], response.header("last-modified")[:100])


def fresh_for(response: Response) -> float:
    """Seconds for which the server says that asking again brings nothing new; 0 where it does not say."""
    for part in response.header("cache-control").lower().split(","):
        name, _, value = part.strip().partition("=")
        if name in {"max-age", "s-maxage"} and value.strip('" ').isdecimal():
            return min(float(value.strip('" ')[:9]), LONGEST)
    return _until_expiry(response)


def _until_expiry(response: Response) -> float:
    try:
        expires = parsedate_to_datetime(response.header("expires"))
        sent = parsedate_to_datetime(response.header("date"))
        return min(max((expires - sent).total_seconds(), 0.0), LONGEST)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
