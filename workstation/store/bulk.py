"""Many rows in few steps: each step of SQLite lets go of Python's lock, and a busy main thread is slow to give it back.

A row at a time (`executemany`) costs the writer a wait per row while the interface paints; with many rows in one
statement it waits once.
"""

import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from itertools import chain, repeat

import msgspec

from workstation.store.rows import json_text

LARGEST = 256
"""Rows in one statement."""

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
def _statement(head: str, columns: int, rows: int, tail: str) -> str:
    row = "(" + ", ".join("?" * columns) + ")"
    return f"{head} SELECT * FROM (VALUES {', '.join([row] * rows)}) WHERE column1 <> 0{tail}"


def insert(connection: sqlite3.Connection, head: str, rows: Sequence[Row], tail: str = "") -> int:
    """Insert rows of equal length and return the last one's row id; `head` is the statement up to VALUES.

    `tail` is what follows them: what becomes of rows that are there already.

    The first column is an id, never 0. Statements are for 1, 2, 4, 8... rows, padded with rows of zeros that are left
    out: preparing one for every size that comes costs more than its rows.
    """
    last = 0
    for start in range(0, len(rows), LARGEST):
        part = rows[start : start + LARGEST]
        size = 1 << (len(part) - 1).bit_length()
        width = len(part[0])
        values = [*chain.from_iterable(part), *repeat(0, (size - len(part)) * width)]
        last = connection.execute(_statement(head, width, size, tail), values).lastrowid or 0
    return last


def fetch_texts(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> list[str]:
    """The texts of a query that gives one json_group_array of them: all rows in one step."""
    return _texts.decode(connection.execute(query, values).fetchone()[0])


def fetch_rows(connection: sqlite3.Connection, query: str, values: Sequence[object]) -> list[list[str | int | None]]:
    """The rows of a query that gives one json_group_array of json_array: all rows in one step."""
    return _rows.decode(connection.execute(query, values).fetchone()[0])
