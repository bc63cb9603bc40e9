"""Numbered steps from one format of the file to the next, each in a transaction, with a copy of the file before."""

import sqlite3
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from workstation.store.errors import StoreNewerError

Step = Callable[[sqlite3.Connection], None]
"""Changes the schema inside a transaction that the runner opened; must not commit."""

NAMES = (
    "0001_initial", "0002_deck", "0003_case", "0004_words", "0005_rules", "0006_posts", "0007_privacy",
    "0008_languages", "0009_families",
)  # fmt: skip
"""In order; the position counts from 1 and is the file's format (`PRAGMA user_version`)."""


def steps() -> tuple[Step, ...]:
    """Every step, loaded by name because module names that start with a digit cannot be imported by statement."""
    return tuple(import_module(f"{__name__}.{name}").up for name in NAMES)


def version(connection: sqlite3.Connection) -> int:
    """The file's format; 0 for an empty one."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def migrate(connection: sqlite3.Connection, path: Path, known: Sequence[Step] | None = None) -> int:
    """Bring the file to the newest format and return it; does nothing where it is there already.

    Raises StoreNewerError for a file of a later format. A step that fails leaves the file as it was before it.
    """
    found, newest = version(connection), len(NAMES if known is None else known)
    if found > newest:
        raise StoreNewerError(found=found, known=newest)
    if found == newest:
        return newest  # nearly always: the steps need not even be imported
    known = steps() if known is None else known
    if 0 < found < len(known):
        back_up(connection, path.with_name(f"{path.name}.format-{found}.bak"))
    for number in range(found, len(known)):
        connection.execute("BEGIN EXCLUSIVE")
        try:
            known[number](connection)
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
    return len(known)


def back_up(connection: sqlite3.Connection, to: Path) -> None:
    """Copy the database, journal included, into a file of its own."""
    partial = to.with_name(to.name + ".part")
    partial.unlink(missing_ok=True)
    copy = sqlite3.connect(partial)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    partial.replace(to)


def run_script(connection: sqlite3.Connection, script: str) -> None:
    """Run the statements of a script, parted by blank lines; `executescript` would commit first."""
    for statement in script.strip().split("\n\n"):
        connection.execute(statement)
