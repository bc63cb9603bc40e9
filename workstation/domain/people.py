"""People: the accounts that are one human, and what suggests that two accounts are. Pure functions."""

import re
from collections.abc import Iterable
from enum import StrEnum

import msgspec

from workstation.domain.filters import fold, handle_key
from workstation.domain.messages import Author

SHORTEST = 3
"""Letters of a handle that tell anything."""
_COMMON = frozenset({"admin", "info", "hello", "support", "help", "contact", "news", "team", "test", "user", "mail"})
_MAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}(?![\w@])", re.IGNORECASE)
_SITE = re.compile(r"https?://(?:www\.)?([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4})", re.IGNORECASE)
READ = 20_000
"""Characters of a message that are looked through."""


class Sign(StrEnum):
    """Why two accounts may be one human."""

    HANDLE = "handle"
    """The same name on another network or server."""
    MAIL = "mail"
    WEBSITE = "website"


class Suggestion(msgspec.Struct, frozen=True, gc=False):
    """An account that may be the same human, with the reasons; never acted on by itself."""

    author: Author
    signs: tuple[Sign, ...]


class Moved(msgspec.Struct, frozen=True):
    """What a link or a split changed: (author, person) before and after, 0 for no person; restoring swaps them."""

    before: tuple[tuple[int, int], ...]
    after: tuple[tuple[int, int], ...]

    def reversed(self) -> "Moved":
        """The move that takes it back."""
        return Moved(self.after, self.before)


def local_name(handle: str) -> str:
    """The part of a handle that people choose, folded; "" for one that says nothing."""
    local = handle_key(handle).partition("@")[0]
    return local if len(local) >= SHORTEST and local not in _COMMON else ""


def mails(texts: Iterable[str]) -> frozenset[str]:
    """The mail addresses that these texts name, folded."""
    return frozenset(fold(found) for text in texts for found in _MAIL.findall(text[:READ]))


def sites(texts: Iterable[str]) -> frozenset[str]:
    """The hosts of the web addresses that these texts name, folded, without "www."."""
    return frozenset(fold(found) for text in texts for found in _SITE.findall(text[:READ]))
