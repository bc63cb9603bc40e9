"""Rows of the outbox and their struct."""

import sqlite3

import msgspec

from workstation.domain.messages import Micros, Visibility
from workstation.domain.outbox import SIGNED, Act, Operation, Outgoing, State
from workstation.store import signing, waiting
from workstation.store.rows import json_text

COLUMNS = (
    "id, channel, operation, act, target, account, text, visibility, language, spoiler, options, state, case_id,"
    " message, created_at, not_before, attempts, remote_id, address, error, detail, finished_at, latest, post"
)
_options = msgspec.json.Decoder(dict[str, str])
_detail = msgspec.json.Decoder(dict[str, str | int])


def outgoing(row: tuple[object, ...]) -> Outgoing:
    """The struct of a row of COLUMNS."""
    (number, channel, operation, act, target, account, text, visibility, language, spoiler, options, state,
     case, message, created_at, not_before, attempts, remote_id, address, error, detail, finished_at, latest,
     post) = row  # fmt: skip
    done = Operation(
        str(operation), Act(str(act)), str(target), str(account), str(text), Visibility(str(visibility)),
        str(language), str(spoiler), _options.decode(str(options)),
        int(str(created_at)),
    )  # fmt: skip
    return msgspec.convert(
        {
            "id": number, "channel": channel, "operation": done, "state": State(str(state)), "case": case,
            "message": message, "created_at": created_at, "not_before": not_before, "attempts": attempts,
            "remote_id": remote_id, "address": address, "error": error, "detail": _detail.decode(str(detail)),
            "finished_at": finished_at, "latest": latest, "post": post,
        },
        Outgoing,
    )  # fmt: skip


def insert(
    connection: sqlite3.Connection,
    channel: int,
    operation: Operation,
    now: Micros,
    not_before: Micros,
    *,
    case: int = 0,
    message: int = 0,
    latest: Micros = 0,
    post: int = 0,
) -> bool:
    """Queue an operation, or let it wait for approval; False: there is one of this id, and nothing is changed."""
    state = waiting.first_state(connection, operation)
    made = connection.execute(
        "INSERT OR IGNORE INTO outbox (operation, channel, act, target, account, text, visibility, language,"
        " spoiler, options, state, case_id, message, created_at, not_before, attempts, remote_id, address,"
        " error, detail, finished_at, latest, post)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '', '', '', '{}', 0, ?, ?)",
        (
            operation.id, channel, operation.act, operation.target, operation.account, operation.text,
            operation.visibility, operation.language, operation.spoiler, json_text(operation.options),
            state, case, message, now, not_before, latest, post,
        ),
    )  # fmt: skip
    if made.rowcount and SIGNED in operation.options:
        signing.note(connection, channel, operation)
    if made.rowcount and state is State.WAITS:
        waiting.begin(connection, operation, case, message, now)
    return made.rowcount > 0


def outgoing_by_operation(connection: sqlite3.Connection, operation: str) -> Outgoing | None:
    """The row of an operation, or None."""
    row = connection.execute(f"SELECT {COLUMNS} FROM outbox WHERE operation = ?", (operation,)).fetchone()
    return None if row is None else outgoing(row)


def outgoing_by_id(connection: sqlite3.Connection, number: int) -> Outgoing | None:
    """The row of an id, or None."""
    row = connection.execute(f"SELECT {COLUMNS} FROM outbox WHERE id = ?", (number,)).fetchone()
    return None if row is None else outgoing(row)
