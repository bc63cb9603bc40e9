"""What the network lets us do to a message or account: offered, or refused with the reason, never hidden."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget

from workstation.domain.cases import Case
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import Capabilities, Offer, Scope
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Kind, Mark, Message
from workstation.domain.outbox import WRITES_TEXT, Act, Operation, State
from workstation.domain.text import LazyText, lazy
from workstation.i18n import render
from workstation.qt.tasks import Tasks
from workstation.services.actions import operation
from workstation.services.outbox import Outbox
from workstation.services.supervisor import Supervisor
from workstation.views import masking
from workstation.views.case.words import STATE
from workstation.views.desk_actions import DeskActions
from workstation.views.keys import act_id
from workstation.views.notices import Notices
from workstation.views.undoing import UNDO, Undoing
from workstation.views.widgets.labels import Elided, Paragraph
from workstation.views.widgets.sheet import CANCEL, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

NO_MESSAGE = lazy("Select a message first.")
SIGNED_OUT = lazy("This channel is not signed in.")
NOT_OFFERED = lazy("This network does not offer that.")
NOT_PERMITTED = lazy("This account is not permitted to do that.")
OWN_ONLY = lazy("Only our own messages can be changed.")
OTHERS_ONLY = lazy("This is our own message.")
NO_REPORT = lazy("This is no report.")
ALREADY = lazy("This has been done already.")
NOT_DONE = lazy("This was not done.")
DELETED = lazy("The message was deleted on the network.")

MENU = (
    "case.reply", "composer.template", "bulk.answer", "alike.open", "bulk.menu", "", "case.claim", "case.release",
    "case.tag", "case.note", "case.snooze", "case.promise", "case.resolve", "case.reopen", "", "case.others",
    "case.link", "case.person", "case.issue", "case.escalate", "case.answered", "case.retract", "", "case.spoken",
    "case.copy", "case.browser",
)  # fmt: skip
"""What the context menu of a message offers before the network's own actions."""

ACTS = tuple(act for act in Act if act not in (Act.POST, Act.REPLY))

CONSEQUENCES: dict[Act, LazyText] = {
    Act.DELETE: lazy("Our message disappears from the network for everyone. It stays in this desk’s history."),
    Act.MUTE: lazy("Messages of this account no longer reach us. The account is not told."),
    Act.BLOCK: lazy("The account can no longer follow or mention us, and can find out that it is blocked."),
    Act.REPORT: lazy("Moderators of the server read the report. The account is not told who wrote it."),
    Act.FREEZE_ACCOUNT: lazy("The account can sign in but no longer use the server. Its posts stay."),
    Act.LIMIT_ACCOUNT: lazy("Only followers still see the account’s posts."),
    Act.SUSPEND_ACCOUNT: lazy("The account and its posts disappear from the server; after 30 days for good."),
    Act.WARN_ACCOUNT: lazy("The account gets a message with your text."),
    Act.JUNK: lazy("It leaves the network’s public view and counts as spam there."),
    Act.TRASH: lazy("It leaves the network’s public view; it can be restored until the network empties its trash."),
    Act.HIDE: lazy("Others no longer see it below our post unless they ask for hidden answers."),
    Act.REMOVE: lazy("The message disappears from the network for everyone. It stays in this desk’s history."),
    Act.KICK: lazy("The account leaves the room and may come back."),
    Act.BAN: lazy("The account leaves the room and cannot come back."),
    Act.TAKE_DOWN: lazy("The whole network no longer shows it."),
    Act.LABEL: lazy("The label is public: everyone who follows this moderation service sees it."),
    Act.MARK_SENSITIVE: lazy("All media of the account are hidden behind a warning."),
}
_SET = {
    Act.FAVOURITE: Mark.FAVOURITED,
    Act.BOOST: Mark.BOOSTED,
    Act.RESOLVE_REPORT: Mark.RESOLVED,
    Act.HOLD: Mark.HELD,
    Act.JUNK: Mark.JUNK,
    Act.TRASH: Mark.TRASHED,
    Act.HIDE: Mark.HIDDEN,
}
_UNSET = {
    Act.UNFAVOURITE: Mark.FAVOURITED,
    Act.UNBOOST: Mark.BOOSTED,
    Act.REOPEN_REPORT: Mark.RESOLVED,
    Act.UNJUNK: Mark.JUNK,
    Act.RESTORE: Mark.TRASHED,
    Act.UNHIDE: Mark.HIDDEN,
}

