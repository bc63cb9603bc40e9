"""The form of one rule: its name, what it fits, what follows. It takes a rule and tells what became of it."""

from collections.abc import Sequence

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFormLayout, QHBoxLayout, QLabel, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from workstation.domain.rules import HIGHEST_PRIORITY, LONGEST_NAME, LONGEST_TAG, MOST_TAGS, Rule, Severity
from workstation.domain.templates import Family
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, render
from workstation.views.deck.filter_field import Count, FilterField, Run
from workstation.views.settings.rows import LazyCombo
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import pad
from workstation.views.widgets.retranslating import Retranslating

NOTICES: tuple[tuple[str, LazyText], ...] = (
    ("", lazy("No notice")),
    (Severity.QUIET.value, lazy("Quiet: only in the list of notices")),
    (Severity.NORMAL.value, lazy("Usual")),
    (Severity.URGENT.value, lazy("Urgent: stays until it is closed")),
)
UNCHANGED = -HIGHEST_PRIORITY - 1
"""The number that stands for "leave the priority as it is"."""


def tags_of(text: str) -> tuple[str, ...]:
    """Tags as they are typed, parted by spaces or commas."""
    words = text.replace(",", " ").lower().split()
    return tuple(dict.fromkeys(word[:LONGEST_TAG].strip("#") for word in words if word.strip("#")))[:MOST_TAGS]


