"""Columns as text that people hand to each other, and what such a text would change here.

The text is TOML with one table for each column, without ids and places: these are of one desk. What comes in is from
strangers: capped in size, converted by types, its filters tried before anything is offered.
"""

import tomllib
from collections.abc import Sequence
from enum import StrEnum
from uuid import uuid4

import msgspec

from workstation.domain.errors import FilterError, MeridianError
from workstation.domain.filters import parse
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.columns import ColumnSpec, Severity
from workstation.services.highlights import Highlight
from workstation.services.layout import MOST, without_defaults
from workstation.services.presets import BY_ID

LARGEST = 200_000
"""Characters; a text with columns that is longer is not one."""
LONGEST = 2_000
"""Characters of a filter or a title."""
_OWN = ("id", "window", "paused")
"""Of one desk only: never written, never read."""
_SHOWN = ("filter", "queue", "width", "notify", "highlights")
_MARKS = ("\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069", "\u200e", "\u200f")
"""Controls of direction: they would let a filter look like another one."""


class SharedTextError(MeridianError):
    """A text holds no columns."""

    code = "shared_text"
    sentence = N_("There are no columns in this text: {why}")


class Fate(StrEnum):
    """What taking a column in would do."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    UNREADABLE = "unreadable"


class Change(msgspec.Struct, frozen=True):
    """One property that would change; texts as they are written, never translated."""

    field: str
    before: str
    after: str


class Offered(msgspec.Struct, frozen=True):
    """A column of a shared text against the deck. `spec` has the id of the column it would replace, or a new one."""

    fate: Fate
    spec: ColumnSpec
    changes: tuple[Change, ...] = ()
    error: LazyText | None = None


def written(columns: Sequence[ColumnSpec]) -> str:
    """Columns as text: one block for each, so that blocks can be put together by hand."""
    return "\n".join(_block(column) for column in columns)


def _block(column: ColumnSpec) -> str:
    import tomli_w

    table = {name: value for name, value in without_defaults(column).items() if name not in _OWN}
    marks = table.pop("highlights", [])
    # The writer would put short tables on one line: more are not added to such a text by pasting.
    blocks = [f"[[column]]\n{tomli_w.dumps(table)}", *(f"[[column.highlights]]\n{tomli_w.dumps(one)}" for one in marks)]
    return "\n".join(blocks)


def read(text: str) -> tuple[ColumnSpec, ...]:
    """The columns of a text, with ids of their own. SharedTextError says why there are none."""
    if len(text) > LARGEST:
        raise SharedTextError(why=lazy(N_("it is too long")))
    try:
        tables = tomllib.loads(text).get("column")
    except (tomllib.TOMLDecodeError, RecursionError):
        raise SharedTextError(why=lazy(N_("it is not written as TOML"))) from None
    if not isinstance(tables, list) or not tables:
        raise SharedTextError(why=lazy(N_("it names none")))
    found = [spec for table in tables[:MOST] if (spec := _column(table)) is not None]
    if not found:
        raise SharedTextError(why=lazy(N_("none of them can be read")))
    return tuple(found)


def _column(table: object) -> ColumnSpec | None:
    if not isinstance(table, dict):
        return None
    kept = {name: value for name, value in table.items() if name not in _OWN}
    try:
        spec = msgspec.convert(kept | {"id": uuid4().hex[:12]}, ColumnSpec)
    except msgspec.ValidationError:
        return None
    if max(len(spec.filter), len(spec.title)) > LONGEST:
        return None
    highlights = tuple(
        msgspec.structs.replace(one, filter=_plain(one.filter), label=_plain(one.label)) for one in spec.highlights
    )
    return msgspec.structs.replace(
        spec, title=_plain(spec.title), filter=_plain(spec.filter), width=max(0, spec.width), highlights=highlights
    )


def _plain(text: str) -> str:
    for mark in _MARKS:
        text = text.replace(mark, "")
    return " ".join(text.split())


def compared(mine: Sequence[ColumnSpec], theirs: Sequence[ColumnSpec]) -> tuple[Offered, ...]:
    """What taking `theirs` in would do to `mine`. Columns are the same if their title (else their preset) is."""
    free = {column.id: column for column in mine}
    found: list[Offered] = []
    for column in theirs:
        error = _wrong(column)
        if error is not None:
            found.append(Offered(Fate.UNREADABLE, column, error=error))
            continue
        known = next((own for own in free.values() if _key(own) == _key(column)), None)
        if known is None:
            found.append(Offered(Fate.NEW, column))
            continue
        del free[known.id]
        changes = tuple(change for name in _SHOWN if (change := _change(name, known, column)) is not None)
        spec = msgspec.structs.replace(column, id=known.id, window=known.window, paused=known.paused)
        found.append(Offered(Fate.CHANGED if changes else Fate.SAME, spec, changes))
    return tuple(found)


def _key(column: ColumnSpec) -> str:
    return column.title.casefold() or f"preset:{column.preset}" if column.preset in BY_ID else column.title.casefold()


def _wrong(column: ColumnSpec) -> LazyText | None:
    for text in (column.filter, *(highlight.filter for highlight in column.highlights)):
        try:
            parse(text)
        except FilterError as error:
            return error.text
    return None


def _change(name: str, mine: ColumnSpec, theirs: ColumnSpec) -> Change | None:
    before, after = getattr(mine, name), getattr(theirs, name)
    return None if before == after else Change(name, _text(before), _text(after))


def _text(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(f"{one.label}: {one.filter}" for one in value if isinstance(one, Highlight))
    if isinstance(value, Severity):
        return value.value
    return str(value).lower() if isinstance(value, bool) else str(value)


def taken(mine: Sequence[ColumnSpec], chosen: Sequence[Offered]) -> tuple[ColumnSpec, ...]:
    """The deck once the chosen columns are taken in: changed ones in their place, new ones at the end."""
    changed = {offer.spec.id: offer.spec for offer in chosen if offer.fate is Fate.CHANGED}
    new = tuple(offer.spec for offer in chosen if offer.fate is Fate.NEW)
    return (*(changed.get(column.id, column) for column in mine), *new)[:MOST]