_AWAITS = frozenset({Mark.HELD, Mark.JUNK, Mark.TRASHED})
"""What a moderator can let through."""


def refusal(act: Act, message: Message | None, capabilities: Capabilities | None) -> LazyText | None:
    """Why `act` is not possible on `message`, or None."""
    if message is None:
        return NO_MESSAGE
    if capabilities is None:
        return SIGNED_OUT
    offer = capabilities.offer(act)
    if offer is None:
        return NOT_OFFERED
    if not offer.available:
        return offer.reason or NOT_PERMITTED
    return _unfit(offer, message)


def _unfit(offer: Offer, message: Message) -> LazyText | None:
    if offer.on == "report" and message.kind is not Kind.REPORT:
        return NO_REPORT
    if offer.scope is Scope.OWN and not message.own:
        return OWN_ONLY
    if offer.scope is Scope.OTHERS and message.own:
        return OTHERS_ONLY
    if message.deleted_at and offer.on == "message":
        return DELETED
    if offer.act in _SET and _SET[offer.act] in message.marks:
        return ALREADY
    if offer.act is Act.APPROVE and not _AWAITS.intersection(message.marks):
        return ALREADY
    if offer.act in _UNSET and _UNSET[offer.act] not in message.marks:
        return NOT_DONE
    return None


class OfferSheet(Sheet):
    """Asks before an act that matters: what will happen, to whom, and the fields that the network wants."""

    def __init__(self, offer: Offer, message: Message, parent: QWidget) -> None:
        # Imported when first opened: a start pays for every module.
        from workstation.views.widgets.forms import FieldForm

        super().__init__(offer.label, parent)
        who = Elided(masking.name(message.author))
        who.setProperty("role", "heading")
        handle = Elided(masking.handle(message.author))
        handle.setProperty("role", "secondary")
        whom = QVBoxLayout()
        whom.setSpacing(2)
        whom.addWidget(who)
        whom.addWidget(handle)
        self.body.addLayout(whom)
        if offer.act in CONSEQUENCES:
            self.body.addWidget(Paragraph(render(CONSEQUENCES[offer.act])))
        if offer.danger and offer.undone_by is None:
            warning = Paragraph(render(lazy("This cannot be taken back once it was done.")))
            warning.setProperty("role", "error")
            self.body.addWidget(warning)
        self.form = FieldForm(offer.fields)
        self.body.addWidget(self.form)
        self.form.setVisible(bool(offer.fields))
        self.body.addStretch()
        self.button("", CANCEL, default=offer.danger)
        self.button("do", offer.label, "danger" if offer.danger else "primary", default=not offer.danger)

    def may_end(self, answer: str) -> bool:
        """Only with a form that may do."""
        return answer != "do" or self.form.check()