class RuleEditor(Retranslating):
    """The form. `edited` after each change by hand."""

    edited = Signal()
    agreement_wanted = Signal(bool)
    """The holding reply is to be switched on or off at this desk."""

    def __init__(self, count: Count, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._rule = Rule("", "")
        self._loading = False
        self.agreed = False
        self.name = QLineEdit()
        self.name.setMaxLength(LONGEST_NAME)
        self.when = FilterField(count, run)
        self.add, self.remove, self.team = QLineEdit(), QLineEdit(), QLineEdit()
        self.team.setMaxLength(LONGEST_TAG)
        self.priority = QSpinBox()
        self.priority.setRange(UNCHANGED, HIGHEST_PRIORITY)
        pad(self.priority)
        self.collapse, self.stop = QCheckBox(), QCheckBox()
        self.notify = LazyCombo(NOTICES)
        self.holding = LazyCombo((("", lazy("No holding reply")),))
        self.agree = TextButton(lazy("Switch on…"))
        self.agree.clicked.connect(lambda: self.agreement_wanted.emit(not self.agreed))
        self._state = Paragraph()
        self._state.setProperty("role", "small")
        self._labels: list[tuple[QLabel, LazyText, QWidget]] = []
        self._compose()
        self._connect()
        self.retranslate()

    def _compose(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(16)
        form.setVerticalSpacing(10)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        reply = QHBoxLayout()
        reply.addWidget(self.holding, 1)
        reply.addWidget(self.agree)
        rows: tuple[tuple[LazyText, QWidget, QWidget | QHBoxLayout], ...] = (
            (lazy("Name"), self.name, self.name),
            (lazy("If a message fits"), self.when.line, self.when),
            (lazy("Put on tags"), self.add, self.add),
            (lazy("Take off tags"), self.remove, self.remove),
            (lazy("Priority"), self.priority, self.priority),
            (lazy("Team"), self.team, self.team),
            (lazy("Notice"), self.notify, self.notify),
            (lazy("Holding reply"), self.holding, reply),
        )
        for words, control, field in rows:
            label = QLabel()
            label.setBuddy(control)
            self._labels.append((label, words, control))
            form.addRow(label, field)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(10)
        column.addLayout(form)
        for widget in (self._state, self.collapse, self.stop):
            column.addWidget(widget)

    def _connect(self) -> None:
        for line in (self.name, self.when.line, self.add, self.remove, self.team):
            line.textEdited.connect(lambda _text: self._tell())
        self.priority.valueChanged.connect(lambda _value: self._tell())
        for box in (self.collapse, self.stop):
            box.toggled.connect(lambda _on: self._tell())
        for combo in (self.notify, self.holding):
            combo.currentIndexChanged.connect(lambda _index: self._tell())

    def _tell(self) -> None:
        if not self._loading:
            self._show_agreement()
            self.edited.emit()

    @property
    def sound(self) -> bool:
        """Whether the rule can be saved: it has a name, and its filter can be read."""
        return bool(self.name.text().strip()) and self.when.error is None

    def show_templates(self, families: Sequence[Family]) -> None:
        """Offer these templates as holding replies."""
        chosen = str(self.holding.currentData() or "")
        self._loading = True
        while self.holding.count() > 1:
            self.holding.removeItem(1)
        for family in families:
            self.holding.addItem(family.title, family.key)
        self._choose_holding(chosen)
        self._loading = False

    def put(self, rule: Rule, *, agreed: bool) -> None:
        """Show a rule; `agreed` if its holding reply is switched on at this desk."""
        self._rule, self.agreed = rule, agreed
        self._loading = True
        self.name.setText(rule.name)
        self.when.put(rule.when)
        self.add.setText(" ".join(rule.add))
        self.remove.setText(" ".join(rule.remove))
        self.team.setText(rule.team)
        self.priority.setValue(UNCHANGED if rule.priority is None else rule.priority)
        self.collapse.setChecked(rule.collapse)
        self.stop.setChecked(rule.stop)
        self.notify.choose(rule.notify.value if rule.notify else "")
        self._choose_holding(rule.holding)
        self._loading = False
        self._show_agreement()

    def _choose_holding(self, template: str) -> None:
        # A template that is not here (yet) is shown by its key rather than forgotten.
        if template and self.holding.findData(template) < 0:
            self.holding.addItem(template, template)
        self.holding.choose(template)

    def rule(self) -> Rule:
        """The rule as it is written now."""
        severity = str(self.notify.currentData() or "")
        priority = self.priority.value()
        return msgspec.structs.replace(
            self._rule,
            name=self.name.text().strip(),
            when=self.when.text,
            add=tags_of(self.add.text()),
            remove=tags_of(self.remove.text()),
            team="".join(tags_of(self.team.text())[:1]),
            priority=None if priority == UNCHANGED else priority,
            collapse=self.collapse.isChecked(),
            stop=self.stop.isChecked(),
            notify=Severity(severity) if severity else None,
            holding=str(self.holding.currentData() or ""),
        )

    def show_agreement(self, agreed: bool) -> None:
        """Show whether the holding reply is switched on."""
        self.agreed = agreed
        self._show_agreement()

    def _show_agreement(self) -> None:
        wanted = bool(self.holding.currentData())
        same = self._rule.holding == (self.holding.currentData() or "")
        on = self.agreed and same
        if not wanted:
            text = ""
        elif on:
            text = _("The holding reply is switched on: it is drafted into the outbox once for each case.")
        elif same:
            text = _("The holding reply is off at this desk until you switch it on.")
        else:
            text = _("Save the rule; then the holding reply can be switched on.")
        self._state.setText(text)
        self._state.setVisible(bool(text))
        self.agree.setVisible(wanted)
        self.agree.setEnabled(same)
        self.agree.rename(lazy("Switch off") if on else lazy("Switch on…"))

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        for label, words, control in self._labels:
            label.setText(render(words))
            control.setAccessibleName(render(words))
        self.collapse.setText(_("Fold the card: it stays where it is and opens with a click"))
        self.stop.setText(_("Ask no later rule about what this one fits"))
        self.priority.setSpecialValueText(_("as it is"))
        self.add.setPlaceholderText(_("For example: refund late"))
        self.team.setPlaceholderText(_("For example: billing"))
        self.remove.setPlaceholderText(_("Tags, parted by spaces"))
        for combo in (self.notify, self.holding):
            combo.retranslate()
        self._show_agreement()
