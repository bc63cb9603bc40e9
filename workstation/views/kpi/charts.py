"""Charts by pyqtgraph in the colours of the theme, with axes as the reader writes them, mirrored where one reads so."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QWidget

from workstation.i18n import formats
from workstation.views import theme

pg: Any = pyqtgraph
"""It has no types."""

HATCHES = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.Dense4Pattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.DiagCrossPattern,
    Qt.BrushStyle.CrossPattern,
)
"""Patterns beside the colours: no chart is told apart by colour alone."""


class Chart(pg.PlotWidget):  # type: ignore[misc]  # it has no types
    """A plot that one looks at: no dragging, no menu, nothing that scrolls away."""

    _dressed: tuple[object, QFont] | None = None
    """The look and the type that it has taken; none before there is a plot."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.getPlotItem().setContentsMargins(0, 4, 8, 0)
        self.dress()

    def dress(self) -> None:
        """Take the theme's colours and type, and the reader's direction."""
        look = theme.current()
        self._dressed = look, self.font()
        self.setBackground(look.colour("surface"))
        self.getViewBox().invertX(formats().direction == "rtl")
        # Axes are put to their sides here; Qt would mirror them once more.
        self.getPlotItem().setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        for name in ("left", "bottom", "right"):
            axis = self.getAxis(name)
            axis.setPen(pg.mkPen(look.colour("border")))
            axis.setTextPen(pg.mkPen(look.colour("secondary")))
            axis.setTickFont(look.font("small"))
            if name == "bottom":
                # Letters of a fallback are higher than those of the first family.
                axis.setHeight(round(QFontMetrics(look.font("small")).height() * 1.5) + 6)
            axis.setStyle(tickLength=0, autoExpandTextSpace=True)
        rtl = formats().direction == "rtl"
        self.showAxis("left", not rtl)
        self.showAxis("right", rtl)
        self.redraw()

    @property
    def side(self) -> str:
        """The axis at the side where lines begin."""
        return "right" if formats().direction == "rtl" else "left"

    def redraw(self) -> None:
        """Draw the figures anew."""

    def sizeHint(self) -> QSize:
        """Small: the page gives it room."""
        return QSize(240, 150)

    def changeEvent(self, event: QEvent) -> None:
        """Follow theme and language."""
        super().changeEvent(event)
        if self._dressed is None:
            return
        kinds = QEvent.Type
        # Whoever gets another parent is told of a palette and of type that are the same: often, while a page is made.
        other = self._dressed != (theme.current(), self.font())
        if event.type() is kinds.LanguageChange or (event.type() in (kinds.PaletteChange, kinds.FontChange) and other):
            self.dress()


class HeatmapChart(Chart):
    """Hours across, weekdays down; the darker (in dark themes: the brighter) the more."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._counts: Sequence[Sequence[int]] = ()
        self._image = pg.ImageItem()
        super().__init__(parent)
        self.addItem(self._image)
        self.getViewBox().invertY(True)
        self.setMinimumHeight(220)

    def show_counts(self, counts: Sequence[Sequence[int]]) -> None:
        """Seven rows from Monday, 24 hours each."""
        self._counts = counts
        self.redraw()

    def redraw(self) -> None:
        """Draw the figures anew, the week beginning as in the reader's region."""
        if not self._counts:
            return
        look, spoken = theme.current(), formats()
        first = spoken.first_weekday
        days = [(first + step) % 7 for step in range(7)]
        counts = np.array([self._counts[day] for day in days], dtype=float)
        self._image.setImage(counts.T, autoLevels=False, levels=(0, max(1.0, float(counts.max()))))
        self._image.setLookupTable(_ramp(look.colour("card"), look.colour("accent")))
        names = spoken.weekdays()
        self.getAxis(self.side).setTicks([[(row + 0.5, names[day]) for row, day in enumerate(days)]])
        self.getAxis("bottom").setTicks([[(hour + 0.5, spoken.hour(hour)) for hour in range(0, 24, 3)]])
        self.setXRange(0, 24, padding=0.01)
        self.setYRange(0, 7, padding=0.01)


