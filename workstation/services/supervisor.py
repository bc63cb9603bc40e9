"""Runs every channel as a task of its own: restarts what fails, tells how each fares, never lets one end another."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from workstation.connectors.base import Channel, Opened, RenewsSecret, TellsChanges
from workstation.domain.channels import ChannelConfig, Condition, Health
from workstation.domain.errors import (
    AuthExpiredError,
    ChannelError,
    ConfigurationError,
    MeridianError,
    SecretError,
    TransientError,
    UnsupportedError,
)
from workstation.domain.messages import Cursor, Micros
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.backoff import Backoff
from workstation.services.clock import MINUTE, SECOND, Clock
from workstation.services.ingest import Ingest
from workstation.services.observers import Observers
from workstation.services.secrets import Secrets

if TYPE_CHECKING:
    from workstation.connectors.registry import Registry
    from workstation.net.client import Client
    from workstation.store.store import Store

log = logging.getLogger(__name__)

SILENCE: Micros = 10 * MINUTE
"""A stream that said nothing for so long is read anew from its cursors: a dead socket looks just like a quiet day."""
STEADY: Micros = MINUTE
"""A session that lasted so long counts as a success: the next failure starts from the shortest delay."""


class _SilentError(Exception):
    """The stream has been silent for too long."""


class _Seat:
    """One channel's place: its task, its channel while there is one, and how it fares."""

    def __init__(self, config: ChannelConfig) -> None:
        self.config = config
        self.health = Health(channel=config.id)
        self.channel: Channel | None = None
        self.opened: Opened | None = None
        self.task: asyncio.Task[None] | None = None
        self.heard_at: Micros = 0


