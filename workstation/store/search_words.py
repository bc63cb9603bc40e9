"""Words of the index that begin alike: asked by name they are read newest first and only as far as a page needs.

A beginning (`"kett"*`) makes the index gather every message with such a word before it gives the first one: 6 ms at a
million messages where one word in twelve is meant. Most beginnings are those of a few words; named one by one
(`"kettle" OR "kettles"`) they find the very same messages in a tenth of a millisecond.
"""

import sqlite3

from workstation.store.search_text import TOKENIZER

MOST = 32
"""Beginnings of more words than this are asked as beginnings: opening a word costs about as much as finding it."""
INDEXED = 2
"""Beginnings of so many letters have an index of their own, which is read newest first."""
_NEXT = "SELECT term FROM search_words WHERE term >= ? AND term < ? LIMIT 1"
_LAST = "\U0010ffff"


def add_words(connection: sqlite3.Connection) -> None:
    """Let a connection look the index's words up; needs a connection that may still write, if only beside the file."""
    # By instance: a step then costs one look-up, where a row for each word would count all messages that have it.
    connection.execute("CREATE VIRTUAL TABLE temp.search_words USING fts5vocab(main, search, instance)")


def words_from(connection: sqlite3.Connection, beginning: str) -> list[str] | None:
    """The words of the index that begin so, in order; None if there are more than MOST."""
    found: list[str] = []
    after = beginning
    while row := connection.execute(_NEXT, (after, beginning + _LAST)).fetchone():
        if len(found) == MOST:
            return None
        found.append(row[0])
        after = row[0] + "\1"  # less than anything that a word goes on with
    return found


class Folding:
    """What the index makes of a word: asked of its own tokenizer, beside the desk's file."""

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None

    def token(self, word: str) -> str:
        """The word as it is indexed; empty if the index takes it for several words, or for none."""
        if word.isascii():
            return word.lower() if word.isalnum() else ""
        connection = self._connection = self._connection or _tokenizer()
        connection.execute("INSERT INTO folding (rowid, text) VALUES (1, ?)", (word,))
        found = connection.execute("SELECT term FROM folded").fetchall()
        connection.execute("INSERT INTO folding (folding) VALUES ('delete-all')")
        return str(found[0][0]) if len(found) == 1 else ""

    def close(self) -> None:
        """Let go of the tokenizer; it comes back when asked."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()


def _tokenizer() -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute(f"CREATE VIRTUAL TABLE folding USING fts5(text, content='', tokenize=\"{TOKENIZER}\")")
    connection.execute("CREATE VIRTUAL TABLE folded USING fts5vocab(folding, instance)")
    return connection
