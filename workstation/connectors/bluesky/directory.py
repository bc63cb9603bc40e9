"""What this account has seen lately, bounded: posts with what an answer must name, profiles, pictures, hidden answers.

Loss costs a request, save for hidden answers, which are read anew whenever the channel is opened.
"""

from collections import OrderedDict
from typing import TypeVar

import msgspec

from workstation.domain.messages import Author

SEEN = 20_000
V = TypeVar("V")


class Seen(msgspec.Struct, frozen=True, gc=False):
    """A post: its version, and the first post of its thread ("" where it is that itself)."""

    cid: str
    root: str = ""
    root_cid: str = ""
    original: str = ""
    """Of a repost: the post."""


class Subject(msgspec.Struct, frozen=True, gc=False):
    """What a report is about: a record with its version, or only an account."""

    did: str
    uri: str = ""
    cid: str = ""

    @property
    def key(self) -> str:
        """How Ozone names it in questions."""
        return self.uri or self.did


class _Kept(OrderedDict[str, V]):
    """Forgets what was put in first."""

    def put(self, key: str, value: V) -> None:
        """Remember."""
        self[key] = value
        if len(self) > SEEN:
            self.popitem(last=False)


class Directory:
    """See above."""

    def __init__(self) -> None:
        self._posts: _Kept[Seen] = _Kept()
        self._authors: _Kept[Author] = _Kept()
        self._pictures: _Kept[None] = _Kept()
        self._reports: _Kept[Subject] = _Kept()
        self.hidden: set[str] = set()
        """Answers that we have hidden below our own posts."""

    def keep(self, uri: str, seen: Seen) -> None:
        """Remember a post."""
        self._posts.put(uri, seen)

    def post(self, uri: str) -> Seen | None:
        """A post that was seen lately."""
        return self._posts.get(uri)

    def learn(self, author: Author) -> None:
        """Remember an author as last seen."""
        self._authors.put(author.remote_id, author)

    def author(self, did: str) -> Author | None:
        """An author who was seen lately."""
        return self._authors.get(did)

    def rename(self, did: str, handle: str) -> None:
        """The network tells of a new handle."""
        known = self._authors.get(did)
        if known is not None and handle:
            self._authors[did] = msgspec.structs.replace(known, handle=handle)

    def name(self, address: str) -> None:
        """Remember that a message named this address of a picture."""
        self._pictures.put(address, None)

    def names(self, address: str) -> bool:
        """Whether a message seen lately named this address."""
        return address in self._pictures

    def report(self, remote_id: str, subject: Subject) -> None:
        """Remember what a report is about."""
        self._reports.put(remote_id, subject)

    def subject(self, remote_id: str) -> Subject | None:
        """What a report is about."""
        return self._reports.get(remote_id)
