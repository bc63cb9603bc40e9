"""The head of a case: whose it is, where it stands, its tags, and what one can do next."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workstation.domain.cases import Case, Entry, Holder, Status
from workstation.domain.messages import Micros
from workstation.domain.text import lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.views import masking
from workstation.views.case.around import NOTHING, Around
from workstation.views.case.words import HOLDER, OUTCOME, STATUS, STATUS_TONE, TIE
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import BY_ID
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.chips import Chip, TagChip
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided
from workstation.views.widgets.retranslating import Retranslating

if TYPE_CHECKING:
    from workstation.views.widgets.avatar import Avatar

HOLDER_TONE = {Holder.MINE: "accent", Holder.HELD: "warn", Holder.FREE: ""}
MOST_TAGS = 8
"""More would push the thread out of the window."""
TITLE = 40
"""Letters of a title or an address that fit a chip."""
MINUTE: Micros = 60_000_000
LONG: Micros = 3_600_000_000
"""How long a customer waits until the chip warns (41 % expect an answer within the hour)."""


class CaseHeader(Retranslating):
    """Data in; the buttons follow the window's actions."""

    untagged = Signal(str)

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._entry: Entry | None = None
        self._channel = ""
        self._around = NOTHING
        self._now: Micros = 0
        self._avatar: Avatar | None = None
        self._name, self._where = Elided(), Elided()
        self._name.setProperty("role", "title")
        self._where.setProperty("role", "small")
        self._chips = QWidget()
        self._chip_row = FlowLayout(self._chips)
        self._top = QHBoxLayout()
        self._top.setSpacing(10)
        who = QVBoxLayout()
        who.setSpacing(0)
        who.addWidget(self._name)
        who.addWidget(self._where)
        self._top.addLayout(who, 1)
        for name in ("case.refresh", "case.browser", "case.close"):
            self._top.addWidget(self._icon_button(name))
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 10, 8)
        column.setSpacing(10)
        column.addLayout(self._top)
        column.addWidget(self._chips)
        column.addWidget(self._buttons())
        self.retranslate()

    def _icon_button(self, name: str) -> IconButton:
        button = IconButton(BY_ID[name].icon, BY_ID[name].label)
        button.follow(self._actions[name])
        return button

    def _buttons(self) -> QWidget:
        holder = QWidget()
        row = FlowLayout(holder)
        self._reply = TextButton(lazy("Reply"), icon="reply", role="primary")
        self._reply.follow(self._actions["case.reply"])
        self._claim = TextButton(lazy("Assign to me"), icon="user-plus")
        self._claim.clicked.connect(self._toggle_claim)
        self._resolve = TextButton(lazy("Resolve"), icon="circle-check")
        self._resolve.clicked.connect(self._toggle_resolve)
        for button in (self._reply, self._claim, self._resolve):
            row.addWidget(button)
        # One item of the flow: they wrap together or not at all.
        icons = QWidget()
        icon_row = QHBoxLayout(icons)
        icon_row.setContentsMargins(0, 0, 0, 0)
        icon_row.setSpacing(2)
        for name in ("case.tag", "case.snooze", "case.promise", "case.note", "case.more", "act.menu"):
            icon_row.addWidget(self._icon_button(name))
        row.addWidget(icons)
        return holder

    def show_entry(self, entry: Entry, channel: str, around: Around, now: Micros) -> None:
        """Show a case (or a message without one) of the channel named `channel`, and what surrounds it."""
        # Imported when first opened: a start pays for every module.
        from workstation.views.widgets.avatar import Avatar

        author = entry.message.author
        if self._avatar is None:
            self._avatar = Avatar(author)
            self._top.insertWidget(0, self._avatar)
        self._avatar.show_author(author)
        self._entry, self._channel, self._around, self._now = entry, channel, around, now
        self.retranslate()

    def set_now(self, now: Micros) -> None:
        """Write what depends on the time anew."""
        self._now = now
        self._write_chips()

    @property
    def _case(self) -> Case | None:
        return self._entry.case if self._entry is not None else None

    def _toggle_claim(self) -> None:
        mine = self._case is not None and self._case.holder is Holder.MINE
        self._actions.run("case.release" if mine else "case.claim")

    def _toggle_resolve(self) -> None:
        solved = self._case is not None and self._case.status is Status.SOLVED
        self._actions.run("case.reopen" if solved else "case.resolve")

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        if self._entry is None:
            return
        author = self._entry.message.author
        self._name.setText(masking.name(author))
        handle = masking.handle(author)
        self._where.setText(f"{handle} · {self._channel}" if self._channel else handle)
        self._write_chips()
        case = self._case
        mine = case is not None and case.holder is Holder.MINE
        self._claim.rename(lazy("Give back") if mine else lazy("Assign to me"), "user-minus" if mine else "user-plus")
        self._claim.setToolTip(self._actions["case.release" if mine else "case.claim"].toolTip())
        self._claim.setEnabled(case is not None and case.status is not Status.SOLVED)
        solved = case is not None and case.status is Status.SOLVED
        self._resolve.rename(lazy("Reopen") if solved else lazy("Resolve"), "rotate-ccw" if solved else "circle-check")
        self._resolve.setToolTip(self._actions["case.reopen" if solved else "case.resolve"].toolTip())
        self._resolve.setEnabled(case is not None)

    def _write_chips(self) -> None:
        while (item := self._chip_row.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if self._entry is None:
            return
        for text, tone in self._facts():
            self._chip_row.addWidget(Chip(text, tone, self._chips))
        for text, action, tone, tip in self._ways():
            way = self._way(text, action, tip)
            way.setProperty("role", "way")
            way.setProperty("tone", tone)
            self._chip_row.addWidget(way)
        tags = self._case.tags if self._case is not None else ()
        shown = tags if len(tags) <= MOST_TAGS else tags[: MOST_TAGS - 1]
        for tag in shown:
            chip = TagChip(tag, self._chips)
            chip.removed.connect(self.untagged)
            self._chip_row.addWidget(chip)
        if len(shown) < len(tags):
            self._chip_row.addWidget(self._further(tags[len(shown) :]))
        self._chips.updateGeometry()

    def _further(self, tags: tuple[str, ...]) -> QPushButton:
        """What opens the choice of tags, where all of them are."""
        more = self._way(f"\u200e+{formats().number(len(tags))}", "case.tag", formats().list(list(tags)))
        more.setAccessibleName(self._actions["case.tag"].text().replace("&", ""))
        return more

    def _way(self, text: str, action: str, tip: str) -> QPushButton:
        """A fact that leads somewhere: pressing it does `action`, which has a key too."""
        way = QPushButton(text, self._chips)
        way.setProperty("role", "link")
        way.setAutoDefault(False)
        way.setToolTip(tip or self._actions[action].toolTip())
        way.setAccessibleDescription(way.toolTip())
        way.clicked.connect(self._actions[action].trigger)
        return way

    def _ways(self) -> list[tuple[str, str, str, str]]:
        """What surrounds the case: text, the action that leads there, the tone, and more about it."""
        around = self._around
        found: list[tuple[str, str, str, str]] = []
        if around.others:
            count = len(around.others)
            words = ngettext("{count} other open case", "{count} other open cases", count)
            found.append((words, "case.others", "warn", ""))
        if around.ties:
            count = len(around.ties)
            kinds = formats().list(list(dict.fromkeys(render(TIE[tie.kind]) for tie in around.ties)))
            found.append((ngettext("{count} linked case", "{count} linked cases", count), "case.others", "", kinds))
        if around.issue is not None:
            title = " ".join(around.issue.title.split())
            shown = title if len(title) <= TITLE else title[:TITLE] + "\u2026"
            found.append((shown.replace("&", "&&"), "issue.list", "", title[:400]))
        return found

    def _facts(self) -> list[tuple[str, str]]:
        case = self._case
        if case is None:
            return [(_("No case"), "")]
        found = [
            (render(STATUS[case.status]), STATUS_TONE.get(case.status, "")),
            (render(HOLDER[case.holder]), HOLDER_TONE[case.holder]),
        ]
        if case.outcome is not None:
            found.append((render(OUTCOME[case.outcome]), "ok"))
        if case.waiting_since:
            waited = formats().duration((self._now - case.waiting_since) / 1_000_000)
            tone = "danger" if self._now - case.waiting_since > LONG else "warn"
            found.append((_("waiting {time}", time=waited), tone))
        if case.snoozed_until:
            found.append((_("until {time}", time=formats().datetime(case.snoozed_until)), "warn"))
        if case.due_at:
            found.append(self._promise(case.due_at))
        if case.escalated_at:
            found.append((self._asked(case.escalated_at), "warn"))
        if case.episode > 1:
            found.append((_("request {number} of this conversation", number=case.episode), ""))
        return found

    def _promise(self, due: Micros) -> tuple[str, str]:
        if due < self._now:
            over = (self._now - due) // MINUTE
            if not over:
                return _("promised for now"), "danger"
            return _("promise late by {time}", time=formats().duration(over * 60)), "danger"
        return _("promised by {time}", time=formats().datetime(due)), "accent"

    def _asked(self, since: Micros) -> str:
        waited = (self._now - since) // MINUTE
        to = self._around.escalation.to[:TITLE] if self._around.escalation is not None else _("people inside")
        if not waited:
            return _("escalated to {address}, waiting for the answer", address=to)
        return _("escalated to {address}, waiting {time}", address=to, time=formats().duration(waited * 60))
