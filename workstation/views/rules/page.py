"""The page of rules: their order at the side, the chosen one beside it, the dry run beneath."""

from collections.abc import Callable, Sequence

import msgspec
from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.replay import Report
from workstation.domain.rules import Rule
from workstation.domain.text import lazy
from workstation.i18n import _, render
from workstation.views.deck.filter_field import Count, Run
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import BY_ID
from workstation.views.rules.editor import RuleEditor
from workstation.views.rules.examples import EXAMPLES
from workstation.views.rules.report import DryRunView
from workstation.views.rules.words import follows
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import keep_in, margins
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.wrapped import Wrapped

ROLE = Qt.ItemDataRole.UserRole
BUTTONS = ("rules.new", "rules.try", "rules.why", "rules.import", "rules.export")
ROW_BUTTONS = ("rules.up", "rules.down", "rules.copy", "rules.remove")
WIDEST = 900


class RulesPage(Retranslating):
    """Rules in, rules out; what is being written stays with its rule until it is saved or given up."""

    saved = Signal(object, object)
    """All rules as they are wanted, and a LazyText that says what was done."""
    example_wanted = Signal(object)
    """A Rule of the examples."""

    def __init__(
        self,
        actions: DeskActions,
        count: Count,
        run: Run,
        now: Callable[[], int],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "page")
        self.rules: tuple[Rule, ...] = ()
        self.agreed: Callable[[Rule], bool] = lambda _rule: False
        self._drafts: dict[str, Rule] = {}
        self._filling = False
        self._title, self._hint = Paragraph(), Paragraph()
        self._title.setProperty("role", "title")
        self._hint.setProperty("role", "secondary")
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setItemDelegate(Wrapped(self.list))
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.editor = RuleEditor(count, run)
        self.report = DryRunView(now)
        self.save = TextButton(lazy("Save"), role="primary")
        self.save.follow(actions["rules.save"])
        self.drop = TextButton(lazy("Discard the changes"))
        self.empty = EmptyState(
            "filter",
            lazy("No rules yet"),
            lazy("A rule does by itself what you do again and again. Try it out on the last 30 days first."),
        )
        self._examples = [TextButton(title) for title, _hint, _rule in EXAMPLES]
        self._stack = QStackedWidget()
        self._stack.addWidget(self._first_steps(actions))
        self._stack.addWidget(self._work(actions))
        head = QWidget()
        tools = FlowLayout(head)
        for name in BUTTONS:
            tools.addWidget(_button(actions, name))
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 16)
        column.setSpacing(10)
        for widget in (self._title, self._hint, head):
            column.addWidget(widget)
        column.addWidget(self._stack, 1)
        self._connect()
        self.retranslate()

    # -- building --------------------------------------------------------------------------------------------------

    def _first_steps(self, actions: DeskActions) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.addStretch(1)
        column.addWidget(self.empty)
        self._offers = [Paragraph() for _each in EXAMPLES]
        for button, words, (_title, _hint, rule) in zip(self._examples, self._offers, EXAMPLES, strict=True):
            words.setProperty("role", "small")
            words.setAlignment(Qt.AlignmentFlag.AlignCenter)
            button.clicked.connect(lambda _=False, chosen=rule: self.example_wanted.emit(chosen))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(words)
        own = TextButton(lazy("Write a rule of your own"), role="primary")
        own.follow(actions["rules.new"])
        column.addWidget(own, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(2)
        return _scrolled(page)

    def _work(self, actions: DeskActions) -> QWidget:
        side = QWidget()
        left = QVBoxLayout(side)
        left.setContentsMargins(0, 0, 0, 0)
        left.addWidget(self.list, 1)
        row = QHBoxLayout()
        for name in ROW_BUTTONS:
            icon = IconButton(BY_ID[name].icon, BY_ID[name].label)
            icon.follow(actions[name])
            row.addWidget(icon)
        row.addStretch(1)
        left.addLayout(row)
        right = QWidget()
        column = QVBoxLayout(right)
        margins(column, 0, 0, 6, 0)
        column.setSpacing(10)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.drop)
        foot.addWidget(self.save)
        column.addWidget(self.editor)
        column.addLayout(foot)
        column.addStretch(1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        keep_in(splitter)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(12)
        splitter.addWidget(side)
        down = self._down = QSplitter(Qt.Orientation.Vertical)
        down.setChildrenCollapsible(False)
        down.setHandleWidth(12)
        down.addWidget(_scrolled(right))
        down.addWidget(self.report)
        splitter.addWidget(down)
        splitter.setStretchFactor(0, 2)
        splitter.setStretchFactor(1, 3)
        return splitter

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(lambda _row: self._chosen())
        self.list.itemChanged.connect(self._switched)
        self.list.model().rowsMoved.connect(lambda *_: self._dragged())
        self.editor.edited.connect(self._edited)
        self.editor.when.changed.connect(lambda _sound: self._look())
        self.drop.clicked.connect(self.discard)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def show_rules(self, rules: Sequence[Rule], choose: str = "") -> None:
        """Show the rules; `choose` is the one to select."""
        chosen = choose or (self.current.id if self.current is not None else "")
        self.rules = tuple(rules)
        self._drafts = {name: rule for name, rule in self._drafts.items() if any(r.id == name for r in rules)}
        self._filling = True
        self.list.clear()
        for place, rule in enumerate(rules, 1):
            item = QListWidgetItem()
            item.setData(ROLE, rule.id)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if rule.enabled else Qt.CheckState.Unchecked)
            self._write(item, place, rule)
            self.list.addItem(item)
        at = next((n for n, rule in enumerate(rules) if rule.id == chosen), 0)
        self.list.setCurrentRow(at if rules else -1)
        self._filling = False
        self._stack.setCurrentIndex(1 if rules else 0)
        self._chosen()

    def _write(self, item: QListWidgetItem, place: int, rule: Rule) -> None:
        name = rule.name or _("Without a name")
        if rule.id in self._drafts:
            name = _("{rule} – not saved", rule=name)
        if not rule.enabled:
            name = _("{rule} (off)", rule=name)
        name = _("{place}. {rule}", place=place, rule=name)
        when = rule.when or _("every message")
        line = _("If {filter}: {follows}", filter=when, follows=follows(rule))
        item.setText(f"{name}\n{line}")
        item.setSizeHint(QSize())

    @property
    def current(self) -> Rule | None:
        """The chosen rule as it is saved."""
        row = self.list.currentRow()
        return self.rules[row] if 0 <= row < len(self.rules) else None

    @property
    def written(self) -> Rule | None:
        """The chosen rule as it is written at this moment."""
        return self.editor.rule() if self.current is not None else None

    def step(self, by: int) -> None:
        """Choose another rule."""
        if self.rules:
            self.list.setCurrentRow(max(0, min(len(self.rules) - 1, self.list.currentRow() + by)))

    def enter(self) -> None:
        """Go to the name of the chosen rule: it is new."""
        self.editor.name.setFocus()
        self.editor.name.selectAll()

    def begin_report(self) -> None:
        """Make room for a dry run that begins."""
        shown = self.report.isVisible()
        self.report.begin()
        if not shown:
            self._down.setSizes([55, 45])

    def show_report(self, report: Report | None) -> None:
        """Show what a dry run found, that of the chosen rule unfolded; None: there is nothing to show."""
        self.report.end(report, self.current.id if self.current is not None else "")
        if report is not None:
            self.report.tree.setFocus()

    def show_agreement(self) -> None:
        """Show whether the holding reply is on."""
        if self.current is not None:
            self.editor.show_agreement(self.agreed(self.current))

    def refresh(self) -> None:
        """Show the chosen rule again: templates have come."""
        self._chosen()

    def _chosen(self) -> None:
        if self._filling:
            return
        rule = self.current
        self.editor.setEnabled(rule is not None)
        if rule is not None:
            self.editor.put(self._drafts.get(rule.id, rule), agreed=self.agreed(rule))
        self.looked.emit()
        self._look()

    looked = Signal()
    """Another rule was chosen, or it is about to be saved or not: what is possible may be something else."""

    @property
    def savable(self) -> bool:
        """Whether there is something to save that can be read."""
        rule = self.current
        return rule is not None and rule.id in self._drafts and self.editor.sound

    def _look(self) -> None:
        rule = self.current
        self.drop.setEnabled(rule is not None and rule.id in self._drafts)
        self.looked.emit()

    # -- what is done ----------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        rule = self.current
        if rule is None:
            return
        now = self.editor.rule()
        if now == rule:
            self._drafts.pop(rule.id, None)
        else:
            self._drafts[rule.id] = now
        self._rewrite()
        self._look()

    def _rewrite(self) -> None:
        self._filling = True
        for place, rule in enumerate(self.rules, 1):
            item = self.list.item(place - 1)
            if item is not None:
                self._write(item, place, rule)
        self._filling = False

    def discard(self) -> None:
        """Give up what was written in the chosen rule."""
        rule = self.current
        if rule is not None and self._drafts.pop(rule.id, None) is not None:
            self._rewrite()
            self._chosen()

    def save_current(self) -> None:
        """Save what was written in the chosen rule."""
        rule = self.current
        if rule is None or not self.savable:
            return
        now = self._drafts.pop(rule.id)
        # Whether it is on is changed in the list alone, and may have been meanwhile.
        now = msgspec.structs.replace(now, enabled=rule.enabled)
        rules = tuple(now if each.id == rule.id else each for each in self.rules)
        self.saved.emit(rules, lazy("Saved: {rule}", rule=now.name))

    def _switched(self, item: QListWidgetItem) -> None:
        rule = next((rule for rule in self.rules if rule.id == item.data(ROLE)), None)
        on = item.checkState() is Qt.CheckState.Checked
        if self._filling or rule is None or rule.enabled is on:
            return
        rules = tuple(msgspec.structs.replace(each, enabled=on) if each is rule else each for each in self.rules)
        said = lazy("Switched on: {rule}", rule=rule.name) if on else lazy("Switched off: {rule}", rule=rule.name)
        self.saved.emit(rules, said)

    def switch(self) -> None:
        """Switch the chosen rule on or off."""
        item = self.list.currentItem()
        if item is not None:
            on = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def shift(self, by: int) -> None:
        """Ask the chosen rule earlier or later."""
        at = self.list.currentRow()
        to = at + by
        if not 0 <= at < len(self.rules) or not 0 <= to < len(self.rules):
            return
        rules = list(self.rules)
        rules.insert(to, rules.pop(at))
        self.saved.emit(tuple(rules), lazy("Order of the rules changed"))

    def _dragged(self) -> None:
        if self._filling:
            return
        known = {rule.id: rule for rule in self.rules}
        order = [str(self.list.item(row).data(ROLE)) for row in range(self.list.count())]
        self.saved.emit(tuple(known[name] for name in order), lazy("Order of the rules changed"))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("Rules"))
        self._hint.setText(_("Asked from top to bottom for every new or edited message; each acts once."))
        self.setAccessibleName(_("Rules"))
        self.list.setAccessibleName(_("Rules in the order in which they are asked"))
        for words, (_title, hint, _rule) in zip(self._offers, EXAMPLES, strict=True):
            words.setText(render(hint))
        self._rewrite()


def _scrolled(part: QWidget) -> QScrollArea:
    part.setProperty("role", "bare")
    scroll = QScrollArea()
    scroll.setWidgetResizable(True)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(part)
    return scroll


def _button(actions: DeskActions, name: str) -> TextButton:
    spec = BY_ID[name]
    button = TextButton(spec.label, icon=spec.icon)
    button.follow(actions[name])
    return button