class Moderation(QObject):
    """Keeps the network's actions in step with the message one looks at, and carries them out."""

    def __init__(
        self,
        actions: DeskActions,
        supervisor: Supervisor,
        outbox: Outbox,
        undoing: Undoing,
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._actions = actions
        self._supervisor = supervisor
        self._outbox = outbox
        self._undoing = undoing
        self._notices = notices
        self._tasks = tasks
        self._window = window
        self._message: Message | None = None
        self._case: Case | None = None
        self._looked: tuple[Message | None, Capabilities | None] | None = None
        """What was last decided about."""
        self.editing: Callable[[Message], object] | None = None
        """What opens our own message for a change; set by the window."""
        for act in ACTS:
            actions.on(act_id(act), partial(self.do, act))
        actions.on("act.menu", self.show_menu)
        self.look_at(None, None)

    def look_at(self, message: Message | None, case: Case | None) -> None:
        """Be about another message."""
        self._message, self._case = message, case
        capabilities = self._capabilities(message)
        if (message, capabilities) == self._looked:
            return  # asked with every selection and commit, mostly about the same message
        self._looked = message, capabilities
        for act in ACTS:
            self._actions.allow(act_id(act), refusal(act, message, capabilities))
        self._actions.allow("act.menu", None if message is not None else NO_MESSAGE)

    def _capabilities(self, message: Message | None) -> Capabilities | None:
        opened = self._supervisor.opened(message.channel) if message is not None else None
        return opened.capabilities if opened is not None else None

    def offered(self) -> list[str]:
        """Action ids of what this network knows at all, possible or not."""
        capabilities = self._capabilities(self._message)
        known = {offer.act for offer in capabilities.offers} if capabilities is not None else set()
        return [act_id(act) for act in ACTS if act in known]

    def context_menu(self) -> QMenu:
        """Everything that can be done to a message: on the desk, then on its network."""
        offered = self.offered()
        return self._actions.menu([*MENU, "", *offered] if offered else MENU, self._window)

    def _reverse(self, offer: Offer, message: Message) -> None:
        """Ask the network for the opposite of what was done."""
        self._tasks.spawn(self._undo(offer, message), "moderation")

    async def _undo(self, offer: Offer, message: Message) -> None:
        if offer.undone_by is None:
            return
        opposite = Operation(operation(), offer.undone_by, target=message.remote_id, account=message.author.remote_id)
        await self._outbox.queue(opposite, message.channel, case=message.case, message=message.id, undo=False)

    def on_change(self, changes: ChangeSet) -> None:
        """Tell what was done; called for every commit, after what went wrong was told."""
        for row in changes.outbox:
            if row.state is not State.SENT or row.operation.act in WRITES_TEXT:
                continue
            opened = self._supervisor.opened(row.channel)
            offer = opened.capabilities.offer(row.operation.act) if opened is not None else None
            if offer is not None:
                self._tell_done(row.operation.id, offer)

    def _tell_done(self, name: str, offer: Offer) -> None:
        back = self._undoing.reversible(name)
        self._notices.say(
            lazy("Done: {what}", what=offer.label),
            tone="ok",
            key=f"send:{name}",
            action=UNDO if back else None,
            handler=(lambda: self._undoing.take_back(name)) if back else None,
        )

    def show_menu(self) -> None:
        """Show the network's actions at the middle of the window, for the keyboard."""
        menu = self._actions.menu(self.offered(), self._window)
        menu.popup(self._window.mapToGlobal(self._window.rect().center()))

    def do(self, act: Act) -> None:
        """Ask what must be asked, then do it."""
        message = self._message
        capabilities = self._capabilities(message)
        offer = capabilities.offer(act) if capabilities is not None else None
        if message is None or offer is None:
            return
        if act in WRITES_TEXT:
            if self.editing is not None:
                self.editing(message)
            return
        if not offer.fields and not offer.danger and act is not Act.MUTE:
            self._tasks.spawn(self._queue(offer, message, {}), "moderation")
            return
        sheet = OfferSheet(offer, message, self._window)
        sheet.answered.connect(lambda answer: self._answered(answer, offer, message, sheet.form.values()))
        sheet.open()

    def _answered(self, answer: str, offer: Offer, message: Message, values: dict[str, str]) -> None:
        if answer == "do":
            self._tasks.spawn(self._queue(offer, message, values), "moderation")

    async def _queue(self, offer: Offer, message: Message, values: dict[str, str]) -> None:
        asked = Operation(
            operation(), offer.act, target=message.remote_id, account=message.author.remote_id, options=values
        )
        try:
            row = await self._outbox.queue(asked, message.channel, case=message.case, message=message.id)
        except MeridianError as error:
            self._notices.say(error.text, tone="danger")
            return
        reverse = partial(self._reverse, offer, message) if offer.undone_by is not None else None
        self._undoing.queued(row.operation.id, lambda: None, reverse)
        self._notices.say(
            lazy("{action}: {state}", action=offer.label, state=STATE[row.state]),
            tone="ok",
            key=f"send:{row.operation.id}",
            action=UNDO,
            handler=lambda: self._undoing.take_back(row.operation.id),
        )
