"""What every connector offers: a factory by kind, and one opened account of it.

Delivery is at least once: the store upserts on (channel, remote id) and saves the cursor with the batch. Sending is at
most once unless the account is known to be idempotent: an attempt without an answer raises AmbiguousError, and
`find_sent` looks for what was sent before anyone sends again.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import msgspec

from workstation.domain.channels import Account, Capabilities, ChannelConfig, Health, Length, Manifest
from workstation.domain.messages import Batch, Cursor, Micros
from workstation.domain.outbox import Operation
from workstation.domain.posts import PictureData

if TYPE_CHECKING:  # a manifest is read long before anything is asked of a network
    from workstation.net.client import Client
    from workstation.net.oauth import Pages

Report = Callable[[Health], None]
"""Called on the loop whenever the channel's health changes; cheap."""

SignInPrompt = Callable[[str], Awaitable[str]]
"""Shows an address to open in the browser and returns the code typed back (out-of-band sign-in)."""


class Sent(msgspec.Struct, frozen=True):
    """The network did it: the remote id of what exists there now, its address, and what it looks like if told."""

    remote_id: str = ""
    address: str = ""
    batch: Batch | None = None
    """What came back, to be ingested like anything else (the echo merges with it)."""


class Opened(msgspec.Struct, frozen=True):
    """The answer to opening an account."""

    account: Account
    capabilities: Capabilities
    sources: tuple[str, ...]
    """Keys of the sources that `events` reads."""
    titles: Mapping[str, str] = {}
    """What people call a source whose key does not say it, such as a room or a folder; plain text."""


class Channel(Protocol):
    """One account of a network. All methods raise the ChannelError types of `domain.errors`."""

    async def open(self) -> Opened:
        """Check the sign-in and discover what this account can do; the first call, and again after a failure."""

    def events(self, cursors: Mapping[str, Cursor], report: Report) -> AsyncIterator[Batch]:
        """Everything new in every source, for ever: catches up from the cursors, then live; ends only by error.

        A source without a cursor starts with one page of its latest items.
        """

    async def send(self, operation: Operation) -> Sent:
        """Do it, once. AmbiguousError if no answer came; any other ChannelError means that it was not done.

        A post's option "media" names pictures that were attached before, comma-separated; a boost without a target
        names what is boosted by its option "address".
        """

    async def find_sent(self, operation: Operation, since: Micros) -> Sent | None:
        """Look for what an unanswered attempt may have done; None: certainly not there.

        AmbiguousError where looking cannot tell.
        """

    async def thread(self, remote_id: str) -> Batch:
        """The conversation around a message as the network shows it now, deletions included where it tells."""

    async def history(self, account: str) -> Batch:
        """Recent public messages of an author (remote id)."""

    async def refresh(self, remote_ids: tuple[str, ...]) -> Batch:
        """These messages as they are now; those that are gone come as deletions."""

    async def media(self, url: str) -> bytes:
        """The bytes of a thumbnail, at most 4 MB, from an address that a message of this channel named."""

    def measure(self, operation: Operation) -> Length:
        """How long the channel counts the text to be; pure and quick enough for every keystroke."""

    async def close(self) -> None:
        """Let go of sockets and sessions."""


class Earlier(msgspec.Struct, frozen=True):
    """One page of what is older. `position` is where the next one begins, opaque; `more`: whether there is one.

    `reached`: everything of the source since then has been read; 0 where nothing was.
    """

    batches: tuple[Batch, ...]
    position: str
    reached: Micros
    more: bool


@runtime_checkable
class ReadsBack(Protocol):
    """A channel that can be read backwards, for those who ask for older messages."""

    async def earlier(self, source: str, position: str, oldest: str, until: Micros) -> Earlier:
        """The next older page of a source, for at most one request of the lane that gives way to all others.

        `position` is empty at first; `oldest` is then the remote id of the oldest message that is here. It ends at
        `until`. The batches have no cursor and are marked as history.
        """


@runtime_checkable
class TakesPictures(Protocol):
    """A channel whose posts may have pictures."""

    async def attach(self, picture: PictureData) -> str:
        """Hand a picture over for a post to come, which names it by what is returned.

        It is not published by that; doing it twice leaves one that nobody sees. Never ambiguous.
        """


FILE_CAP = 25 << 20
"""Bytes of an attached file that are read at most."""


@runtime_checkable
class HandsOverFiles(Protocol):
    """A channel whose messages have files attached that can be saved: media with a `name`."""

    async def file(self, url: str) -> bytes:
        """The bytes of an attachment, at most FILE_CAP, by the address that the message gave for it."""


Renewed = Callable[[str], Awaitable[None]]
"""Keeps a secret that replaces the one a channel was created with."""


@runtime_checkable
class RenewsSecret(Protocol):
    """A channel whose sign-in is replaced as it is used: the one before stops being valid."""

    def on_renewed(self, keep: Renewed) -> None:
        """Called once before `open`; the channel awaits `keep` before it goes on with a new secret."""


@runtime_checkable
class TellsChanges(Protocol):
    """A channel whose sources or rights change while it is read: it is invited somewhere, or made a moderator."""

    def on_changed(self, tell: Callable[[Opened], None]) -> None:
        """Called once before `open`; the channel calls `tell` with what is true from then on. Cheap."""


class SignIn(Protocol):
    """Signing in through the browser."""

    async def __call__(
        self,
        config: ChannelConfig,
        open_browser: Callable[[str], None],
        ask_code: SignInPrompt | None,
    ) -> str:
        """Return the token; by loopback redirect, or by the code that `ask_code` returns when that is refused."""


class Connector(Protocol):
    """A kind of channel.

    Its folder has a module `manifest` with MANIFEST, `connector()` and `typical()`: what an account of this kind
    can do as a rule (Capabilities), for the table in docs/; what one can do in fact is discovered when it is opened.
    """

    manifest: Manifest

    def create(self, config: ChannelConfig, secret: str, client: "Client") -> Channel:
        """An account of this kind, not opened yet. ConfigurationError names the field that is wrong."""

    def sign_in(self, client: "Client", pages: "Pages | None" = None) -> SignIn | None:
        """The browser sign-in, or None where the network has none. `pages`: what the browser shows at the end, in the
        reader's language.
        """
