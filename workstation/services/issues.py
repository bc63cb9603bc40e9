"""Known issues: written down once, linked by many cases, closed with all of them."""

from functools import partial
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.errors import NotFoundError, StaleError
from workstation.domain.text import LazyText, lazy
from workstation.domain.ties import Issue, IssueState

if TYPE_CHECKING:
    from workstation.services.deeds import Deed
    from workstation.store.store import Store

ADDED = lazy("Known issue added")


class Issues:
    """Keeps the known issues; which case links to one is a command on the case."""

    def __init__(self, store: "Store") -> None:
        self._store = store

    async def list(self) -> tuple[Issue, ...]:
        """All of them, open ones first."""
        return await self._store.issues.list()

    async def get(self, number: int) -> Issue | None:
        """One of them; None for 0."""
        return await self._store.issues.get(number) if number else None

    async def cases(self, number: int) -> tuple[Entry, ...]:
        """The cases that link to it, those that are not solved first."""
        return await self._store.issues.cases(number)

    async def add(self, title: str, text: str = "") -> "tuple[Issue, Deed]":
        """Write a new one down."""
        # Imported when first used: a start pays for every module.
        from workstation.services.deeds import Deed

        _changes, stored = await self._store.issues.save(Issue(0, title, text))
        return stored, Deed(ADDED, partial(self._remove, stored))

    async def change(self, issue: Issue, title: str, text: str) -> "tuple[Issue, Deed]":
        """Write it anew; StaleError if somebody was quicker."""
        return await self._save(issue, msgspec.structs.replace(issue, title=title, text=text), lazy("Issue changed"))

    async def close(self, issue: Issue) -> "tuple[Issue, Deed]":
        """It troubles nobody any more."""
        return await self._save(issue, msgspec.structs.replace(issue, state=IssueState.CLOSED), lazy("Issue closed"))

    async def reopen(self, issue: Issue) -> "tuple[Issue, Deed]":
        """It is back."""
        opened = msgspec.structs.replace(issue, state=IssueState.OPEN, closed_at=0)
        return await self._save(issue, opened, lazy("Issue reopened"))

    async def _save(self, before: Issue, after: Issue, label: LazyText) -> "tuple[Issue, Deed]":
        from workstation.services.deeds import Deed

        _changes, stored = await self._store.issues.save(after)
        return stored, Deed(label, partial(self._put_back, before, stored, label))

    async def _put_back(self, before: Issue, left: Issue, label: LazyText) -> "Deed":
        now = await self._as_left(left)
        _stored, deed = await self._save(now, msgspec.structs.replace(before, version=now.version), label)
        return deed

    async def _remove(self, left: Issue) -> "Deed":
        from workstation.services.deeds import Deed

        now = await self._as_left(left)
        await self._store.issues.remove(now.id, now.version)
        return Deed(ADDED, partial(self._again, now))

    async def _as_left(self, left: Issue) -> Issue:
        """The issue now; StaleError if it says anything else than what the deed left."""
        now = await self._store.issues.get(left.id)
        if now is None:
            raise NotFoundError(what="issue")
        if (now.title, now.text, now.state) != (left.title, left.text, left.state):
            raise StaleError
        return now

    async def _again(self, issue: Issue) -> "Deed":
        _stored, deed = await self.add(issue.title, issue.text)
        return deed
