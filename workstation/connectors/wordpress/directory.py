"""What is remembered of comments seen: where they are, who wrote them, what pictures they named; bounded."""

from collections import OrderedDict
from typing import TYPE_CHECKING, TypeVar

import msgspec

from workstation.net.plain import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT = 20_000
NAMES_KEPT = 2_000
DEPTH = 50
K = TypeVar("K")
V = TypeVar("V")


class Seen(msgspec.Struct, frozen=True):
    """Where a comment is; `parent` is 0 for the first of a conversation."""

    post: int
    parent: int
    author: str
    own: bool


class Directory:
    """Comments, addresses of authors (never shown), avatars, titles."""

    def __init__(self) -> None:
        self._seen: OrderedDict[int, Seen] = OrderedDict()
        self._emails: OrderedDict[str, str] = OrderedDict()
        self._pictures: OrderedDict[str, None] = OrderedDict()
        self._titles: OrderedDict[int, str] = OrderedDict()
        self._known: set[int] = set()

    def begin(self, known: "Iterable[int]") -> None:
        """Reading begins anew: these comments were stored; of all others that is not certain."""
        self._known = set(known)

    def known(self, number: int) -> bool:
        """Whether a comment was told before."""
        return number in self._known

    def told(self, number: int) -> None:
        """It was."""
        self._known.add(number)
        if len(self._known) > KEPT:
            self._known = set(sorted(self._known)[-KEPT // 2 :])

    def keep(self, number: int, seen: Seen, email: str, picture: str) -> None:
        """Remember a comment."""
        _keep(self._seen, number, seen, KEPT)
        if email:
            _keep(self._emails, seen.author, email, NAMES_KEPT)
        if picture:
            _keep(self._pictures, picture, None, NAMES_KEPT)

    def place(self, number: int, post: int, parent: int) -> None:
        """Remember only where a comment is."""
        if number not in self._seen:
            _keep(self._seen, number, Seen(post, parent, "", own=False), KEPT)

    def seen(self, number: int) -> Seen | None:
        """What is known of a comment."""
        return self._seen.get(number)

    def root(self, number: int) -> int:
        """The first comment of a conversation, as far as it is known."""
        for _ in range(DEPTH):
            seen = self._seen.get(number)
            if seen is None or not seen.parent or seen.parent == number:
                return number
            number = seen.parent
        return number

    def email(self, author: str) -> str:
        """The address that an author gave; empty where it is not known."""
        return self._emails.get(author, "")

    def names(self, url: str) -> bool:
        """Whether a comment named this picture."""
        return url in self._pictures

    def title(self, post: int) -> str | None:
        """The title of what comments are below; None where it was not asked for yet."""
        return self._titles.get(post)

    def entitle(self, post: int, title: str) -> None:
        """Remember a title; empty where there is none."""
        _keep(self._titles, post, one_line(title, 200), NAMES_KEPT)


def _keep(place: OrderedDict[K, V], key: K, value: V, most: int) -> None:
    place[key] = value
    place.move_to_end(key)
    if len(place) > most:
        place.popitem(last=False)
