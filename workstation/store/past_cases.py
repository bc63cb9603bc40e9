"""What is known of cases before messages move them: looked up for a whole batch in one step of SQLite."""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from workstation.domain.cases import Case
from workstation.domain.messages import Micros
from workstation.store import bulk
from workstation.store.rows import CASE, Row
from workstation.store.rows import case as case_of

LAST = (
    "SELECT max((SELECT ifnull(max(seq), 0) FROM sqlite_sequence WHERE name = 'cases'),"
    " (SELECT ifnull(max(id), 0) FROM cases))"
)
"""The highest number that a case ever had."""
_LATEST = (
    "SELECT json_group_array(json((SELECT json_array(" + CASE + ") FROM cases AS c WHERE c.channel = ?1"
    " AND c.branch = json_extract(j.value, '$[0]') AND c.customer = json_extract(j.value, '$[1]')"
    " ORDER BY c.episode DESC LIMIT 1))) FROM json_each(?2) AS j"
)
_ELSEWHERE = (
    "SELECT json_group_array(json_array(m.address, m.case_id)) FROM json_each(?3) AS j CROSS JOIN messages AS m"
    " ON m.address = j.value AND m.address <> '' AND m.case_id > 0 AND m.channel <> ?1"
)
_ANSWERS = (
    "SELECT json_group_array(json_array(m.reply_to, m.id, m.created_at)) FROM json_each(?4) AS j"
    " CROSS JOIN messages AS m ON m.channel = ?1 AND m.reply_to = j.value AND m.reply_to <> '' AND m.own = 1"
    " AND m.case_id = 0"
)
_KNOWN = f"SELECT json_array(({LAST}), json(({_LATEST})), json(({_ELSEWHERE})), json(({_ANSWERS})))"

Branch = tuple[str, int]
"""A conversation of one customer: the branch, and the id of the author."""


class Inbound(msgspec.Struct, frozen=True):
    """A stored message of a customer, as far as its case is concerned."""

    id: int
    channel: int
    remote_id: str
    branch: str
    author: int
    at: Micros
    language: str
    address: str


class Outbound(msgspec.Struct, frozen=True):
    """A stored message of our own account, as far as its case is concerned."""

    id: int
    channel: int
    remote_id: str
    branch: str
    reply_to: str
    at: Micros
    mentions: tuple[str, ...]


_found = msgspec.json.Decoder(tuple[int, list[Row | None], list[tuple[str, int]], list[tuple[str, int, Micros]]]).decode


class Known(msgspec.Struct):
    """What was looked up for a batch of inbound messages."""

    messages: frozenset[int] = frozenset()
    latest: dict[tuple[int, str, int], int] = {}
    """The latest episode by channel, branch and customer; 0 for none."""
    elsewhere: dict[str, int] = {}
    """Cases on other channels by the address of what they are about."""
    answers: dict[str, list[tuple[int, Micros]]] = {}
    """Our answers that belong to no case yet, with their times, by what they answer."""


def look_up(
    connection: sqlite3.Connection, channel: int, opening: Sequence[Inbound], asked: Sequence[Branch]
) -> tuple[int, list[Case], Known]:
    """The highest number that a case ever had, the latest cases of these branches, and what else is known."""
    addresses = [message.address for message in opening if message.address]
    remote_ids = [message.remote_id for message in opening]
    values = (channel, *map(bulk.key_text, (asked, addresses, remote_ids)))
    last, rows, elsewhere, answers = _found(connection.execute(_KNOWN, values).fetchone()[0])
    latest = [None if row is None else case_of(row) for row in rows]
    known = Known(
        frozenset(message.id for message in opening),
        {(channel, *key): found.id if found else 0 for key, found in zip(asked, latest, strict=True)},
        dict(reversed(elsewhere)),  # the first one counts
        _by_question(answers),
    )
    return last, [found for found in latest if found], known


def _by_question(answers: Iterable[tuple[str, int, Micros]]) -> dict[str, list[tuple[int, Micros]]]:
    found: dict[str, list[tuple[int, Micros]]] = {}
    for reply_to, number, at in answers:
        found.setdefault(reply_to, []).append((number, at))
    return found
