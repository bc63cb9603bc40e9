"""Configured channels; a removed one keeps its messages and its place in reports."""

import sqlite3
from collections.abc import Callable

import msgspec

from workstation.domain.changes import ChangeSet
from workstation.domain.channels import ChannelConfig
from workstation.domain.errors import ConfigurationError, NotFoundError
from workstation.domain.messages import Micros
from workstation.domain.text import N_
from workstation.store import changelog
from workstation.store.database import Database, Transaction
from workstation.store.rows import json_text
from workstation.store.schema import ChannelRow, run

_settings = msgspec.json.Decoder(dict[str, str])
_FIELDS = (
    ChannelRow.id, ChannelRow.kind, ChannelRow.name, ChannelRow.server, ChannelRow.user, ChannelRow.secret,
    ChannelRow.settings, ChannelRow.enabled, ChannelRow.practice,
)  # fmt: skip


def _config(row: tuple[object, ...]) -> ChannelConfig:
    number, kind, name, server, user, secret, settings, enabled, practice = row
    return msgspec.convert(
        {
            "id": number, "kind": kind, "name": name, "server": server, "user": user, "secret": secret,
            "settings": _settings.decode(str(settings)), "enabled": bool(enabled), "practice": bool(practice),
        },
        ChannelConfig,
    )  # fmt: skip


def _values(config: ChannelConfig) -> dict[str, object]:
    return {
        "kind": config.kind, "name": config.name, "server": config.server, "user": config.user,
        "secret": config.secret, "settings": json_text(config.settings), "enabled": int(config.enabled),
        "practice": int(config.practice),
    }  # fmt: skip


class Channels:
    """Everything about channels' configurations."""

    def __init__(self, database: Database, clock: Callable[[], Micros]) -> None:
        self._database = database
        self._clock = clock

    async def list(self) -> tuple[ChannelConfig, ...]:
        """Every channel that was not removed, in the order of their ids."""
        return await self._database.read(_all)

    async def by_name(self, name: str) -> ChannelConfig | None:
        """The channel of that name, cases ignored."""
        folded = name.casefold()
        return next((config for config in await self.list() if config.name.casefold() == folded), None)

    async def add(self, config: ChannelConfig) -> ChannelConfig:
        """Store a new channel and return it with its id; ConfigurationError if the name is taken."""

        def job(transaction: Transaction) -> ChannelConfig:
            cursor = self._unique(transaction, config, ChannelRow.insert(_values(config)))
            number = cursor.lastrowid or 0
            changelog.publish(transaction, self._clock(), channels=(number,))
            return msgspec.structs.replace(config, id=number)

        return await self._database.write(job, durable=True)

    async def change(self, config: ChannelConfig) -> ChangeSet:
        """Store a channel's new configuration; ConfigurationError if the name is taken."""

        def job(transaction: Transaction) -> ChangeSet:
            query = ChannelRow.update(_values(config)).where(ChannelRow.id == config.id, ChannelRow.removed_at == 0)
            if not self._unique(transaction, config, query).rowcount:
                raise NotFoundError(what=config.name)
            return changelog.publish(transaction, self._clock(), channels=(config.id,))

        return await self._database.write(job, durable=True)

    async def remove(self, number: int) -> ChangeSet:
        """Remove a channel: its secret's reference and cursors go, its messages stay."""

        def job(transaction: Transaction) -> ChangeSet:
            now = self._clock()
            query = ChannelRow.update(removed_at=now, enabled=0, secret="").where(
                ChannelRow.id == number, ChannelRow.removed_at == 0
            )
            if not run(transaction.connection, query).rowcount:
                raise NotFoundError(what=str(number))
            transaction.connection.execute("UPDATE sources SET cursor_value = '' WHERE channel = ?", (number,))
            return changelog.publish(transaction, now, channels=(number,))

        return await self._database.write(job, durable=True)

    def _unique(self, transaction: Transaction, config: ChannelConfig, query: object) -> sqlite3.Cursor:
        try:
            return run(transaction.connection, query)
        except sqlite3.IntegrityError:
            why = N_("there is a channel of this name already")
            raise ConfigurationError(field="name", why=why) from None


def _all(connection: sqlite3.Connection) -> tuple[ChannelConfig, ...]:
    query = ChannelRow.select(*_FIELDS).where(ChannelRow.removed_at == 0).order_by(ChannelRow.id)
    return tuple(_config(row) for row in run(connection, query).fetchall())