class Supervisor:
    """Keeps the channels running. `health` maps a channel's id to how it fares now."""

    def __init__(
        self,
        store: "Store",
        registry: "Registry",
        ingest: Ingest,
        secrets: Secrets,
        client: "Client",
        clock: Clock,
        *,
        silence: Micros = SILENCE,
        first_delay: Micros = SECOND,
    ) -> None:
        self._store = store
        self._registry = registry
        self._ingest = ingest
        self._secrets = secrets
        self._client = client
        self._clock = clock
        self._silence = silence
        self._first_delay = first_delay
        self._seats: dict[int, _Seat] = {}
        self._observers: Observers[Health] = Observers()

    @property
    def health(self) -> dict[int, Health]:
        """How every channel fares, by id."""
        return {key: seat.health for key, seat in self._seats.items()}

    def subscribe(self, callback: Callable[[Health], None]) -> Callable[[], None]:
        """Call `callback` whenever a channel's health changes; returns what ends it."""
        return self._observers.subscribe(callback)

    def config(self, channel: int) -> ChannelConfig | None:
        """The configuration that a channel runs with."""
        seat = self._seats.get(channel)
        return seat.config if seat else None

    def configs(self) -> tuple[ChannelConfig, ...]:
        """The channels that are run, in the order they were added."""
        return tuple(seat.config for seat in self._seats.values())

    def network(self, channel: int) -> str:
        """The network that a channel's authors belong to; empty for an unknown channel."""
        seat = self._seats.get(channel)
        return self._registry.manifest(seat.config.kind).network if seat else ""

    def opened(self, channel: int) -> Opened | None:
        """Whom a channel is signed in as and what it can do; None until it is known."""
        seat = self._seats.get(channel)
        return seat.opened if seat else None

    def channel(self, channel: int) -> Channel | None:
        """The channel to send through; None while nobody is signed in."""
        seat = self._seats.get(channel)
        return seat.channel if seat and seat.opened else None

    def ready(self) -> frozenset[int]:
        """Channels that something can be sent through."""
        return frozenset(key for key, seat in self._seats.items() if seat.channel is not None and seat.opened)

    async def start(self) -> None:
        """Run every enabled channel that the store knows."""
        for config in await self._store.channels.list():
            if config.enabled:
                self.run(config)

    def run(self, config: ChannelConfig) -> None:
        """Run one channel from now on."""
        seat = self._seats[config.id] = _Seat(config)
        seat.task = asyncio.get_running_loop().create_task(self._keep(seat), name=f"channel:{config.id}")

    async def restart(self, channel: int) -> None:
        """Begin anew with the configuration as it is stored now; also ends a wait or a missing sign-in."""
        await self.stop(channel)
        config = next((found for found in await self._store.channels.list() if found.id == channel), None)
        if config is not None and config.enabled:
            self.run(config)

    async def stop(self, channel: int) -> None:
        """End one channel."""
        seat = self._seats.pop(channel, None)
        if seat is not None and seat.task is not None:
            seat.task.cancel()
            await asyncio.wait([seat.task])
            self._tell(seat, condition=Condition.STOPPED)

    async def close(self) -> None:
        """End every channel."""
        await asyncio.gather(*(self.stop(channel) for channel in tuple(self._seats)))

    async def test(self, config: ChannelConfig, secret: str) -> Opened:
        """Open an account and close it again; raises what is wrong with it."""
        channel = self._registry.connector(config.kind).create(config, secret, self._client)
        if isinstance(channel, RenewsSecret) and config.secret:
            channel.on_renewed(partial(self._secrets.replace, config.secret, channel=config.id))
        try:
            return await channel.open()
        finally:
            await channel.close()

    async def _keep(self, seat: _Seat) -> None:
        """Run sessions until the channel cannot go on without a person."""
        backoff = Backoff(self._first_delay)
        try:
            while True:
                started = self._clock.now()
                try:
                    await self._session(seat)
                except Exception as error:  # noqa: BLE001 - one fault, even of our own making, ends one session
                    cause = _cause(error)
                    if self._clock.now() - started > STEADY:
                        backoff.reset()
                    if isinstance(cause, _SilentError):
                        self._tell(seat, condition=Condition.CATCHING_UP)
                    elif not await self._pause(seat, cause, backoff):
                        return
        finally:
            await self._let_go(seat)

    async def _session(self, seat: _Seat) -> None:
        if seat.channel is None:
            connector = self._registry.connector(seat.config.kind)
            secret = await self._secrets.read(seat.config.secret, seat.config.id) if seat.config.secret else ""
            seat.channel = connector.create(seat.config, secret, self._client)
            if isinstance(seat.channel, RenewsSecret):
                seat.channel.on_renewed(partial(self._secrets.replace, seat.config.secret, channel=seat.config.id))
            if isinstance(seat.channel, TellsChanges):
                seat.channel.on_changed(partial(self._changed, seat))
        seat.opened = await seat.channel.open()
        cursors = await self._store.messages.cursors(seat.config.id)
        seat.heard_at = self._clock.now()
        self._tell(seat, condition=Condition.CATCHING_UP, error=None, retry_at=0)
        async with asyncio.TaskGroup() as group:
            # The watch is the one that ends the reader: a socket that is silent for ever would never return.
            reader = group.create_task(self._read(seat, seat.channel, cursors))
            watch = group.create_task(self._watch(seat))
            reader.add_done_callback(lambda _: watch.cancel())

    async def _read(self, seat: _Seat, channel: Channel, cursors: Mapping[str, Cursor]) -> None:
        events = channel.events(cursors, lambda health: self._heard(seat, health))
        try:
            async for batch in events:
                seat.heard_at = self._clock.now()
                await self._ingest.accept(seat.config, batch)
        finally:
            # Stopped in the middle of a batch, a generator would only end when the collector comes by.
            if isinstance(events, AsyncGenerator):
                await events.aclose()
        raise TransientError(why=lazy(N_("the stream ended")))

    async def _watch(self, seat: _Seat) -> None:
        while True:
            quiet = self._clock.now() - seat.heard_at
            expires = seat.health.token_expires_at
            if quiet >= self._silence or 0 < expires <= self._clock.now():
                raise _SilentError
            await asyncio.sleep(max(0.05, (self._silence - quiet) / 1_000_000 / 4))

    def _heard(self, seat: _Seat, health: Health) -> None:
        seat.heard_at = self._clock.now()
        seat.health = msgspec.structs.replace(health, channel=seat.config.id, restarts=seat.health.restarts)
        self._observers.tell(seat.health)

    def _changed(self, seat: _Seat, opened: Opened) -> None:
        """The account can do or read something else from now on; one that is signed out stays so."""
        if seat.opened is not None:
            seat.opened = opened
            self._observers.tell(seat.health)

    async def _pause(self, seat: _Seat, error: BaseException, backoff: Backoff) -> bool:
        """Show what is wrong and wait; False: only a person can mend it."""
        text = _sentence(error)
        if isinstance(error, AuthExpiredError | SecretError):
            seat.opened = None
            self._tell(seat, condition=Condition.SIGN_IN, error=text, retry_at=0)
            return False
        if isinstance(error, ConfigurationError | UnsupportedError):
            self._tell(seat, condition=Condition.STOPPED, error=text, retry_at=0)
            return False
        if not isinstance(error, MeridianError):
            log.error(
                "channel failed", extra={"channel": seat.config.id, "error": type(error).__name__}, exc_info=error
            )
        delay = backoff.delay()
        asked = error.retry_at - self._clock.now() if isinstance(error, ChannelError) and error.retry_at else 0
        delay = max(delay, asked)
        self._tell(
            seat,
            condition=Condition.WAITING,
            error=text,
            retry_at=self._clock.now() + delay,
            restarts=seat.health.restarts + 1,
        )
        await asyncio.sleep(delay / 1_000_000)
        return True

    def _tell(self, seat: _Seat, **values: object) -> None:
        seat.health = msgspec.structs.replace(seat.health, **values)
        self._observers.tell(seat.health)

    async def _let_go(self, seat: _Seat) -> None:
        channel, seat.channel, seat.opened = seat.channel, None, None
        if channel is not None:
            try:
                await channel.close()
            except Exception as error:
                log.exception("closing failed", extra={"channel": seat.config.id, "error": type(error).__name__})


def _cause(error: BaseException) -> BaseException:
    """The first real error in a group."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def _sentence(error: BaseException) -> LazyText:
    if isinstance(error, MeridianError):
        return error.text
    return lazy(N_("The channel stopped because of a fault in Meridian ({error})."), error=type(error).__name__)
