"""Many rows in few steps: each step of SQLite lets go of Python's lock, and a busy main thread is slow to give it back.

A row at a time (`executemany`) costs the writer a wait per row while the interface paints; with many rows in one
statement it waits once.
"""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain

import msgspec

from workstation.store.rows import json_text

LARGEST = 256
"""Rows in one statement. Statements are kept prepared by size; batches come in few sizes."""

Row = tuple[object, ...]
_rows = msgspec.json.Decoder(list[list[str | int | None]])
_texts = msgspec.json.Decoder(list[str])


class UnstorableError(ValueError):
    """A key with a character that SQLite's JSON cannot carry; the batch is cleaned and tried again."""


def key_text(keys: object) -> str:
    """Keys as the JSON text that a query looks them up by; raises UnstorableError for a NUL in one of them."""
    text = json_text(keys)
    if "\\u0000" in text:
        raise UnstorableError
    return text


@lru_cache(maxsize=128)
def _statement(head: str, columns: int, rows: int) -> str:
    row = "(" + ", ".join("?" * columns) + ")"
    return f"{head} VALUES {', '.join([row] * rows)}"


def insert(connection: sqlite3.Connection, head: str, rows: Sequence[Row]) -> None:
    """Insert rows of equal length; `head` is the statement up to VALUES."""
    for start in range(0, len(rows), LARGEST):
        part = rows[start : start + LARGEST]
        connection.execute(_statement(head, len(part[0]), len(part)), list(chain.from_iterable(part)))


def fetch_texts(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> list[str]:
    """The texts of a query that gives one json_group_array of them: all rows in one step."""
    return _texts.decode(connection.execute(query, values).fetchone()[0])


def fetch_rows(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> list[list[str | int | None]]:
    """The rows of a query that gives one json_group_array of json_array: all rows in one step."""
    return _rows.decode(connection.execute(query, values).fetchone()[0])
