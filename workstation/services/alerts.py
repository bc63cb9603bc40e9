"""Notifications: how many new messages a column has, told loudly or quietly, and never oftener than once a minute.

A message counts when it is new, not ours, written since this desk was opened, and let through by the column's filter.
Catching up on a night, or loading older messages, is therefore silent. Texts of strangers leave the window only where
the agent has switched that on.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.errors import FilterError, MeridianError
from workstation.domain.filters import Context, Filter, Predicate, parse
from workstation.domain.messages import Micros
from workstation.services.background import Background, Sink, log_failure
from workstation.services.clock import MINUTE, Clock
from workstation.services.columns import Columns, ColumnSpec, Severity
from workstation.services.feed import Feed
from workstation.services.observers import Observers
from workstation.services.settings import Preferences, Settings

if TYPE_CHECKING:
    from collections.abc import Mapping

EVERY: Micros = MINUTE
"""Between two notifications of one column."""
LEEWAY: Micros = 10 * MINUTE
"""How much older than this desk a message may be: clocks of networks differ."""
UNTIL_SWITCHED_OFF: Micros = 1 << 53
"""As a time for "do not disturb"; a TOML integer that every reader keeps exactly."""


class Alert(msgspec.Struct, frozen=True):
    """One notification: so many new messages of a column; `entry` is the only one of them, if there is just one."""

    column: str
    severity: Severity
    count: int
    entry: Entry | None = None


class _Watch:
    """One column that tells of arrivals."""

    def __init__(self, spec: ColumnSpec, filter_: Filter) -> None:
        self.spec, self.filter = spec, filter_
        self.matches: Predicate | None = None
        self.waiting = 0
        self.only: Entry | None = None
        self.told_at: Micros = 0
        self.badge = 0


class Alerts:
    """Watches the columns that have a severity. `seen` says whether somebody is looking at a column right now."""

    def __init__(
        self, columns: Columns, feed: Feed, settings: Settings, clock: Clock, sink: Sink = log_failure
    ) -> None:
        self._columns, self._settings, self._clock = columns, settings, clock
        self._tasks = Background(sink)
        self._watches: dict[str, _Watch] = {}
        self._observers: Observers[Alert] = Observers()
        self._badges: Observers[int] = Observers()
        self._since = clock.now() - LEEWAY
        self._used_at: Micros = 0
        self._timer: asyncio.TimerHandle | None = None
        self._ends = [feed.subscribe(self._on_change), settings.subscribe(self._on_settings)]
        self.seen: Callable[[str], bool] = lambda _column: False

    # What the window does -----------------------------------------------------------------------------------------

    def subscribe(self, callback: Callable[[Alert], None]) -> Callable[[], None]:
        """Call `callback` with each notification; returns what ends it."""
        return self._observers.subscribe(callback)

    def on_badge(self, callback: Callable[[int], None]) -> Callable[[], None]:
        """Call `callback` when the figure for the whole desk changes; returns what ends it."""
        return self._badges.subscribe(callback)

    def watch(self, specs: Sequence[ColumnSpec]) -> None:
        """Watch these columns from now on, instead of any others."""
        before, self._watches = self._watches, {}
        for spec in specs:
            if spec.notify is Severity.OFF:
                continue
            known = before.get(spec.id)
            if known is not None and known.spec.filter == spec.filter:
                known.spec = spec
                self._watches[spec.id] = known
                continue
            try:
                self._watches[spec.id] = _Watch(spec, parse(spec.filter))
            except FilterError:
                continue
        if any(watch.matches is None for watch in self._watches.values()):
            self.renew()
        self._tell_badge()

    def renew(self) -> None:
        """Channels or the time have changed: filters may mean something else now."""
        if self._watches:
            self._tasks.spawn(self._renew(), "alerts")

    async def _renew(self) -> None:
        try:
            context = await self._columns.context()
        except MeridianError:
            return
        self.use(context)

    def use(self, context: Context) -> None:
        """Test with what is known now."""
        self._used_at = self._clock.now()
        for watch in self._watches.values():
            watch.matches = watch.filter.predicate(context)

    def looked_at(self, column: str) -> None:
        """Somebody went to a column: what it had to tell is known."""
        watch = self._watches.get(column)
        if watch is not None and (watch.badge or watch.waiting):
            watch.badge, watch.waiting, watch.only = 0, 0, None
            self._tell_badge()

    @property
    def badges(self) -> "Mapping[str, int]":
        """New messages that nobody has looked at, by column."""
        return {name: watch.badge for name, watch in self._watches.items() if watch.badge}

    @property
    def quiet(self) -> bool:
        """Whether "do not disturb" is in force."""
        return self._settings.now.quiet_until > self._clock.now()

    # What happens -------------------------------------------------------------------------------------------------

    def _on_change(self, changes: ChangeSet) -> None:
        if not self._watches:
            return
        aged = self._clock.now() - self._used_at > MINUTE
        if changes.channels or (aged and any(watch.filter.relative for watch in self._watches.values())):
            self.renew()
        if not changes.added:
            return
        added, since = changes.added, self._since
        fresh = [
            entry
            for entry in changes.entries
            if entry.message.id in added and not entry.message.own and entry.message.created_at >= since
        ]
        if fresh:
            counted = [self._count(watch, fresh) for watch in self._watches.values()]
            if any(counted):
                self._tell_badge()
                self.flush()

    def _count(self, watch: _Watch, fresh: Sequence[Entry]) -> bool:
        matches = watch.matches
        if matches is None:
            return False
        found = [entry for entry in fresh if matches(entry)]
        if not found or (watch.spec.notify is not Severity.URGENT and self.seen(watch.spec.id)):
            return False
        watch.badge += len(found)
        if watch.spec.notify is not Severity.BADGE:
            watch.only = found[0] if watch.waiting == 0 and len(found) == 1 else None
            watch.waiting += len(found)
        return True

    def _on_settings(self, _now: Preferences) -> None:
        self.flush()

    def _may_tell(self, watch: _Watch) -> bool:
        if not self.quiet:
            return True
        return watch.spec.notify is Severity.URGENT and self._settings.now.urgent_breaks

    def flush(self) -> None:
        """Tell what is due, and set the clock for what is not yet."""
        now = self._clock.now()
        later: list[Micros] = []
        for watch in self._watches.values():
            if not watch.waiting:
                continue
            due = watch.told_at + EVERY if watch.told_at else now
            if not self._may_tell(watch):
                later.append(self._settings.now.quiet_until)
            elif due > now:
                later.append(due)
            else:
                alert = Alert(watch.spec.id, watch.spec.notify, watch.waiting, watch.only)
                watch.told_at, watch.waiting, watch.only = now, 0, None
                self._observers.tell(alert)
        self._wake_at(min(later, default=0), now)

    def _wake_at(self, at: Micros, now: Micros) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if at and at < UNTIL_SWITCHED_OFF:
            # Looked at again at least every ten minutes: a clock may be set, and a laptop sleeps.
            seconds = min(600.0, max(0.0, (at - now) / 1_000_000))
            self._timer = asyncio.get_running_loop().call_later(seconds, self.flush)

    def _tell_badge(self) -> None:
        self._badges.tell(sum(watch.badge for watch in self._watches.values()))

    async def close(self) -> None:
        """Tell nothing any more."""
        for end in self._ends:
            end()
        if self._timer is not None:
            self._timer.cancel()
        await self._tasks.close()
