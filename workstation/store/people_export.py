"""Everything the desk keeps of a person, as rows to hand over to them: the right of access."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from workstation.domain.privacy import Person
from workstation.store import removal
from workstation.store.erasure import CHOSEN
from workstation.store.rows import json_text

Row = tuple[str, dict[str, Any]]
"""What kind of thing it is, and its fields; times are microseconds UTC, 0 for "not"."""
AT_ONCE = 500

_ACCOUNT = ("network", "remote_id", "handle", "name", "url", "avatar_url", "bot", "followers")
_MESSAGE = (
    "id", "remote_id", "kind", "text", "created_at", "received_at", "case_id", "reply_to", "address", "language",
    "visibility", "spoiler", "edited_at", "deleted_at", "revision", "own", "media", "mentions",
)  # fmt: skip
_CASE = (
    "id", "status", "outcome", "tags", "opened_at", "inbound_at", "replied_at", "solved_at", "due_at", "priority",
    "language",
)  # fmt: skip
_JSON = frozenset({"media", "mentions", "tags", "detail", "body"})

_PARTS: tuple[tuple[str, str, tuple[str, ...], str, str], ...] = (
    ("revision", "revisions", ("message", "number", "text", "spoiler", "at"), "message", "number"),
    ("note", "notes", ("id", "case_id", "text", "at"), "case_id", "id"),
    ("event", "audits", ("case_id", "at", "what", "detail"), "case_id", "id"),
    ("outgoing", "outbox", ("act", "text", "spoiler", "state", "created_at", "finished_at"), "case_id", "id"),
    ("evidence", "evidence", ("id", "at", "act", "expires_at", "body"), "case_id", "id"),
)
"""Kind, table, columns, by which column it belongs to a message or case, order."""


_WITHOUT_SIGN_OFF = {
    ("outbox", "text"): "substr(text, 1, length(text) - ifnull(length(json_extract(options, '$.signed')), 0))"
}
"""Who works here is nobody’s business."""


def rows(connection: sqlite3.Connection, person: Person) -> Iterator[list[Row]]:
    """The rows in portions: accounts, messages, cases, and what hangs on them. Who works here is not in them."""
    reached = removal.reach(connection, person)
    yield from _select(connection, "account", "authors", _ACCOUNT, "id", reached.authors, "id")
    yield from _select(connection, "message", "messages", _MESSAGE, "id", sorted(reached.messages), "id")
    yield from _select(connection, "case", "cases", _CASE, "id", reached.cases, "id")
    for kind, table, columns, owner, order in _PARTS:
        owners = reached.messages if owner == "message" else reached.cases
        yield from _select(connection, kind, table, columns, owner, sorted(owners), order)
    drafts = [f"case:{each}" for each in reached.cases]
    yield from _select(connection, "draft", "drafts", ("text", "language", "updated_at"), "key", drafts, "key")


def _select(
    connection: sqlite3.Connection,
    kind: str,
    table: str,
    columns: Sequence[str],
    owner: str,
    owners: Sequence[int | str],
    order: str,
) -> Iterator[list[Row]]:
    wanted = ", ".join(_WITHOUT_SIGN_OFF.get((table, column), column) for column in columns)
    query = f"SELECT {wanted} FROM {table} WHERE {owner} {CHOSEN} ORDER BY {owner}, {order}"
    for start in range(0, len(owners), AT_ONCE):
        found = connection.execute(query, (json_text(owners[start : start + AT_ONCE]),))
        portion = [{name: _value(name, value) for name, value in zip(columns, row, strict=True)} for row in found]
        if portion:
            yield [(kind, row) for row in portion]


def _value(name: str, value: Any) -> Any:
    if name in _JSON:
        return json.loads(value) if value else []
    return bool(value) if name in ("own", "bot") else value
