"""What a feed says, whatever its format."""

import msgspec

from workstation.domain.errors import ProtocolChangedError
from workstation.domain.messages import Media, Micros
from workstation.domain.text import N_, LazyText, lazy

EMPTY = N_("it is empty")
A_PAGE = N_("it is a web page and no feed")
NO_FEED = N_("it is no feed in any form that is known (RSS, Atom, JSON Feed)")


class UnreadableError(ProtocolChangedError):
    """A document that is no feed, with the reason."""

    sentence = N_("The feed is not readable, because {why}.")

    def __init__(self, why: str | LazyText) -> None:
        super().__init__(why=lazy(why) if isinstance(why, str) else why)


class Entry(msgspec.Struct, frozen=True):
    """An item: plain text throughout; moments are 0 where none is told or can be read."""

    guid: str = ""
    title: str = ""
    text: str = ""
    link: str = ""
    author: str = ""
    published: Micros = 0
    updated: Micros = 0
    language: str = ""
    media: tuple[Media, ...] = ()
    size: int = 0
    """Characters that it takes in the document."""
    cut: bool = False
    """The document ends within it."""

    @property
    def readable(self) -> bool:
        """Whether there is anything to show."""
        return bool(self.title or self.text or self.otherwise)

    @property
    def otherwise(self) -> str:
        """What is shown of an item without title and text."""
        return self.link or (self.media[0].url if self.media else "") or self.guid or self.author


class Withdrawn(msgspec.Struct, frozen=True):
    """An item that the feed says to be deleted (RFC 6721)."""

    guid: str
    at: Micros = 0


class Feed(msgspec.Struct, frozen=True):
    """A feed: `every` is the seconds that it asks to wait between two questions, 0 where it asks nothing."""

    title: str = ""
    link: str = ""
    language: str = ""
    author: str = ""
    entries: tuple[Entry, ...] = ()
    withdrawn: tuple[Withdrawn, ...] = ()
    every: float = 0.0
    whole: bool = True
    left_out: int = 0
    """Items beyond what is read of one document."""
    form: str = ""
