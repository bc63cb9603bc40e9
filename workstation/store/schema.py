"""The tables of low rate as peewee models, private to this room; a test holds them to what the migrations create.

The hot paths (messages, search, cases) write their SQL out: the planner's choice matters there, and peewee's
inserts cost four to five times as much. Queries built from these models are compiled by `run` and executed on the
connection of whatever thread asks; the models are bound to no database, so that several stores can be open.
"""

import sqlite3
from typing import Any

from peewee import (
    AutoField,
    BareField,
    CompositeKey,
    IntegerField,
    Model,
    SqliteDatabase,
    TextField,
)

_DIALECT = SqliteDatabase(None)
"""Never opened: it only knows how SQLite writes a query."""


class ChannelRow(Model):
    """A configured account."""

    id = AutoField()
    kind = TextField()
    name = TextField()
    server = TextField()
    user = TextField()
    secret = TextField()
    settings = TextField()
    enabled = IntegerField()
    practice = IntegerField()
    removed_at = IntegerField(default=0)

    class Meta:
        table_name = "channels"


class DraftRow(Model):
    """An unsent text."""

    key = TextField(primary_key=True)
    text = TextField()
    language = TextField()
    visibility = TextField()
    family = IntegerField()
    caret = IntegerField()
    updated_at = IntegerField()
    spoiler = TextField()
    written = TextField()
    beside = TextField()

    class Meta:
        table_name = "drafts"


class FamilyRow(Model):
    """A template family."""

    id = AutoField()
    key = TextField()
    title = TextField()
    source = TextField()
    tags = TextField()
    used = IntegerField()
    folder = TextField(default="")
    shortcut = TextField(default="")
    reopened = IntegerField(default=0)

    class Meta:
        table_name = "families"


class VariantRow(Model):
    """One language's text of a family."""

    family = IntegerField()
    position = IntegerField()
    language = TextField()
    formality = TextField()
    text = TextField()
    updated_at = IntegerField()
    made_for = TextField(default="")
    machine = IntegerField(default=0)

    class Meta:
        table_name = "variants"
        primary_key = CompositeKey("family", "position")


class TombstoneRow(Model):
    """Keyed hash of something erased."""

    key = BareField(primary_key=True)
    at = IntegerField()

    class Meta:
        table_name = "tombstones"


MODELS: tuple[type[Model], ...] = (ChannelRow, DraftRow, FamilyRow, VariantRow, TombstoneRow)


def run(connection: sqlite3.Connection, query: Any) -> sqlite3.Cursor:
    """Execute a peewee query on a connection."""
    sql, values = query.bind(_DIALECT).sql()
    return connection.execute(sql, values)
