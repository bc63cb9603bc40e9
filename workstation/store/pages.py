"""Pages by key: a column asks for what comes after the last entry it has, never for an offset."""

import sqlite3
from enum import StrEnum

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.filters import Context, Filter
from workstation.store import changelog
from workstation.store.filter_sql import compile_filter, tags_of
from workstation.store.rows import QUEUE, STREAM, select_entries

Key = tuple[int, ...]
"""Where an entry stands in an order; smaller comes first, whatever the order is."""

COUNTED = 10_000
"""Counting stops after this many: the figure is then COUNTED + 1, shown as "10,000+"."""
COMMON = 1_000
"""A tag on more cases than this is tested in the order of the page instead of being sorted for."""
_NEVER = 2**63 - 1


class Order(StrEnum):
    """How a page is ordered."""

    NEWEST = "newest"
    OLDEST = "oldest"
    URGENT = "urgent"
    """Highest priority, then longest waiting; for queues."""


class Page(msgspec.Struct, frozen=True):
    """Entries in order, as of a change's sequence; `next` continues after the last, None at the end."""

    entries: tuple[Entry, ...]
    sequence: int
    next: Key | None


_SINCE = "(CASE c.waiting_since WHEN 0 THEN 9223372036854775807 ELSE c.waiting_since END)"
# For each join and order, downwards and upwards: ORDER BY, and the condition "beyond this key". Keys count downwards
# where the order does, so that they compare as plain tuples in Python; SQL gets the plain values.
_DOWN, _UP = "m.created_at DESC, m.id DESC", "m.created_at, m.id"
_OLDER, _NEWER = "(m.created_at, m.id) < (?, ?)", "(m.created_at, m.id) > (?, ?)"
_STREAM_ORDERS = {
    Order.NEWEST: ((_DOWN, _OLDER), (_UP, _NEWER)),
    Order.OLDEST: ((_UP, _NEWER), (_DOWN, _OLDER)),
}
_QUEUE_DOWN, _QUEUE_UP = "c.inbound_at DESC, c.id DESC", "c.inbound_at, c.id"
_QUEUE_OLDER, _QUEUE_NEWER = "(c.inbound_at, c.id) < (?, ?)", "(c.inbound_at, c.id) > (?, ?)"
_QUEUE_ORDERS = {
    Order.NEWEST: ((_QUEUE_DOWN, _QUEUE_OLDER), (_QUEUE_UP, _QUEUE_NEWER)),
    Order.OLDEST: ((_QUEUE_UP, _QUEUE_NEWER), (_QUEUE_DOWN, _QUEUE_OLDER)),
    Order.URGENT: (
        (
            f"c.priority DESC, {_SINCE}, c.id",
            f"c.priority <= ? AND (c.priority < ? OR {_SINCE} > ? OR ({_SINCE} = ? AND c.id > ?))",
        ),
        (
            f"c.priority, {_SINCE} DESC, c.id DESC",
            f"c.priority >= ? AND (c.priority > ? OR {_SINCE} < ? OR ({_SINCE} = ? AND c.id < ?))",
        ),
    ),
}


def order_of(order: Order | None, queue: bool) -> Order:
    """The order, or the usual one: newest first in streams, most urgent first in queues."""
    if order is None or (order is Order.URGENT and not queue):
        return Order.URGENT if queue else Order.NEWEST
    return order


def key_of(entry: Entry, *, queue: bool, order: Order | None = None) -> Key:
    """Where an entry stands; entries sort by it exactly as pages do. A queue's entries have a case."""
    order = order_of(order, queue)
    at, number = entry.message.created_at, entry.message.id
    if queue:
        case = entry.case
        if case is None:
            raise ValueError("a queue holds cases")
        if order is Order.URGENT:
            return (-case.priority, case.waiting_since or _NEVER, case.id)
        at, number = case.inbound_at, case.id
    return (-at, -number) if order is Order.NEWEST else (at, number)


def _plain(key: Key, order: Order) -> tuple[int, ...]:
    if order is Order.URGENT:
        priority, since, number = key
        return (-priority, -priority, since, since, number)
    return tuple(-part for part in key) if order is Order.NEWEST else key


def statement(
    filter_: Filter,
    context: Context,
    *,
    queue: bool,
    order: Order | None = None,
    before: Key | None = None,
    after: Key | None = None,
    common: frozenset[str] = frozenset(),
) -> tuple[str, tuple[str | int, ...]]:
    """What follows FROM in a page's query, with its values; the limit is left to the caller.

    With `after` the walk goes upwards from that key: the nearest comes first.
    """
    order = order_of(order, queue)
    ordering, beyond = (_QUEUE_ORDERS if queue else _STREAM_ORDERS)[order][after is not None]
    where = compile_filter(filter_, context, queue=queue, common=common)
    conditions, values = [where.sql], where.values
    start = before if after is None else after
    if start is not None:
        conditions.append(beyond)
        values += _plain(start, order)
    joined = " AND ".join(f"({condition})" for condition in conditions)
    return f"WHERE {joined} ORDER BY {ordering}", values


def page(
    connection: sqlite3.Connection,
    filter_: Filter,
    context: Context,
    *,
    queue: bool,
    before: Key | None,
    limit: int,
    order: Order | None,
    after: Key | None = None,
) -> Page:
    """One page, of one moment: what comes after `before`, or what stands just above `after`."""
    common = _common_tags(connection, filter_)
    rest, values = statement(filter_, context, queue=queue, order=order, before=before, after=after, common=common)
    base = QUEUE if queue else STREAM
    entries = select_entries(connection, f"{rest} LIMIT ?", (*values, limit), base)
    entries = entries if after is None else entries[::-1]
    goes_on = entries and (after is not None or len(entries) == limit)
    more = key_of(entries[-1], queue=queue, order=order) if goes_on else None
    return Page(entries, changelog.latest(connection), more)


def _common_tags(connection: sqlite3.Connection, filter_: Filter) -> frozenset[str]:
    """Those of the filter's tags that more than COMMON cases have."""
    query = "SELECT count(*) FROM (SELECT 1 FROM case_tags WHERE tag = ? LIMIT ?)"
    return frozenset(
        tag for tag in tags_of(filter_.term) if connection.execute(query, (tag, COMMON + 1)).fetchone()[0] > COMMON
    )


def count(connection: sqlite3.Connection, filter_: Filter, context: Context, *, queue: bool) -> int:
    """How many match, up to COUNTED + 1."""
    where = compile_filter(filter_, context, queue=queue)
    base = QUEUE if queue else STREAM
    row = connection.execute(
        f"SELECT count(*) FROM (SELECT 1 FROM {base} WHERE {where.sql} LIMIT {COUNTED + 1})", where.values
    ).fetchone()
    return int(row[0])