class BarsChart(Chart):
    """Horizontal bars, longest first, each with its number at its end."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bars: tuple[tuple[str, int], ...] = ()
        super().__init__(parent)
        self.getViewBox().invertY(True)
        self.hideAxis("bottom")
        self.setMinimumHeight(160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width has room for other names, and must keep that for the numbers."""
        super().resizeEvent(event)
        if self._dressed is not None and event.size().width() != event.oldSize().width():
            self.redraw()

    def show_bars(self, bars: Sequence[tuple[str, int]]) -> None:
        """Names, already written for people, and counts."""
        self._bars = tuple(bars)
        self.redraw()

    def redraw(self) -> None:
        """Draw the figures anew."""
        self.clear()
        if not self._bars:
            return
        look, spoken = theme.current(), formats()
        counts = [count for _name, count in self._bars]
        rows = np.arange(len(counts)) + 0.5
        brush = pg.mkBrush(QColor(look.colours.charts[0]))
        self.addItem(pg.BarGraphItem(x0=0, y=rows, height=0.62, width=counts, brush=brush, pen=pg.mkPen(None)))
        most = max(counts)
        for row, count in zip(rows, counts, strict=True):
            label = pg.TextItem(spoken.number(count), color=look.colour("text"), anchor=(0, 0.5))
            if spoken.direction == "rtl":
                label.setAnchor((1, 0.5))
            label.setFont(look.font("small", 600))
            label.setPos(count + most * 0.015, row)
            self.addItem(label)
        metrics, room = QFontMetrics(look.font("small")), max(150, self.width() * 2 // 5)
        names = [metrics.elidedText(name, Qt.TextElideMode.ElideRight, room) for name, _count in self._bars]
        self.getAxis(self.side).setTicks([list(zip(rows, names, strict=True))])
        # The longest bar's number must have room behind it, whatever the size of type.
        plot = max(60, self.width() - max(map(metrics.horizontalAdvance, names)) - 24)
        number_room = QFontMetrics(look.font("small", 600)).horizontalAdvance(spoken.number(most)) + 16
        self.setXRange(0, most * plot / max(plot / 4, plot - number_room), padding=0)
        self.setYRange(0, max(4, len(counts)), padding=0.02)


class StackChart(Chart):
    """One bar of several parts, told apart by colour, pattern and the label beneath."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._parts: tuple[tuple[str, int], ...] = ()
        super().__init__(parent)
        for name in ("left", "right", "bottom"):
            self.hideAxis(name)
        self.setMinimumHeight(120)

    def show_parts(self, parts: Sequence[tuple[str, int]]) -> None:
        """Names, already written for people, and counts, in order."""
        self._parts = tuple(parts)
        self.redraw()

    def dress(self) -> None:
        """Take the theme, but no axes."""
        super().dress()
        for name in ("left", "right", "bottom"):
            self.hideAxis(name)

    def redraw(self) -> None:
        """Draw the figures anew."""
        self.clear()
        total = sum(count for _name, count in self._parts)
        if not total:
            return
        look = theme.current()
        at = 0
        slots = len(self._parts)
        for number, (name, count) in enumerate(self._parts):
            ink = QColor(look.colours.charts[number % len(look.colours.charts)])
            ground = pg.BarGraphItem(x0=at, y=[1.0], height=0.7, width=[count], brush=pg.mkBrush(look.colour("card")))
            brush = pg.mkBrush(ink)
            brush.setStyle(HATCHES[number % len(HATCHES)])
            part = pg.BarGraphItem(x0=at, y=[1.0], height=0.7, width=[count], brush=brush, pen=pg.mkPen(ink, width=1.5))
            if count:
                self.addItem(ground)
                self.addItem(part)
            at += count
            self._legend(number, slots, total, name, count, brush)
        self.setXRange(0, total, padding=0.01)
        self.setYRange(-0.9, 1.5, padding=0)

    def _legend(self, number: int, slots: int, total: int, name: str, count: int, brush: object) -> None:
        look, spoken = theme.current(), formats()
        left = total * number / slots
        swatch = pg.BarGraphItem(
            x0=left, y=[0.25], height=0.16, width=[total / slots * 0.16], brush=brush,
            pen=pg.mkPen(look.colours.charts[number % len(look.colours.charts)]),
        )  # fmt: skip
        self.addItem(swatch)
        rtl = spoken.direction == "rtl"
        for text, y, weight in ((spoken.number(count), -0.1, 600), (name, -0.28, 400)):
            font = look.font("heading" if weight == 600 else "small", weight)
            written = _wrapped(text, QFontMetrics(font), self.width() // slots - 8)
            label = pg.TextItem(written, color=look.colour("text" if weight == 600 else "secondary"))
            label.setAnchor((1 if rtl else 0, 0.5 if weight == 600 else 0))
            label.setFont(font)
            label.setPos(left, y)
            self.addItem(label)


def _wrapped(text: str, metrics: QFontMetrics, room: int) -> str:
    """`text` in lines of whole words that are no wider than `room` pixels, where its words allow it."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and metrics.horizontalAdvance(longer) > room:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)


def _ramp(low: QColor, high: QColor) -> "np.ndarray[tuple[int, ...], np.dtype[np.ubyte]]":
    """256 colours from `low` to `high`; the first step already stands out, so that one is told from none."""
    steps = 0.2 + 0.8 * np.linspace(0.0, 1.0, 256) ** 0.7
    steps[0] = 0.0
    ends = np.array([[low.red(), low.green(), low.blue()], [high.red(), high.green(), high.blue()]], dtype=float)
    table = ends[0] + np.outer(steps, ends[1] - ends[0])
    return np.asarray(table, dtype=np.ubyte)
