"""Loading older messages: how far back, what that costs of the networks' limits, and how far it has come."""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar, QSlider, QWidget

from workstation.domain.filters import Filter
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, formats, ngettext, render
from workstation.qt.throttle import Throttle
from workstation.services.backfill import DAY, Backfill, Cost, Progress, Stage
from workstation.services.clock import Clock
from workstation.views import theme
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.sheet import Sheet

STEPS: tuple[tuple[int, LazyText], ...] = (
    (1, lazy_plural("{count} day", "{count} days", 1)),
    (3, lazy_plural("{count} day", "{count} days", 3)),
    (7, lazy_plural("{count} week", "{count} weeks", 1)),
    (14, lazy_plural("{count} week", "{count} weeks", 2)),
    (30, lazy_plural("{count} month", "{count} months", 1)),
    (91, lazy_plural("{count} month", "{count} months", 3)),
    (182, lazy_plural("{count} month", "{count} months", 6)),
    (365, lazy_plural("{count} year", "{count} years", 1)),
)
"""Days back, and how that is said."""
WHOLE = 1_000
STAGES: dict[Stage, LazyText] = {
    Stage.DONE: lazy("Done: everything since then is here, as far as the network has it."),
    Stage.SPENT: lazy("Stopped: it took more requests than was said. Start again to go on from here."),
    Stage.CANCELLED: lazy("Stopped. What came stays; the next time goes on from here."),
}


class BackfillSheet(Sheet):
    """Closing it does not stop the loading; the sheet can be opened again to look, or to stop it."""

    def __init__(
        self,
        backfill: Backfill,
        channels: Sequence[int],
        names: Mapping[int, str],
        filter_: Filter,
        clock: Clock,
        run: Callable[[Coroutine[Any, Any, Any]], object],
        parent: QWidget,
    ) -> None:
        super().__init__(lazy("Load older messages"), parent)
        self._backfill, self._channels, self._names = backfill, tuple(channels), dict(names)
        self._filter, self._clock, self._run = filter_, clock, run
        self.cost: Cost | None = None
        self._seeking = True
        """Begin at the nearest step that brings anything."""
        self._about, self.words, self.state = Paragraph(), Paragraph(), Paragraph()
        self._about.setProperty("role", "secondary")
        self.back = Paragraph()
        self.back.setProperty("role", "heading")
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(STEPS) - 1)
        self.slider.setPageStep(1)
        self.slider.setValue(0)
        self.bar = QProgressBar()
        self.bar.setRange(0, WHOLE)
        for part in (self._about, self.back, self.slider, self.words, self.bar, self.state):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.button("", lazy("Close"))
        self.stop = self.button("", lazy("Stop"))
        self.stop.clicked.disconnect()
        self.start = self.button("start", lazy("Start"), "primary", default=True)
        self.stop.clicked.connect(backfill.cancel)
        self._rest = Throttle(self, 150, self._ask)
        self.slider.valueChanged.connect(lambda _value: self._moved())
        self.slider.actionTriggered.connect(lambda _action: self._found())
        self.slider.sliderPressed.connect(self._found)
        self._end = backfill.subscribe(self._show)
        self.finished.connect(self._closed)
        self.retranslate()
        self._ask()
        self._allow()
        self.slider.setFocus()
        scale = max(1.0, theme.current().scale)
        self.resize(round(560 * scale), round(420 * scale))

    def _closed(self) -> None:
        self._rest.cancel()
        self._end()

    def may_end(self, answer: str) -> bool:
        """Starting leaves it open: it shows how far it has come."""
        if answer == "start" and self.cost is not None:
            self._backfill.start(self.cost)
            if self._backfill.progress is not None:
                self._show(self._backfill.progress)
        return answer != "start"

    @property
    def until(self) -> int:
        """How far back, microseconds UTC."""
        return self._clock.now() - STEPS[self.slider.value()][0] * DAY

    def _moved(self) -> None:
        self.cost = None
        self._allow()
        self._write()
        self._rest.later()

    def _ask(self) -> None:
        self._run(self._count())

    async def _count(self) -> None:
        until = self.until
        cost = await self._backfill.cost(self._channels, self._filter, until)
        if abs(self.until - until) < DAY // 2:
            self.cost = cost
            self._write()
            self._allow()
            if self._seeking and not (cost.ways or cost.refused) and self.slider.value() < self.slider.maximum():
                self.slider.setValue(self.slider.value() + 1)

    def _found(self) -> None:
        """The agent says how far back: it is not looked for any more."""
        self._seeking = False

    def _allow(self) -> None:
        running = self._backfill.running
        self.start.setEnabled(not running and self.cost is not None and bool(self.cost.ways))
        self.slider.setEnabled(not running)
        self.stop.setVisible(running)
        self.bar.setVisible(running)

    def _show(self, progress: Progress) -> None:
        self.bar.setValue(round(progress.part * WHOLE))
        self._write_state(progress)
        self._allow()
        if progress.stage is not Stage.RUNNING:
            self._rest.later()  # what it would cost to go on

    def _write_state(self, progress: Progress) -> None:
        known = [
            ngettext("{count} request made", "{count} requests made", progress.requests),
            ngettext("{count} message received", "{count} messages received", progress.received),
            ngettext("{count} new", "{count} new", progress.stored),
            _("back to {time}", time=formats().datetime(progress.reached)),
        ]
        end = progress.error or STAGES.get(progress.stage)
        said = " · ".join(known)
        self.state.setText(f"{render(end)}\n{said}" if end is not None else said)
        self.bar.setAccessibleName(_("How far it has come"))
        self.bar.setAccessibleDescription(said)

    def _write(self) -> None:
        words = STEPS[self.slider.value()][1]
        self.back.setText(_("{span} back, to {date}", span=render(words), date=formats().date(self.until)))
        self.slider.setAccessibleDescription(self.back.text())
        self.words.setText("\n".join(self._costs(self.cost)) if self.cost is not None else _("Counting…"))

    def _costs(self, cost: Cost) -> list[str]:
        lines = [
            _("{channel} cannot be read backwards now.", channel=self._names.get(number, "")) for number in cost.refused
        ]
        if not cost.ways:
            return lines or [_("Everything since then is here already.")]
        requests = ngettext("About {count} request", "About {count} requests", cost.requests)
        messages = ngettext("about {count} message", "about {count} messages", cost.messages)
        lines.insert(0, _("{requests}, {messages}.", requests=requests, messages=messages))
        lines.insert(1, ngettext("It stops by itself after {count} request.",
                                 "It stops by itself after {count} requests.", cost.most))  # fmt: skip
        rates = dict(cost.rates)
        asked = dict.fromkeys(way.channel for way in cost.ways)
        return lines + [self._share(n, cost.share(n), rates[n].limit, rates[n].remaining) for n in asked]

    def _share(self, channel: int, share: float, limit: int, remaining: int) -> str:
        name = self._names.get(channel, "")
        if share < 0:
            return _("{channel}: the network does not tell its limit.", channel=name)
        return _(
            "{channel}: {percent} % of its limit of {limit} requests, {left} of which are left now.",
            channel=name,
            percent=max(1, round(share * 100)),
            limit=limit,
            left=max(0, remaining),
        )

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if not hasattr(self, "_end"):
            return
        self._about.setText(_("Older messages come in beside what is live, and make way for it. They open no cases."))
        self.slider.setAccessibleName(_("How far back"))
        self._write()
        if self._backfill.progress is not None:
            self._write_state(self._backfill.progress)
