"""One table, one `create` per message, one LIKE per search."""

import json
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import peewee

database = peewee.SqliteDatabase(None)


class NaiveMessage(peewee.Model):
    """A status as a row."""

    remote_id = peewee.CharField(unique=True)
    author_handle = peewee.CharField(index=True)
    author_name = peewee.CharField()
    text = peewee.TextField()
    language = peewee.CharField(null=True)
    created_at = peewee.BigIntegerField(index=True)
    url = peewee.CharField(null=True)

    class Meta:
        """Where it lives."""

        database = database


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        """Keep the text only."""
        self.parts.append(data)


def plain(html: str) -> str:
    """Markup to text by the standard library's parser."""
    parser = _Text()
    parser.feed(html)
    return "".join(parser.parts)


def open_store(path: Path) -> None:
    """Open the database as most programs do: write-ahead log, everything else as it comes."""
    database.init(str(path), pragmas={"journal_mode": "wal"})
    database.connect(reuse_if_open=True)
    database.create_tables([NaiveMessage])


def close_store() -> None:
    """Close the database."""
    database.close()


def ingest(data: bytes) -> NaiveMessage:
    """Parse one status and store it, in a transaction of its own."""
    found: dict[str, Any] = json.loads(data)
    created = datetime.fromisoformat(found["created_at"])
    row: NaiveMessage = NaiveMessage.create(
        remote_id=found["id"],
        author_handle=found["account"]["acct"],
        author_name=found["account"]["display_name"],
        text=plain(found["content"]),
        language=found["language"],
        created_at=int(created.timestamp() * 1_000_000),
        url=found["url"],
    )
    return row


def search(words: str, limit: int) -> list[NaiveMessage]:
    """The newest rows that contain every word."""
    query = NaiveMessage.select()
    for word in words.split():
        query = query.where(NaiveMessage.text.contains(word))
    return list(query.order_by(NaiveMessage.created_at.desc()).limit(limit))
