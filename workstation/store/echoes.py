"""The network shows our own operation back to us: proof that it was done, whoever hears of it first."""

import sqlite3

from workstation.domain.messages import IncomingMessage, Micros
from workstation.domain.outbox import Outgoing, State
from workstation.store.outbox_rows import outgoing_by_operation

_PROVABLE = (State.QUEUED, State.SENDING, State.UNKNOWN, State.FAILED)


def settle_echo(connection: sqlite3.Connection, message: IncomingMessage, now: Micros) -> Outgoing | None:
    """Mark the operation that the message names as sent; None if there is no such operation or it is settled."""
    found = outgoing_by_operation(connection, message.operation)
    if found is None or found.state not in _PROVABLE:
        return None
    connection.execute(
        "UPDATE outbox SET state = ?, remote_id = ?, address = ?, error = '', detail = '{}', finished_at = ?"
        " WHERE id = ?",
        (State.SENT, message.remote_id, message.address, now, found.id),
    )
    return outgoing_by_operation(connection, message.operation)
