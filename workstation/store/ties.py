"""Links between cases and questions to people inside, as commands write them and as they are read."""

import sqlite3

from workstation.domain.errors import NotFoundError
from workstation.domain.messages import Micros
from workstation.domain.ties import Escalation, LinkedAlreadyError, NotLinkedError, Tie, TieKind
from workstation.store.casework import Casework
from workstation.store.rows import json_text

MOST_JOINED = 20
"""Cases that are read as one conversation."""


def link(work: Casework, connection: sqlite3.Connection, tie: Tie) -> None:
    """Write a link down; the other case is told of it too."""
    if tie.other == tie.case or work.case(tie.other) is None:
        raise NotFoundError(what=f"case {tie.other}")
    both = (tie.case, tie.other, tie.kind)
    if _there(connection, both):
        raise LinkedAlreadyError
    connection.execute("INSERT INTO case_links (case_id, other, kind, at) VALUES (?, ?, ?, ?)", (*both, tie.at))
    _tell(work, connection, tie, "linked")


def unlink(work: Casework, connection: sqlite3.Connection, tie: Tie) -> None:
    """Take a link away."""
    both = (tie.case, tie.other, tie.kind)
    if not _there(connection, both):
        raise NotLinkedError
    connection.execute(
        "DELETE FROM case_links WHERE kind = ?3 AND ((case_id = ?1 AND other = ?2) OR (case_id = ?2 AND other = ?1))",
        both,
    )
    _tell(work, connection, tie, "unlinked")


def _there(connection: sqlite3.Connection, both: tuple[int, int, str]) -> bool:
    """Whether the link exists, from whichever side it was made."""
    case, other, kind = both
    row = connection.execute(
        "SELECT 1 FROM case_links WHERE kind = ?3 AND ((case_id = ?1 AND other = ?2) OR (case_id = ?2 AND other = ?1))",
        (case, other, kind),
    ).fetchone()
    return row is not None


def _tell(work: Casework, connection: sqlite3.Connection, tie: Tie, what: str) -> None:
    """The other case shows the link from now on; its version stays: nothing that was done to it becomes stale."""
    if work.case(tie.other) is None:
        return
    work.changed.add(tie.other)
    connection.execute(
        "INSERT INTO audits (case_id, at, what, detail) VALUES (?, ?, ?, ?)",
        (tie.other, tie.at, what, json_text({"other": str(tie.case), "kind": str(tie.kind)})),
    )


def ties_of(connection: sqlite3.Connection, case: int) -> tuple[Tie, ...]:
    """The links of a case from either side, newest first."""
    rows = connection.execute(
        "SELECT case_id, other, kind, at FROM case_links WHERE case_id = ?1 OR other = ?1 ORDER BY at DESC, other",
        (case,),
    )
    return tuple(Tie(one, other, TieKind(kind), at) for one, other, kind, at in rows)


def joined(connection: sqlite3.Connection, case: int) -> list[int]:
    """The cases that are one conversation with this one, itself among them."""
    rows = connection.execute(
        "WITH RECURSIVE way (id) AS (SELECT ?1 UNION SELECT CASE l.case_id WHEN way.id THEN l.other ELSE l.case_id END"
        " FROM way JOIN case_links AS l ON (l.case_id = way.id OR l.other = way.id) AND l.kind = ?2)"
        " SELECT id FROM way LIMIT ?3",
        (case, TieKind.CONTINUES, MOST_JOINED),
    )
    return [row[0] for row in rows]


def escalate(connection: sqlite3.Connection, case: int, operation: str, to: str, at: Micros) -> None:
    """Write down to which address a question went."""
    connection.execute(
        "INSERT INTO escalations (case_id, operation, address, at) VALUES (?, ?, ?, ?)", (case, operation, to, at)
    )


def withdraw(connection: sqlite3.Connection, case: int, operation: str) -> None:
    """Forget that a question went out."""
    connection.execute("DELETE FROM escalations WHERE case_id = ? AND operation = ?", (case, operation))


def escalation_of(connection: sqlite3.Connection, case: int) -> Escalation | None:
    """The latest question to people inside, answered or not."""
    row = connection.execute(
        "SELECT case_id, address, at FROM escalations WHERE case_id = ? ORDER BY id DESC LIMIT 1", (case,)
    ).fetchone()
    return None if row is None else Escalation(*row)


def addresses(connection: sqlite3.Connection, limit: int = 50) -> tuple[str, ...]:
    """The internal addresses that were asked before, the latest first."""
    rows = connection.execute(
        "SELECT address FROM escalations GROUP BY address ORDER BY max(id) DESC LIMIT ?", (limit,)
    )
    return tuple(row[0] for row in rows)
