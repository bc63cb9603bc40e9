"""What the rows of a column are: where they are loaded from, in which order they stand, what each is known by."""

from typing import Protocol

from workstation.domain.cases import Entry
from workstation.domain.filters import Context, Filter
from workstation.services.column_window import LIMIT, Key

PAGE = LIMIT // 2
"""Rows that are loaded at once."""
_FAR = 1 << 62


class Page(Protocol):
    """Rows in the column's order, as of a place in the change log."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rows."""

    @property
    def sequence(self) -> int:
        """The last change that they contain."""


class Pages(Protocol):
    """Where columns load from; the store, behind an adapter."""

    async def page(
        self,
        filter_: Filter,
        *,
        queue: bool,
        before: Entry | None = None,
        after: Entry | None = None,
        limit: int = PAGE,
    ) -> Page:
        """Rows that follow `before` in the column's order (None: from the top), or the rows just above `after`."""

    async def count(self, filter_: Filter, *, queue: bool) -> int:
        """How many rows match; the store stops counting at some height and says so in its own module."""

    async def context(self) -> Context:
        """The channels by name, and the time: what a filter's text leaves open."""


def stream_key(entry: Entry) -> Key:
    """Newest first."""
    message = entry.message
    return (-message.created_at, -message.id, 0)


def queue_key(entry: Entry) -> Key:
    """The order of work: priority, then who has waited longest; who waits for nothing comes last."""
    case = entry.case
    if case is None:
        return (0, _FAR, entry.message.id)
    return (-case.priority, case.waiting_since or _FAR, case.id)


def message_id(entry: Entry) -> int:
    """What a row of a stream is known by."""
    return entry.message.id


def case_id(entry: Entry) -> int:
    """What a row of a queue is known by."""
    return entry.case.id if entry.case is not None else -entry.message.id
