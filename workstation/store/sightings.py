"""What the desk saw of a message when it came or was edited, so that a dry run of rules can see it again.

A state without text and names: those are read from the message and its revisions. Handle and name of an author are
as they are now.
"""

import sqlite3
from collections.abc import Iterable, Sequence

import msgspec

from workstation.domain.cases import Case, Entry
from workstation.domain.messages import Media, MediaKind, Message, Micros
from workstation.store import bulk
from workstation.store.rows import (
    HOLDERS,
    KINDS,
    OUTCOMES,
    STATUSES,
    VISIBILITIES,
    bits,
    entries_by_id,
    json_text,
    marks,
)

KEPT: Micros = 31 * 86_400_000_000
"""How far back a dry run can look, and a day."""
PORTION = 2_000
_TRIM_EVERY = 4_096
_SOME_MEDIA = (Media(MediaKind.OTHER, ""),)


class CaseState(msgspec.Struct, frozen=True, array_like=True):
    """A case, as far as filters and rules look at it."""

    id: int
    status: str
    holder: str
    outcome: str = ""
    tags: tuple[str, ...] = ()
    waiting_since: Micros = 0
    due_at: Micros = 0
    priority: int = 0
    notes: int = 0
    issue: int = 0


class Sighting(msgspec.Struct, frozen=True, array_like=True):
    """A message, as far as filters and rules look at it, without its text."""

    kind: str
    visibility: str
    revision: int = 0
    language: str = ""
    marks: int = 0
    media: bool = False
    deleted_at: Micros = 0
    sources: tuple[str, ...] = ()
    case: CaseState | None = None


encode = msgspec.json.Encoder().encode
_plain = str.__str__  # enums hash slowly
_decode = msgspec.json.Decoder(Sighting).decode


def _state(entry: Entry) -> Sighting:
    message, case = entry.message, entry.case
    held = None
    if case is not None:
        held = CaseState(
            case.id, case.status.value, case.holder.value, case.outcome.value if case.outcome else "", case.tags,
            case.waiting_since, case.due_at, case.priority, case.notes, case.issue,
        )  # fmt: skip
    return Sighting(
        message.kind.value, message.visibility.value, message.revision, message.language, bits(message.marks),
        bool(message.media), message.deleted_at, message.sources, held,
    )  # fmt: skip


def _encoded(entry: Entry, known: dict[object, str]) -> str:
    """The state as JSON. Most messages have no case and look like many others in the same batch."""
    if entry.case is not None:
        return encode(_state(entry)).decode()
    message = entry.message
    look = (
        _plain(message.kind), _plain(message.visibility), message.revision, message.language,
        message.marks and bits(message.marks), bool(message.media), message.deleted_at, message.sources,
    )  # fmt: skip
    found = known.get(look)
    if found is None:
        found = known[look] = encode(_state(entry)).decode()
    return found


def write(connection: sqlite3.Connection, entries: Sequence[Entry], at: Micros) -> None:
    """Note how these entries are at this moment, in their order; drops what is too old from time to time."""
    if not entries:
        return
    known: dict[object, str] = {}
    rows: list[bulk.Row] = [(entry.message.id, at, _encoded(entry, known)) for entry in entries]
    last = bulk.insert(connection, "INSERT INTO sightings (message, at, state)", rows)
    if last // _TRIM_EVERY != (last - len(rows)) // _TRIM_EVERY:
        connection.execute(
            "DELETE FROM sightings WHERE id < (SELECT ifnull(min(id), 0) FROM sightings WHERE at >= ?)", (at - KEPT,)
        )


def first(connection: sqlite3.Connection, since: Micros) -> tuple[int, int]:
    """The last id before that time, and how many came after it."""
    row = connection.execute(
        "SELECT ifnull(max(id) FILTER (WHERE at < ?1), 0), count(*) FILTER (WHERE at >= ?1) FROM sightings", (since,)
    ).fetchone()
    return int(row[0]), int(row[1])


def portion(connection: sqlite3.Connection, after: int, limit: int = PORTION) -> tuple[int, list[tuple[Micros, Entry]]]:
    """The next sightings as entries, and the id to go on after (0: there is no more); what is erased is left out."""
    rows = connection.execute(
        "SELECT id, message, at, state FROM sightings WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
    ).fetchall()
    if not rows:
        return 0, []
    now = {entry.message.id: entry for entry in entries_by_id(connection, {row[1] for row in rows})}
    seen = [(at, now[message].message, _decode(state)) for _, message, at, state in rows if message in now]
    before = _texts_before(connection, seen)
    return rows[-1][0], [(at, _entry(message, state, before)) for at, message, state in seen]


def _texts_before(
    connection: sqlite3.Connection, seen: Iterable[tuple[Micros, Message, Sighting]]
) -> dict[tuple[int, int], tuple[str, str]]:
    """Text and content warning by message and revision, of those that were edited since."""
    wanted = sorted({message.id for _, message, state in seen if state.revision < message.revision})
    if not wanted:
        return {}
    rows = connection.execute(
        "SELECT message, number, text, spoiler FROM revisions WHERE message IN (SELECT value FROM json_each(?))",
        (json_text(wanted),),
    )
    return {(message, number): (text, spoiler) for message, number, text, spoiler in rows}


def _entry(now: Message, state: Sighting, before: dict[tuple[int, int], tuple[str, str]]) -> Entry:
    text, spoiler = before.get((now.id, state.revision), (now.text, now.spoiler))
    media = now.media if bool(now.media) is state.media else _SOME_MEDIA if state.media else ()
    message = msgspec.structs.replace(
        now, kind=KINDS[state.kind], visibility=VISIBILITIES[state.visibility], revision=state.revision,
        language=state.language, marks=marks(state.marks), media=media, deleted_at=state.deleted_at,
        sources=state.sources, text=text, spoiler=spoiler,
    )  # fmt: skip
    return Entry(message, None if state.case is None else _case(message, state.case))


def _case(message: Message, state: CaseState) -> Case:
    return Case(
        state.id, message.channel, message.branch, message.author.id, status=STATUSES[state.status],
        outcome=OUTCOMES[state.outcome] if state.outcome else None, holder=HOLDERS[state.holder], tags=state.tags,
        waiting_since=state.waiting_since, due_at=state.due_at, priority=state.priority, notes=state.notes,
        issue=state.issue,
    )  # fmt: skip
