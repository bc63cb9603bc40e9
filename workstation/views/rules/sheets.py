"""Sheets of the rules: why one fits, what a file would change, and the agreement to holding replies."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QScrollArea, QVBoxLayout, QWidget

from workstation.domain.cases import Entry
from workstation.domain.explaining import Part
from workstation.domain.rules import Rule
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, render
from workstation.services.rulefile import Difference
from workstation.views import masking
from workstation.views.rules.words import follows
from workstation.views.widgets.labels import Paragraph, StrangerText
from workstation.views.widgets.marking import margins
from workstation.views.widgets.sheet import CANCEL, Sheet
from workstation.views.widgets.tint import in_list

FIELDS: dict[str, LazyText] = {
    "name": lazy("name"),
    "when": lazy("what it fits"),
    "enabled": lazy("on or off"),
    "add": lazy("tags put on"),
    "remove": lazy("tags taken off"),
    "priority": lazy("priority"),
    "team": lazy("team"),
    "collapse": lazy("folding"),
    "notify": lazy("notice"),
    "holding": lazy("holding reply"),
    "stop": lazy("later rules"),
}
JOINED: dict[str, LazyText] = {
    "all": lazy("All of these"),
    "any": lazy("One of these"),
    "not": lazy("None of these"),
}
CLOSE = lazy("Close")


class WhySheet(Sheet):
    """Each part of a rule's filter, and whether the message meets it."""

    def __init__(self, rule: Rule, entry: Entry, parts: Sequence[Part], fits: bool, parent: QWidget) -> None:
        said = lazy("“{rule}” fits this message", rule=rule.name)
        super().__init__(said if fits else lazy("“{rule}” does not fit this message", rule=rule.name), parent)
        self.body.addWidget(StrangerText(masking.message(entry.message).text[:600]))
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setAccessibleName(_("Parts of the filter"))
        for part in parts:
            self.list.addItem(_part(part))
        if not parts:
            text = _("It fits every message.") if fits else _("Its filter cannot be read.")
            self.list.addItem(text)
        self.body.addWidget(self.list, 1)
        if fits and not rule.enabled:
            self.body.addWidget(Paragraph(_("The rule is switched off.")))
        if entry.case is None and (rule.add or rule.remove or rule.team or rule.priority is not None):
            self.body.addWidget(Paragraph(_("The message has no case: there is nothing to tag.")))
        self.button("", CLOSE, "primary", default=True)
        self.list.setCurrentRow(0)
        self.resize(560, 420)


def _part(part: Part) -> QListWidgetItem:
    indent = "\u2003" * part.depth
    text = render(JOINED[part.joined]) if part.joined else part.text
    said = _("{part} – met", part=text) if part.fits else _("{part} – not met", part=text)
    icon = in_list("check", "ok") if part.fits else in_list("x", "danger")
    return QListWidgetItem(icon, f"{indent}{said}")


class ImportSheet(Sheet):
    """What taking over a file changes, rule by rule, before anything is changed."""

    def __init__(self, name: str, differences: Sequence[Difference], parent: QWidget) -> None:
        super().__init__(lazy("Take over the rules of {file}?", file=name), parent)
        page = QWidget()
        page.setProperty("role", "bare")
        column = QVBoxLayout(page)
        margins(column, 0, 0, 6, 0)
        column.setSpacing(8)
        for difference in differences:
            _explain(column, difference)
        if not differences:
            column.addWidget(Paragraph(_("The file says what these rules say already. Nothing would change.")))
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(page)
        scroll.setAccessibleName(_("What would change"))
        self.body.addWidget(scroll, 1)
        kept = Paragraph(_("Rules that the file does not name stay. Holding replies are off until you switch them on."))
        kept.setProperty("role", "small")
        self.body.addWidget(kept)
        self.button("", CANCEL, default=not differences)
        if differences:
            self.button("take", lazy("Take over"), "primary", default=True)
        self.resize(600, 460)


def _explain(column: QVBoxLayout, difference: Difference) -> None:
    before, after = difference.before, difference.after
    if before is None:
        head = _("New: {rule}", rule=after.name)
    elif difference.fields:
        names = formats().list([render(FIELDS[name]) for name in difference.fields if name in FIELDS])
        head = _("Changed: {rule} ({fields})", rule=after.name, fields=names)
    else:
        head = _("Moved: {rule}", rule=after.name)
    title = Paragraph(head)
    title.setProperty("role", "heading")
    column.addWidget(title)
    if before is not None and difference.fields:
        column.addWidget(Paragraph(_("− {rule}", rule=_line(before))))
    if before is None or difference.fields:
        column.addWidget(Paragraph(_("+ {rule}", rule=_line(after))))


def _line(rule: Rule) -> str:
    when = rule.when or _("every message")
    line = _("If {filter}: {follows}", filter=when, follows=follows(rule))
    return line if rule.enabled else _("{rule} (off)", rule=line)


class HoldingSheet(Sheet):
    """The explicit agreement to replies that nobody pressed a key for."""

    def __init__(self, rule: Rule, title: str, parent: QWidget) -> None:
        super().__init__(lazy("Let this rule answer customers?"), parent)
        for text in (
            _("When “{rule}” fits, the template “{template}” is drafted into the outbox.", rule=rule.name,
              template=title),
            _("Each case gets it once at most. It waits a minute or longer; you can take it back until it leaves."),
            _("It does not count as an answer: the customer stays in your queue."),
        ):  # fmt: skip
            self.body.addWidget(Paragraph(text))
        self.button("", CANCEL, default=True)
        self.button("agree", lazy("Switch on holding replies"), "danger")
        self.resize(560, 320)
