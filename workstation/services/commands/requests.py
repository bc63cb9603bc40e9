"""The requests, and where their answers go. They travel between processes, so they are plain data."""

from typing import Protocol

import msgspec

from workstation.domain.text import LazyText


class Request(msgspec.Struct, frozen=True, tag=True, kw_only=True):
    """Something the command line asks for."""


class AddChannel(Request, frozen=True):
    """Add a channel. `lent` is the secret behind `secret`, for an owner that has another environment."""

    kind: str
    name: str
    server: str = ""
    user: str = ""
    secret: str = ""
    lent: str = ""
    settings: dict[str, str] = {}


class ListChannels(Request, frozen=True):
    """A line per channel."""


class TestChannel(Request, frozen=True):
    """Sign in to a channel and tell what it can do."""

    __test__ = False
    name: str


class RemoveChannel(Request, frozen=True):
    """Forget a channel."""

    name: str


class EnableKind(Request, frozen=True):
    """Trust an installed package's kind of channel, or no longer (`on` False)."""

    name: str
    on: bool = True


class ListTranslators(Request, frozen=True):
    """A line per kind of provider of translations, and which is in force."""


class UseTranslator(Request, frozen=True):
    """Put a provider of translations in force; an empty kind: none. `lent` as for a channel."""

    kind: str
    server: str = ""
    secret: str = ""
    lent: str = ""
    settings: dict[str, str] = {}


class TestTranslator(Request, frozen=True):
    """Ask the provider in force whether it answers."""

    __test__ = False


class EnableTranslator(Request, frozen=True):
    """Trust an installed package's kind of provider, or no longer (`on` False)."""

    name: str
    on: bool = True


class LogContact(Request, frozen=True):
    """Note a call, letter or talk as a case. `at` is an ISO time, empty for now."""

    kind: str
    name: str
    text: str
    number: str = ""
    at: str = ""
    case: int = 0
    ours: bool = False


class Collect(Request, frozen=True):
    """Run every channel for so many seconds; 0: until interrupted."""

    seconds: float = 0.0


class Reply(Request, frozen=True):
    """Answer a message, given by our id or the network's."""

    message: str
    text: str
    wait: bool = False


class Act(Request, frozen=True):
    """Do something to a message or its author, or to its case."""

    message: str
    action: str
    options: dict[str, str] = {}
    text: str = ""
    wait: bool = False


class Export(Request, frozen=True):
    """Everything of one kind, as lines."""

    what: str
    format: str
    path: str = ""
    """The file that it is written to, absolute; empty for standard output."""


class ImportTemplates(Request, frozen=True):
    """Add the families of a TOML, JSON or CSV file; the path is absolute. `preview` only tells what would change."""

    path: str
    preview: bool = False


class ExportTemplates(Request, frozen=True):
    """Write the families to a TOML, JSON or CSV file; the path is absolute."""

    path: str


class ImportWords(Request, frozen=True):
    """Take in segments (`what` "memory", TMX) or agreed words ("terms", TBX or CSV); the path is absolute.

    `preview` only tells what would change.
    """

    what: str
    path: str
    preview: bool = False


class ExportWords(Request, frozen=True):
    """Write segments or agreed words to a file; the path is absolute."""

    what: str
    path: str


class FindPeople(Request, frozen=True):
    """A line for each person whose handle, name or address holds the text."""

    text: str


class ExportPerson(Request, frozen=True):
    """Everything kept of a person, given by handle, our number of an account, or "person:N"."""

    who: str
    format: str
    path: str = ""


class ErasePerson(Request, frozen=True):
    """Show what erasing a person would take away, or, if `sure`, do it."""

    who: str
    also: tuple[str, ...] = ()
    """Further words that point to the person."""
    sure: bool = False


class Examine(Request, frozen=True):
    """The doctor's part that needs the desk."""


class ShowWindow(Request, frozen=True):
    """Bring the running window to the front."""


AnyRequest = (
    AddChannel
    | ListChannels
    | TestChannel
    | RemoveChannel
    | EnableKind
    | ListTranslators
    | UseTranslator
    | TestTranslator
    | EnableTranslator
    | LogContact
    | Collect
    | Reply
    | Act
    | Export
    | ImportTemplates
    | ExportTemplates
    | ImportWords
    | ExportWords
    | FindPeople
    | ExportPerson
    | ErasePerson
    | Examine
    | ShowWindow
)


class Output(Protocol):
    """Where answers go. Each call may wait until the reader keeps up."""

    async def data(self, text: str) -> None:
        """Lines of the result itself, as they are; a newline at the end is theirs."""

    async def say(self, text: LazyText) -> None:
        """A line for people."""

    async def fail(self, text: LazyText) -> None:
        """The one line that says why it failed."""
