"""Traffic: plays the script at a rate, and lets customers answer back after a while."""

import asyncio
import random
import time

from workstation.practice.faults import Faults
from workstation.practice.model import Status
from workstation.practice.network import Network
from workstation.practice.options import Options
from workstation.practice.script import Script
from workstation.practice.stage import Stage

TICK_SECONDS = 0.01
HOUR_MS = 3_600_000
MOST_PER_TICK = 500  # after a stall the rate is caught up in slices, so that requests are answered in between
# How busy each hour (UTC) of a working day is; weekends have a little over half of it.
_HOURS = (3, 2, 2, 2, 3, 4, 7, 10, 14, 16, 16, 15, 14, 15, 16, 15, 13, 12, 14, 16, 15, 12, 8, 5)
_WEEKEND = 0.6


class Traffic:
    """Owns the task that plays the script."""

    def __init__(self, network: Network, stage: Stage, script: Script, faults: Faults, options: Options) -> None:
        self._network = network
        self._stage = stage
        self._script = script
        self._faults = faults
        self._options = options
        self._later: set[asyncio.TimerHandle] = set()
        self._task: asyncio.Task[None] | None = None
        self.rate = options.rate
        self.paused = options.paused
        self.resting = False
        self.played = 0
        if options.replies:
            network.on_post = self.answered

    def history(self) -> None:
        """Play what happened before the network was opened, with more in busy hours than in quiet ones."""
        count, now = self._options.backlog, self._network.clock.now_ms()
        chance = random.Random(f"history:{self._options.seed}")
        hours = range(1, self._options.backlog_days * 24)
        weights = [self._busy(now - hour * HOUR_MS) for hour in hours]
        chosen = chance.choices(list(hours), weights, k=count)
        moments = sorted(now - hour * HOUR_MS + chance.randrange(HOUR_MS) for hour in chosen)
        for moment in moments:
            post, *riders = self._script.turn()
            self._stage.play(post, moment)
            for scene in riders:
                self._stage.play(scene)

    def start(self) -> None:
        """Begin to play."""
        self._task = asyncio.create_task(self._run(), name="practice traffic")

    def rest(self, resting: bool) -> None:
        """Play nothing while a course is played."""
        self.resting = resting

    async def stop(self) -> None:
        """Stop playing and forget who wanted to answer."""
        for handle in self._later:
            handle.cancel()
        self._later.clear()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def step(self, count: int = 1) -> None:
        """Play a number of turns now."""
        for _ in range(count):
            if self._options.total and self.played >= self._options.total:
                return
            self.played += 1
            if self._network.clock.virtual:
                self._network.clock.advance(1 / self.rate if self.rate else 1.0)
            for scene in self._script.turn():
                status = self._stage.play(scene)
                if status is not None and scene.act == "post":
                    self._spoil(status)

    def answered(self, answer: Status) -> None:
        """Let the customer whom the desk answered speak after the chosen delay."""
        post = self._stage.answer_back(answer)
        parent = self._network.statuses.get(answer.in_reply_to or 0)
        if post is None or parent is None:
            return

        def speak() -> None:
            self._later.discard(handle)
            if answer.id in self._network.statuses:
                self._network.post(parent.account, post)

        handle = asyncio.get_running_loop().call_later(self._options.reply_delay, speak)
        self._later.add(handle)

    async def _run(self) -> None:
        due, last = 0.0, time.perf_counter()
        while True:
            await asyncio.sleep(TICK_SECONDS if self.rate >= 1 / TICK_SECONDS else 0.05)
            now = time.perf_counter()
            if not self.paused and not self.resting:
                due = min(due + (now - last) * self.rate, 2 * self.rate + 1)
                turns = min(int(due), MOST_PER_TICK)
                due -= turns
                self.step(turns)
            last = now

    def _spoil(self, status: Status) -> None:
        if self._faults.standing("edits") and self._faults.strikes("edits"):
            self._network.edit(status, f"{status.text} (edited)")
        if self._faults.standing("deletions") and self._faults.strikes("deletions"):
            self._network.delete(status)

    @staticmethod
    def _busy(moment_ms: int) -> float:
        hour = moment_ms // HOUR_MS
        weekday = (hour // 24 + 3) % 7  # the first of January 1970 was a Thursday
        return _HOURS[hour % 24] * (_WEEKEND if weekday >= 5 else 1.0)
