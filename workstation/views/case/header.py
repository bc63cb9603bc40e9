"""The head of a case: whose it is, where it stands, its tags, and what one can do next."""

from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from workstation.domain.cases import Case, Entry, Holder, Status
from workstation.domain.messages import Micros
from workstation.domain.text import lazy
from workstation.i18n import _, formats, isolate, ngettext, render
from workstation.views import masking
from workstation.views.case.around import NOTHING, Around
from workstation.views.case.words import HOLDER, OUTCOME, STATUS, STATUS_TONE, TIE
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import BY_ID
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.chips import ChipRow, TagChip
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided, plain_tip
from workstation.views.widgets.marking import mark
from workstation.views.widgets.pool import Pool
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


class _Way(msgspec.Struct, frozen=True):
    """A fact that leads somewhere: what it says, the action that leads there, and more about it."""

    text: str
    action: str
    tone: str = ""
    tip: str = ""
    name: str = ""
    """For a screen reader, where the text alone says too little."""


NOWHERE = _Way("", "")


class _WayButton(QPushButton):
    """A fact that leads somewhere: pressing it does an action, which has a key too."""

    def __init__(self, actions: DeskActions, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._action = ""
        self.setProperty("role", "way")
        self.setAutoDefault(False)
        self.clicked.connect(self._go)
        self.hide()

    def _go(self) -> None:
        self._actions[self._action].trigger()

    def show_way(self, way: _Way) -> None:
        """Lead there from now on."""
        self._action = way.action
        self.setText(way.text)
        self.setToolTip(plain_tip(way.tip))
        self.setAccessibleDescription(way.tip)
        self.setAccessibleName(way.name)
        mark(self, "tone", way.tone)


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
        self._chips = ChipRow()
        self._written: object = None
        """What the chips say."""
        self._way_pool = Pool(self._way, lambda button: button.show_way(NOWHERE))
        self._tag_pool = Pool(self._tag, lambda chip: chip.show_tag(""))
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
        # Each in its own direction, one after the other in the reader's.
        self._where.setText(" · ".join(isolate(part) for part in (handle, self._channel) if part))
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
        if self._entry is None:
            return
        tags = self._case.tags if self._case is not None else ()
        shown = tags if len(tags) <= MOST_TAGS else tags[: MOST_TAGS - 1]
        ways = self._ways()
        written = (self._facts(), ways, tags, self._further(tags[len(shown) :]) if len(shown) < len(tags) else None)
        if written == self._written:
            return
        self._written = written
        facts, _ways, _tags, further = written
        buttons = self._way_pool.take(len(ways) + (further is not None))
        for button, way in zip(buttons, [*ways, *([further] if further is not None else [])], strict=True):
            button.show_way(way)
        chips = self._tag_pool.take(len(shown))
        for chip, tag in zip(chips, shown, strict=True):
            chip.show_tag(tag)
        self._chips.show_facts(facts, [*buttons[: len(ways)], *chips, *buttons[len(ways) :]])

    def _tag(self) -> TagChip:
        chip = TagChip(parent=self._chips)
        chip.removed.connect(self.untagged)
        return chip

    def _way(self) -> "_WayButton":
        return _WayButton(self._actions, self._chips)

    def _further(self, tags: tuple[str, ...]) -> "_Way":
        """What opens the choice of tags, where all of them are."""
        name = self._actions["case.tag"].text().replace("&", "")
        return _Way(f"\u200e+{formats().number(len(tags))}", "case.tag", tip=formats().list(list(tags)), name=name)

    def _ways(self) -> "list[_Way]":
        """What surrounds the case."""
        around = self._around
        found: list[_Way] = []
        tip = self._actions["case.others"].toolTip()
        if around.others:
            count = len(around.others)
            words = ngettext("{count} other open case", "{count} other open cases", count)
            found.append(_Way(words, "case.others", "warn", tip))
        if around.ties:
            count = len(around.ties)
            kinds = formats().list(list(dict.fromkeys(render(TIE[tie.kind]) for tie in around.ties)))
            words = ngettext("{count} linked case", "{count} linked cases", count)
            found.append(_Way(words, "case.others", tip=kinds))
        if around.issue is not None:
            title = " ".join(around.issue.title.split())
            shown = title if len(title) <= TITLE else title[:TITLE] + "\u2026"
            tip = title[:400] or self._actions["issue.list"].toolTip()
            found.append(_Way(shown.replace("&", "&&"), "issue.list", tip=tip))
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
