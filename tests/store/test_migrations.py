"""Migrations: from every earlier format, once, with a copy before; a failing step leaves the file as it was."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from workstation.store import migrations
from workstation.store.connections import connect, prepare_writer
from workstation.store.errors import StoreNewerError
from workstation.store.migrations import Step, migrate, version


def _schema(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    return rows.fetchall()


def _add(name: str) -> Step:
    def step(connection: sqlite3.Connection) -> None:
        connection.execute(f"CREATE TABLE {name} (id)")

    return step


LATER = (*migrations.steps(), _add("second"), _add("third"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk.sqlite3"


@pytest.fixture
def connection(path: Path) -> Iterator[sqlite3.Connection]:
    opened = connect(path)
    prepare_writer(opened)
    yield opened
    opened.close()


@pytest.mark.parametrize("start", range(len(LATER) + 1))
def test_from_every_earlier_format(connection: sqlite3.Connection, path: Path, start: int) -> None:
    migrate(connection, path, LATER[:start])
    if start:
        connection.execute("INSERT INTO desk (name, value) VALUES ('kept', 'yes')")
    assert migrate(connection, path, LATER) == len(LATER)
    assert version(connection) == len(LATER)
    fresh = connect(path.with_name("fresh.sqlite3"))
    prepare_writer(fresh)
    migrate(fresh, path.with_name("fresh.sqlite3"), LATER)
    assert _schema(connection) == _schema(fresh)
    fresh.close()
    copies = list(path.parent.glob("*.bak"))
    if 0 < start < len(LATER):
        (copy,) = copies
        saved = connect(copy)
        assert version(saved) == start
        assert saved.execute("SELECT value FROM desk WHERE name = 'kept'").fetchone() == ("yes",)
        saved.close()
    else:
        assert not copies


def test_doing_it_again_changes_nothing(connection: sqlite3.Connection, path: Path) -> None:
    migrate(connection, path)
    before = connection.total_changes, _schema(connection)
    migrate(connection, path)
    assert (connection.total_changes, _schema(connection)) == before


def test_a_failing_step_leaves_the_file_as_it_was(connection: sqlite3.Connection, path: Path) -> None:
    def failing(opened: sqlite3.Connection) -> None:
        opened.execute("CREATE TABLE half (id)")
        raise ValueError("power cut")

    with pytest.raises(ValueError, match="power cut"):
        migrate(connection, path, (*LATER, failing))
    assert version(connection) == len(LATER)
    assert "half" not in dict(_schema(connection))


def test_a_newer_file_is_refused_untouched(connection: sqlite3.Connection, path: Path) -> None:
    migrate(connection, path, LATER)
    with pytest.raises(StoreNewerError):
        migrate(connection, path, LATER[:1])
    assert version(connection) == len(LATER)


def test_names_are_numbered_in_order() -> None:
    assert [name[:4] for name in migrations.NAMES] == [f"{n + 1:04}" for n in range(len(migrations.NAMES))]
    folder = Path(migrations.__file__).parent
    assert sorted(file.stem for file in folder.glob("[0-9]*.py")) == list(migrations.NAMES)
