"""The page of live figures: demand, queue and channels; nothing about who works, and nothing of performance."""

import asyncio
from collections.abc import Mapping
from importlib import import_module

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.changes import ChangeSet
from workstation.domain.channels import Health, Ledger
from workstation.domain.text import LazyText, lazy, lazy_plural
from workstation.i18n import _, formats, framed, plain, render
from workstation.qt.tasks import Tasks
from workstation.qt.throttle import Throttle
from workstation.services.casebook import Casebook
from workstation.services.feed import Feed
from workstation.services.kpi import Figures, Kpi
from workstation.services.supervisor import Supervisor
from workstation.views import wording
from workstation.views.case.words import CONDITION
from workstation.views.kpi import definitions
from workstation.views.kpi.frame import ChartFrame
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.retranslating import Retranslating

REFRESH_MS = 2_000
MINUTE_MS = 60_000
BANDS: tuple[LazyText, ...] = (
    lazy("under 15 min"),
    lazy("15–60 min"),
    lazy("1–3 hours"),
    lazy("3–24 hours"),
    lazy("over 24 hours"),
)
MOST_BARS = 8


class Tile(Retranslating):
    """One figure with its name."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._figure, self._name = QLabel(), Paragraph()
        self._figure.setProperty("role", "figure")
        self._name.setProperty("role", "secondary")
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(2)
        column.addWidget(self._figure)
        column.addWidget(self._name)

    def show_figure(self, figure: str, name: str) -> None:
        """Show a figure, already written for people."""
        # Digits alone have no direction: without this they would stand at the wrong side.
        side = Qt.AlignmentFlag.AlignRight if self.isRightToLeft() else Qt.AlignmentFlag.AlignLeft
        self._figure.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute)
        self._figure.setText(figure)
        self._name.setText(name)
        self.setAccessibleName(f"{name}: {figure}")

    def retranslate(self) -> None:
        """The page writes it anew."""


class KpiPage(Retranslating):
    """Asks for the figures when something has changed and somebody looks."""

    def __init__(
        self,
        kpi: Kpi,
        supervisor: Supervisor,
        feed: Feed,
        casebook: Casebook,
        tasks: Tasks,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self._kpi, self._supervisor, self._casebook, self._tasks = kpi, supervisor, casebook, tasks
        self._figures: Figures | None = None
        self._ledger: tuple[Ledger, ...] = ()
        self._title, self._as_of = Paragraph(), Paragraph()
        self._title.setProperty("role", "title")
        self._as_of.setProperty("role", "secondary")
        self.tiles = (Tile(), Tile(), Tile())
        self.arrivals, self.ageing = ChartFrame(definitions.ARRIVALS), ChartFrame(definitions.AGEING)
        self.waiting, self.topics = ChartFrame(definitions.WAITING), ChartFrame(definitions.TOPICS)
        self.oldest, self.health = ChartFrame(definitions.OLDEST), ChartFrame(definitions.HEALTH)
        self._plain = [
            (self.arrivals, "HeatmapChart"), (self.ageing, "StackChart"), (self.waiting, "BarsChart"),
            (self.topics, "BarsChart"),
        ]  # fmt: skip
        """Frames whose charts are still to be made."""
        # Words are clearer than bars here: always a table.
        for frame in (self.health, self.oldest):
            frame.switch()
            frame.toggle.hide()
        self._arrange()
        self._refresh = Throttle(self, REFRESH_MS, self.ask)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self.ask)
        self._ends = (feed.subscribe(self._on_change), supervisor.subscribe(self._on_health))
        self.retranslate()

    def _arrange(self) -> None:
        page = QWidget()
        page.setProperty("role", "bare")
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(12)
        column.addWidget(self._title)
        column.addWidget(self._as_of)
        row = QHBoxLayout()
        row.setSpacing(12)
        for tile in self.tiles:
            row.addWidget(tile, 1)
        column.addLayout(row)
        grid = QGridLayout()
        grid.setSpacing(12)
        grid.addWidget(self.arrivals, 0, 0, 1, 2)
        grid.addWidget(self.ageing, 0, 2, 1, 2)
        grid.addWidget(self.waiting, 1, 0)
        grid.addWidget(self.topics, 1, 1)
        grid.addWidget(self.oldest, 1, 2, 1, 2)
        grid.addWidget(self.health, 2, 0, 1, 4)
        for at in range(4):
            grid.setColumnStretch(at, 1)
        for row_at, height in enumerate((250, 220, 150)):
            grid.setRowMinimumHeight(row_at, height)
        column.addLayout(grid, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(page)
        self._scroll = scroll
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def close_page(self) -> None:
        """Stop listening; the window is about to go."""
        self._minute.stop()
        for end in self._ends:
            end()

    # -- data ------------------------------------------------------------------------------------------------------

    def ask(self) -> None:
        """Ask for the figures, if somebody looks."""
        if self.isVisible():
            self._tasks.latest(self._load(), "figures")

    async def _plot(self) -> None:
        """Make the charts, each in a turn of its own; what they are drawn with is large, so a thread reads it in."""
        charts = await asyncio.to_thread(import_module, "workstation.views.kpi.charts")
        while self._plain:
            frame, kind = self._plain.pop(0)
            frame.plot(getattr(charts, kind)())
            await asyncio.sleep(0)

    async def _load(self) -> None:
        if self._plain:
            await self._plot()
        zone = formats().zoned(0).tzinfo
        assert zone is not None  # noqa: S101 - a zoned moment has a zone
        self._figures, self._ledger = await self._kpi.figures(zone), await self._casebook.ledger()
        self._show()

    def _on_change(self, changes: ChangeSet) -> None:
        if changes.entries or changes.faces or changes.reload:
            self._refresh.request()

    def _on_health(self, _health: Health) -> None:
        if self.isVisible():
            self._show_health()

    # -- words -----------------------------------------------------------------------------------------------------

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("Live figures"))
        self._scroll.setAccessibleName(_("Live figures"))
        self.setAccessibleName(_("Live figures"))
        self._show()

    def _show(self) -> None:
        figures = self._figures
        if figures is None:
            about, counting = _("Demand and queue only: nothing here is about a person."), _("Counting…")
            self._as_of.setText(f"{about} {counting}")
            return
        spoken = formats()
        said = _("Demand and queue at {time}. Nothing here is about a person.", time=spoken.time(figures.at))
        self._as_of.setText(said)
        first = figures.oldest[0].case if figures.oldest else None
        longest = spoken.duration((figures.at - first.waiting_since) / 1_000_000) if first is not None else "–"
        self.tiles[0].show_figure(spoken.number(figures.waiting_count), _("customers wait for an answer"))
        self.tiles[1].show_figure(longest, _("the longest wait"))
        self.tiles[2].show_figure(spoken.number(figures.last_hour), _("requests in the last hour"))
        self._show_arrivals(figures)
        self._show_queue(figures)
        self._show_health()

    def _show_arrivals(self, figures: Figures) -> None:
        from workstation.views.kpi.charts import HeatmapChart

        spoken = formats()
        chart = self.arrivals.chart
        if isinstance(chart, HeatmapChart):
            chart.show_counts(figures.requests)
        names = spoken.weekdays("wide")
        days = [(spoken.first_weekday + step) % 7 for step in range(7)]
        head = [_("Hour"), *(names[day] for day in days)]
        rows = [
            [spoken.hour(hour), *(spoken.number(figures.requests[day][hour]) for day in days)] for hour in range(24)
        ]
        some = any(any(row) for row in figures.requests)
        self.arrivals.show_figures(
            head, rows if some else (), empty=_("No request has arrived in the last four weeks.")
        )

    def _show_queue(self, figures: Figures) -> None:
        from workstation.views.kpi.charts import StackChart

        spoken = formats()
        parts = [(render(name), count) for name, count in zip(BANDS, figures.backlog, strict=False)]
        if isinstance(self.ageing.chart, StackChart):
            self.ageing.chart.show_parts(parts)
        nobody = _("Nobody waits. Well done.")
        rows = [[name, spoken.number(count)] for name, count in parts]
        self.ageing.show_figures([_("Waiting for"), _("Cases")], rows if figures.waiting_count else (), empty=nobody)
        channels = self._channels()
        bars = [(self._waiting_name(each.channel, each.language, channels), each.count) for each in figures.waiting]
        bars.sort(key=lambda bar: -bar[1])
        self._show_bars(self.waiting, bars, [_("Channel and language"), _("Cases")], nobody)
        self._show_bars(self.topics, list(figures.topics), [_("Tag"), _("Cases")], _("No case was tagged this week."))
        self._show_oldest(figures, channels, nobody)

    def _show_bars(self, frame: ChartFrame, bars: list[tuple[str, int]], head: list[str], empty: str) -> None:
        from workstation.views.kpi.charts import BarsChart

        if isinstance(frame.chart, BarsChart):
            frame.chart.show_bars(bars[:MOST_BARS])
        frame.show_figures(head, [[name, formats().number(count)] for name, count in bars], empty=empty)

    @staticmethod
    def _waiting_name(channel: int, language: str, channels: Mapping[int, str]) -> str:
        name = channels.get(channel, "")
        spoken = formats().language(language) if language else _("language unknown")
        if not name:
            return spoken
        return _("{language} · {channel}", channel=name, language=spoken)

    def _show_oldest(self, figures: Figures, channels: Mapping[int, str], empty: str) -> None:
        spoken = formats()
        rows = []
        for entry in figures.oldest:
            since = entry.case.waiting_since if entry.case is not None else entry.message.created_at
            waited = spoken.duration((figures.at - since) / 1_000_000)
            # In its own direction, whatever that of the table.
            text = framed(" ".join(plain(wording.text(entry.message)[:400]).split())[:80], spoken.direction)
            rows.append([waited, channels.get(entry.message.channel, ""), text])
        self.oldest.show_figures([_("Waiting for"), _("Channel"), _("Message")], rows, empty=empty)

    def _channels(self) -> dict[int, str]:
        return {config.id: config.name for config in self._supervisor.configs()}

    def _show_health(self) -> None:
        channels = self._channels()
        lost: dict[int, int] = {}
        received: dict[int, int] = {}
        for row in self._ledger:
            lost[row.channel] = lost.get(row.channel, 0) + row.missing
            received[row.channel] = received.get(row.channel, 0) + row.received
        rows = [
            self._health_row(channels.get(name, ""), health, received.get(name, 0), lost.get(name, 0))
            for name, health in self._supervisor.health.items()
        ]
        head = [_("Channel"), _("Condition"), _("Lag"), _("Requests left"), _("Sign-in ends"), _("Received"), _("Lost"),
                _("Last error")]  # fmt: skip
        self.health.show_figures(head, rows, empty=_("No channel is connected yet."))

    @staticmethod
    def _health_row(name: str, health: Health, received: int, lost: int) -> list[str]:
        spoken = formats()
        left = health.rate.remaining
        return [
            name,
            render(CONDITION[health.condition]),
            spoken.duration(health.lag / 1_000_000) if health.last_event_at else "–",
            spoken.number(left) if left >= 0 else "–",
            spoken.datetime(health.token_expires_at) if health.token_expires_at else "–",
            spoken.number(received),
            render(lazy_plural("{count} lost", "{count} lost", lost)),
            render(health.error) if health.error is not None else "–",
        ]

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody looks."""
        super().showEvent(event)
        self._minute.start()
        self.ask()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks."""
        self._minute.stop()
        super().hideEvent(event)
