"""Killed at any statement, before and after each commit: what was told is there, what is there adds up."""

import random
import sqlite3
from pathlib import Path

import pytest

from tests.lives import Life
from tests.store.killed import BATCHES, begin
from workstation.store.connections import connect, prepare_writer


def run(path: Path, wanted: str, count: int, when: str) -> tuple[bool, list[tuple[str, str]]]:
    """One life of the writing process: whether it was killed, and what it had told."""
    life = Life(begin, path, wanted, count, after=when == "after")
    told = [line.split(" ") for line in life.listen()]
    return life.end(), [(what, which) for what, which in told]


def value(connection: sqlite3.Connection, query: str, *values: object) -> object:
    return connection.execute(query, values).fetchone()[0]


def check(path: Path, told: list[tuple[str, str]]) -> None:
    """Everything that must hold of the file as a crash left it."""
    connection = connect(path)
    prepare_writer(connection)
    assert value(connection, "PRAGMA integrity_check") == "ok"
    if not value(connection, "PRAGMA user_version"):
        assert not told
        connection.close()
        return
    connection.execute("INSERT INTO search (search) VALUES ('integrity-check')")
    missing = value(connection, "SELECT ifnull(sum(received - stored - merged - filtered - rejected), 0) FROM sources")
    assert missing == 0
    stored = value(connection, "SELECT ifnull(sum(stored), 0) FROM sources")
    assert stored == value(connection, "SELECT count(*) FROM messages")
    assert stored == value(connection, "SELECT count(*) FROM search WHERE search MATCH 'parcel OR thanks OR edited'")
    cursor = connection.execute("SELECT cursor_value FROM sources WHERE key = 'mentions'").fetchone()
    reached = int(cursor[0]) if cursor else -1
    # The cursor stands exactly where the messages do.
    assert value(connection, "SELECT count(DISTINCT remote_id) FROM messages WHERE own = 0") == (reached + 1) * 7 + (
        1 if reached >= 0 else 0
    )
    assert all(int(which) <= reached for what, which in told if what == "accepted")
    states = dict(connection.execute("SELECT operation, state FROM outbox").fetchall())
    for what, operation in told:
        if what == "queued":
            assert operation in states
        elif what == "claimed":
            assert states[operation] in ("sending", "sent")
        elif what == "sent":
            assert states[operation] == "sent"
    connection.close()


# A few places in every run of the tests; the full sweep on request.
PLACES = [
    ("COMMIT", 2, "before"),
    ("COMMIT", 3, "after"),
    ("INSERT INTO search", 3, "after"),
    ("UPDATE outbox", 2, "before"),
]


@pytest.mark.parametrize(("wanted", "count", "when"), PLACES)
def test_killed_once(tmp_path: Path, wanted: str, count: int, when: str) -> None:
    path = tmp_path / "desk.sqlite3"
    killed, told = run(path, wanted, count, when)
    assert killed
    check(path, told)
    killed, more = run(path, "never", 1, "before")
    assert not killed
    check(path, told + more)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_killed_again_and_again(tmp_path: Path) -> None:
    """200 crashes of one store, each after the last, at places drawn from a seed."""
    draw = random.Random(7)
    path = tmp_path / "desk.sqlite3"
    told: list[tuple[str, str]] = []
    killed = 0
    while killed < 200:
        wanted = draw.choice(["COMMIT", "COMMIT", "INSERT", "UPDATE", "SELECT", "PRAGMA", "BEGIN"])
        died, more = run(path, wanted, draw.randint(1, BATCHES), draw.choice(["before", "after"]))
        told += more
        killed += died
        check(path, told)
