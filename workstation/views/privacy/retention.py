"""How long each channel's solved cases stay: a number of days, what that would remove now, and only then the rule."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from workstation.domain.channels import ChannelConfig
from workstation.domain.privacy import Expiring, RetentionRule
from workstation.domain.text import lazy
from workstation.i18n import _, formats, ngettext
from workstation.views import theme
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided, Paragraph
from workstation.views.widgets.marking import margins, pad
from workstation.views.widgets.retranslating import Retranslating

SHORTEST, LONGEST, USUAL = 1, 3_650, 365
WIDEST = 820


class RetentionTile(Retranslating):
    """One channel's rule. Nothing is removed before what would go was shown for this very number of days."""

    asked = Signal(int, int)
    """Channel and days to count for."""
    decided = Signal(int, int)
    """Channel and days to keep; 0 for ever."""

    def __init__(self, config: ChannelConfig, rule: RetentionRule | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self.config, self._rule = config, rule
        self._expiring: Expiring | None = None
        self._counted = 0
        self._name, self._words = Elided(), Paragraph()
        self._name.setProperty("role", "heading")
        self._words.setProperty("role", "secondary")
        self.limited = QCheckBox()
        self.days = QSpinBox()
        pad(self.days)
        self.days.setRange(SHORTEST, LONGEST)
        self.days.setValue(rule.days if rule is not None else USUAL)
        self.limited.setChecked(rule is not None)
        self.keep = TextButton(lazy("Keep this rule"), role="primary")
        controls = QWidget()
        row = FlowLayout(controls)
        for widget in (self.limited, self.days, self.keep):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._name)
        column.addWidget(controls)
        column.addWidget(self._words)
        self.limited.toggled.connect(self._changed)
        self.days.valueChanged.connect(self._changed)
        self.keep.clicked.connect(lambda: self.decided.emit(self.config.id, self.wanted))
        self.retranslate()

    @property
    def wanted(self) -> int:
        """The days that are set; 0 for ever."""
        return self.days.value() if self.limited.isChecked() else 0

    def ask(self) -> None:
        """Have it counted what the days would remove."""
        if self.wanted:
            self.asked.emit(self.config.id, self.wanted)

    def _changed(self) -> None:
        self._expiring = None
        self.retranslate()
        self.ask()

    def show_expiring(self, expiring: Expiring, days: int) -> None:
        """Show what so many days would remove now."""
        self._expiring, self._counted = expiring, days
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._name.setText(self.config.name)
        self.limited.setText(_("Remove solved cases after"))
        self.limited.setAccessibleName(_("{channel}: remove solved cases", channel=self.config.name))
        self.days.setSuffix(" " + _("days"))
        self.days.setAccessibleName(_("{channel}: days", channel=self.config.name))
        self.days.setEnabled(self.limited.isChecked())
        known = self._expiring is not None and self._counted == self.wanted
        changed = self.wanted != (self._rule.days if self._rule is not None else 0)
        self.keep.setEnabled(changed and (known or not self.wanted))
        self._words.setText(self._said(self._expiring if known else None))

    def _said(self, expiring: Expiring | None) -> str:
        if not self.wanted:
            return _("Everything is kept.")
        if expiring is None:
            return _("Counting what would go…")
        cases = ngettext("{count} case", "{count} cases", expiring.cases)
        messages = ngettext("{count} message", "{count} messages", expiring.messages)
        said = _("Goes now, for good: {cases} with {messages}.", cases=cases, messages=messages)
        if not expiring.cases:
            said = _("Nothing is as old as that.")
        elif expiring.oldest:
            said += " " + _("The oldest was solved on {date}.", date=formats().date(expiring.oldest))
        if expiring.held:
            said += " " + ngettext(
                "{count} case stays under legal hold.", "{count} cases stay under legal hold.", expiring.held
            )
        return said


class RetentionSection(Retranslating):
    """A tile for each channel."""

    asked = Signal(int, int)
    decided = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: dict[int, RetentionTile] = {}
        self._about = Paragraph()
        self._about.setProperty("role", "secondary")
        self._empty = EmptyState("plug", lazy("No channel yet"), lazy("Each channel has a rule of its own."))
        inside = QWidget()
        inside.setProperty("role", "bare")
        self._list = QVBoxLayout(inside)
        margins(self._list, 0, 0, 8, 0)
        self._list.setSpacing(10)
        self._list.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(10)
        column.addWidget(self._about)
        column.addWidget(self._scroll, 1)
        column.addWidget(self._empty, 1)
        self.retranslate()

    def show_channels(self, configs: Sequence[ChannelConfig], rules: Mapping[int, RetentionRule]) -> None:
        """Show the channels with their rules as they are stored."""
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.tiles.clear()
        for config in configs:
            tile = self.tiles[config.id] = RetentionTile(config, rules.get(config.id))
            tile.setMaximumWidth(round(WIDEST * max(1.0, theme.current().scale)))
            tile.asked.connect(self.asked)
            tile.decided.connect(self.decided)
            self._list.addWidget(tile)
            tile.ask()
        self._scroll.setVisible(bool(configs))
        self._empty.setVisible(not configs)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._scroll.setAccessibleName(_("Retention by channel"))
        self._about.setText(
            _(
                "Once a day solved cases that are older than the rule go with their messages, a few at a time. What "
                "is under legal hold stays. This cannot be undone, and the network does not bring them back."
            )
        )
