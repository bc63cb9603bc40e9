"""The register of places is whole: no column of text or bytes is forgotten when a table is added."""

import sqlite3
from pathlib import Path

import pytest

from workstation.store.connections import connect, prepare_writer
from workstation.store.migrations import migrate
from workstation.store.personal import HARMLESS, OWNED, PLACES

NUMBERS = ("INT", "INTEGER", "REAL")
SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")


@pytest.fixture
def connection(tmp_path: Path) -> sqlite3.Connection:
    path = tmp_path / "desk.sqlite3"
    opened = connect(path)
    prepare_writer(opened)
    migrate(opened, path)
    return opened


def _columns(connection: sqlite3.Connection) -> dict[str, dict[str, str]]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
    virtual = {name for name, sql in rows if "VIRTUAL TABLE" in (sql or "").upper()}
    vocabularies = {name for name, sql in rows if "fts5vocab" in (sql or "")}
    shadows = {table + suffix for table in virtual for suffix in SHADOWS}
    names = {name for name, _ in rows} - shadows - vocabularies - {"sqlite_sequence"}
    return {
        table: {row[1]: row[2] for row in connection.execute(f"PRAGMA table_info({table})").fetchall()}
        for table in sorted(names)
    }


def test_every_column_of_text_is_registered(connection: sqlite3.Connection) -> None:
    places = {f"{place.table}.{place.column}" for place in PLACES}
    unknown = [
        f"{table}.{column}"
        for table, columns in _columns(connection).items()
        for column, kind in columns.items()
        if kind.upper() not in NUMBERS
        if f"{table}.{column}" not in places | set(HARMLESS) and table not in HARMLESS
    ]
    connection.close()
    assert not unknown, f"add to store/personal.py, PLACES or HARMLESS: {unknown}"


def test_the_register_names_nothing_twice_and_only_what_is_there(connection: sqlite3.Connection) -> None:
    columns = _columns(connection)
    connection.close()
    places = [f"{place.table}.{place.column}" for place in PLACES]
    assert len(places) == len(set(places))
    assert not set(places) & set(HARMLESS)
    for name in (*places, *(f"{table}.{column}" for table, column, _ in OWNED), *HARMLESS):
        table, _, column = name.partition(".")
        assert table in columns, name
        assert not column or column in columns[table], name
    assert all(reason for reason in HARMLESS.values())
