"""The frame of a chart: its title, its definition, and the same figures as a table."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.text import lazy
from workstation.i18n import _, render
from workstation.views.kpi.definitions import Definition
from workstation.views.widgets.buttons import IconButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import fit_rows
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.sheet import Sheet


class FigureTable(QTableWidget):
    """Figures in rows and columns, for reading, copying and screen readers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        fit_rows(self)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)

    def fill(self, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Show `rows` under `head`; the selection stays on its row."""
        chosen = self.currentRow()
        self.setColumnCount(len(head))
        self.setHorizontalHeaderLabels(list(head))
        self.setRowCount(len(rows))
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                self.setItem(number, column, QTableWidgetItem(text))
        if rows:
            self.setCurrentCell(max(0, min(chosen, len(rows) - 1)), 0)


class ChartFrame(Retranslating):
    """A tile with a chart, and the chart's figures as a table in its place at the press of a button."""

    def __init__(self, definition: Definition, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._definition = definition
        self.chart = QWidget()
        self.table = FigureTable()
        self._title = Paragraph()
        self._title.setProperty("role", "heading")
        self._empty = Paragraph()
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setProperty("role", "secondary")
        self._stack = QStackedWidget()
        for part in (self.chart, self.table, self._empty):
            self._stack.addWidget(part)
        self.info = IconButton("info", lazy("What this figure means"), size=28)
        self.info.clicked.connect(self._define)
        self.toggle = IconButton("table", lazy("View as table"), size=28)
        self.toggle.clicked.connect(self.switch)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self.info)
        top.addWidget(self.toggle)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 12)
        column.setSpacing(8)
        column.addLayout(top)
        column.addWidget(self._stack, 1)
        self._as_table = False
        self._has_data = False
        self.retranslate()

    def plot(self, chart: QWidget) -> None:
        """Have a chart where there is none yet."""
        self._stack.insertWidget(0, chart)
        self._stack.removeWidget(self.chart)
        self.chart.deleteLater()
        self.chart = chart
        chart.setAccessibleName(render(self._definition.title))
        self._choose()

    def show_figures(self, head: Sequence[str], rows: Sequence[Sequence[str]], *, empty: str) -> None:
        """Show figures as a table too; without any, `empty` says why."""
        self._has_data = bool(rows)
        self.table.fill(head, rows)
        self._empty.setText(empty)
        self._choose()

    def switch(self) -> None:
        """Show the table instead of the chart, or the chart again."""
        self._as_table = not self._as_table
        self._choose()
        if self._as_table:
            self.table.setFocus()

    def _choose(self) -> None:
        shown: QWidget = self._empty if not self._has_data else self.table if self._as_table else self.chart
        self._stack.setCurrentWidget(shown)
        self.toggle.setEnabled(self._has_data)
        if self._as_table:
            self.toggle.rename(lazy("View as chart"), "chart-line")
        else:
            self.toggle.rename(lazy("View as table"), "table")

    def _define(self) -> None:
        sheet = Sheet(self._definition.title, self.window())
        sheet.body.addWidget(Paragraph(render(self._definition.formula)))
        version = Paragraph(
            _("Figure {number}, version {version} of its definition", number=self._definition.number,
              version=self._definition.version)
        )  # fmt: skip
        version.setProperty("role", "small")
        sheet.body.addWidget(version)
        sheet.button("", lazy("Close"), default=True)
        sheet.open()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        title = render(self._definition.title)
        self._title.setText(title)
        self.setAccessibleName(title)
        self.table.setAccessibleName(title)
        self.chart.setAccessibleName(title)
