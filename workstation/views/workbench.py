"""Joins the parts of a window with each other and with the desk's services; the only view that knows all of them."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal

from workstation.domain.cases import Case, Entry
from workstation.domain.changes import ChangeSet
from workstation.domain.channels import Condition, Health
from workstation.domain.messages import Message
from workstation.domain.text import lazy
from workstation.views.building import BuiltDeck

if TYPE_CHECKING:
    from workstation.services.actions import Overlay
    from workstation.services.privacy import Forgotten


class Workbench(BuiltDeck):
    """The pages of one window on one desk."""

    practice_wanted = Signal()
    """The agent wants to practise: another profile, so another desk."""
    afresh_wanted = Signal()
    """The agent wants to practise from the beginning: the desk ends, and all it remembers goes."""

    def _build_helping(self) -> None:
        from workstation.views.helping import Helping

        self.helping = Helping(self, self._app)
        self._ends.append(self.helping.close)

    def _connect(self) -> None:
        deck, panel, composer = self.deck, self.panel, self.composer
        deck.opened.disconnect(self._open_later)
        deck.opened.connect(self.open_entry)
        deck.selected.connect(self._selected)
        deck.menu_wanted.connect(self._menu)
        deck.marking.changed.connect(self._look)
        deck.claim_wanted.connect(lambda entry: self.commands.claim(entry.case) if entry.case is not None else None)
        deck.closed.connect(self.decking.column_closed)
        panel.entry_changed.connect(self._entry_changed)
        panel.message_changed.connect(lambda _message: self._look())
        panel.thread_changed.connect(composer.saw)
        panel.closed.connect(self._case_closed)
        panel.decided.connect(self.outgoing.decide)
        panel.menu_wanted.connect(self._message_menu)
        panel.untagged.connect(self._untag)
        panel.noted.connect(self._note)
        composer.opened.connect(self._composer_opened)
        composer.opened.connect(self.decking.come_to_main)
        self.decking.masked.connect(composer.refresh)
        composer.closed.connect(self._composer_closed)
        self.outbox.decided.connect(self.outgoing.decide)
        self.outbox.case_wanted.connect(lambda row: self.show_case(row.case))
        self.window.banners.acted.connect(self._banner_acted)
        self.window.top_bar.searched.connect(self.search)

    # -- the run ---------------------------------------------------------------------------------------------------

    async def show_first(self) -> None:
        """Make the columns that the desk remembers, and begin to fill them. Part of `start`."""
        await self.show_deck(self._build_decking)

    async def start(self) -> None:
        """Show what the desk remembers, build everything else, then follow the desk."""
        if self._connected is None:
            await self.show_first()
        await self.filled()
        await self._build()
        if self._over:
            return
        self._connect()
        self._follow()
        await self._go_on()
        self.window.on_close(lambda: self.tasks.spawn(self._close(), "close"))
        if self._leaving:
            self.window.close()

    def _follow(self) -> None:
        from workstation.views.waiting import WaitingCount
        from workstation.views.workbench_keys import bind

        desk = self.desk
        self.notices.keep_above(self.composer.view)
        self._waiting = WaitingCount(self, self.window.top_bar, desk.kpi, desk.supervisor, self.tasks)
        bind(self)
        self._ends += (
            self._waiting.cancel,
            desk.feed.subscribe(self._on_change),
            desk.supervisor.subscribe(self._on_health),
            desk.actions.subscribe(self._on_overlay),
            desk.alarms.subscribe(self.case_desk.reminders.on_alarm),
            desk.settings.subscribe(lambda now: setattr(self.panel, "load_media", now.load_media)),
            self.pictures.follow(),
        )
        self._whole = True
        self._loading.clear()

    async def _go_on(self) -> None:
        """What was not known when the columns were made: places of parts, replies on their way, pictures."""
        from workstation.views.writing_systems import warn_of_fonts

        desk = self.desk
        place = desk.layout.window()
        self.page.put_place(place)
        self.helping.put_place(place)
        self.decking.start()
        self.deck.specs_changed.emit()
        outgoing = await self.casebook.outgoing()
        self.columns.restore(outgoing)
        if outgoing or desk.settings.now.load_media:
            self.deck.remake()
        if not self._connected and not desk.practice:
            self.welcome()
        await self.outgoing.show()
        await self.posting.start()
        self._look()
        self._waiting.request()
        warn_of_fonts(self.window.banners)
        self.preferences.tell_faults()
        if self._wanted is not None:
            self.open_entry(self._wanted)

    def welcome(self) -> None:
        """Offer the two ways to begin."""
        if self.window.widget("welcome") is None:
            # Imported when first opened: a start pays for every module.
            from workstation.views.welcome import Welcome

            page = Welcome()
            page.practice_wanted.connect(self.practice_wanted)
            page.course_wanted.connect(self.helping.courses.begin)
            page.channel_wanted.connect(lambda: self.actions.run("desk.channel"))
            self.window.add_page("welcome", page)
        self.window.go("welcome")

    async def _close(self) -> None:
        from workstation.views.leaving import may_leave

        await self.composer.flush()
        await self.words.flush()
        await self.posting.flush()
        if not await may_leave(self.window, self.casebook, self.desk.outbox, self.desk.clock):
            return
        self.desk.layout.save_window(self.window.place() | self.page.place() | self.helping.place())
        self.window.let_go()

    def _end(self) -> None:
        """The window has gone: follow nothing any more, the desk closes next."""
        for end in reversed(self._ends):
            end()
        self._ends = []
        self._over = True
        kpi = self.window.widget("page.kpi")
        if kpi is not None:
            kpi.close_page()  # type: ignore[attr-defined]

    @property
    def current_entry(self) -> Entry | None:
        """The entry that keys are about: the open case's, else the one selected in the deck."""
        if self.panel.entry is not None:
            return self.panel.entry
        return self.deck.current_entry

    @property
    def current_case(self) -> Case | None:
        """Its case, as it is shown."""
        if self.panel.entry is not None:
            return self.panel.case
        entry = self.deck.current_entry
        return entry.case if entry is not None else None

    @property
    def current_message(self) -> Message | None:
        """The message that the network's actions are about."""
        if self.panel.entry is not None:
            return self.panel.message
        entry = self.deck.current_entry
        return entry.message if entry is not None else None

    def open_entry(self, entry: Entry) -> None:
        """Show an entry's case beside the deck."""
        self.window.go("page.deck")
        self.panel.open_entry(entry)
        self.page.show_case(True)

    def show_case(self, case: int) -> None:
        """Show a case by its id."""
        if case:
            self.tasks.latest(self._show_case(case), "show case")

    async def _show_case(self, case: int) -> None:
        entries = await self.desk.conversation.thread(case)
        if entries:
            # A conversation may go on in another case: this one's own words first.
            own = [entry for entry in entries if entry.message.case == case] or list(entries)
            theirs = [entry for entry in own if not entry.message.own]
            self.open_entry((theirs or own)[-1])

    def _selected(self, entry: Entry | None) -> None:
        # An open case follows the selection, so that j and k read on.
        if entry is not None and self.panel.entry is not None and self.panel.isVisible():
            self.panel.open_entry(entry)
        self._look()

    def _entry_changed(self, entry: Entry | None) -> None:
        if entry is not None and entry.case is not None:
            self.composer.follow(entry.case)
        self._look()

    def _look(self) -> None:
        """What is possible depends on what one looks at."""
        from workstation.views.case.commands import refusals
        from workstation.views.case.replying import unanswerable

        case = self.current_case
        for name, reason in refusals(case).items():
            if name != "case.note":
                self.actions.allow(name, reason)
        entry = self.current_entry
        opened = self.desk.supervisor.opened(entry.message.channel) if entry is not None else None
        refused = unanswerable(entry, opened.capabilities if opened is not None else None)
        self.actions.allow("case.reply", refused)
        self.actions.allow("composer.template", refused if self.composer.entry is None else None)
        self.moderation.look_at(self.current_message, case)
        self.privacy.look_at(entry)
        self.posting.look_at(self.current_message)
        self.ruling.look_at(self.current_message, case)
        self.spoken.look_at(self.current_message)
        self.bulk.look()

    def _case_closed(self) -> None:
        self.page.show_case(False)
        self._look()
        if self.composer.entry is None:
            self.deck.move_selection(0)

    def _composer_opened(self) -> None:
        self.window.go("page.deck")
        self.page.show_composer(True)
        self._look()

    def _composer_closed(self) -> None:
        self.page.show_composer(False)
        self._look()
        if self.panel.entry is not None:
            self.panel.thread_view.focus_current()
        else:
            self.deck.move_selection(0)

    def search(self, words: str) -> None:
        """Show what a search finds as a column; the next search takes its place."""
        if not words:
            return
        self.window.go("page.deck")
        at = next((n for n, spec in enumerate(self.deck.specs) if spec.preset == "search"), -1)
        if at >= 0:
            self.deck.focus_column(at)
            self.deck.blockSignals(True)
            self.deck.close_column()
            self.deck.blockSignals(False)
        self.deck.search(words)

    def _untag(self, tag: str) -> None:
        case = self.panel.case
        if case is not None:
            self.commands.untag(case, tag)

    def _note(self, text: str) -> None:
        case = self.panel.case
        if case is not None:
            self.commands.note(case, text)

    def _menu(self, entry: Entry, at: QPoint) -> None:
        if self.panel.entry is not None and self.panel.entry.message.id != entry.message.id:
            self.panel.open_entry(entry)
        self._look()
        self._message_menu(entry.message, at)

    def _message_menu(self, message: Message, at: QPoint) -> None:
        del message
        self.moderation.context_menu().popup(at)

    def _forget(self, forgotten: "Forgotten") -> None:
        """Somebody was erased: nothing of them stays on the screen, in an editor or behind undo."""
        from workstation.domain.traces import Masker

        gone = {author.id for author in forgotten.person.authors}
        if self.composer.entry is not None and self.composer.entry.message.author.id in gone:
            self.composer.close()
        elif self.composer.entry is not None:
            self.composer.mask(Masker(forgotten.terms))
        if self.panel.entry is not None and self.panel.customer is not None and self.panel.customer.id in gone:
            self.panel.close_case()
        self.posting.mask(Masker(forgotten.terms))
        self.desk.actions.forget()

    def _read_columns(self) -> None:
        """An erasure changed the files: what is in memory must not be written over them."""
        self.decking.layouts.read_again()

    def _on_change(self, changes: ChangeSet) -> None:
        self.panel.on_change(changes)
        self.sending.on_change(changes)
        self.words.on_change(changes)
        self.moderation.on_change(changes)
        self.privacy.on_change(changes)
        self.posting.on_change(changes)
        self.case_desk.on_change(changes)
        if changes.outbox or changes.reload:
            self.outgoing.refresh()
        if changes.faces or changes.reload:
            self._waiting.request()
            self._look()
        if changes.channels:
            self._channels_changed()

    def _on_overlay(self, overlay: "Overlay") -> None:
        self.panel.on_overlay(overlay)
        self.deck.show_overlay(overlay.case_id, overlay.case)

    def _on_health(self, health: Health) -> None:
        self.deck.show_health(tuple(self.desk.supervisor.health.values()))
        self.composer.refresh()
        self.posting.look()
        name = f"channel:{health.channel}"
        config = self.desk.supervisor.config(health.channel)
        if health.condition is Condition.SIGN_IN and config is not None:
            from workstation.views.widgets.banner import BannerText

            text = lazy("The channel “{channel}” needs you to sign in again.", channel=config.name)
            self.window.banners.put(BannerText(name, text, action=lazy("Sign in")))
        else:
            self.window.banners.drop(name)
        self._look()
        self._waiting.request()

    def _channels_changed(self) -> None:
        if not self.deck.specs:
            self.tasks.spawn(self._default_columns(), "columns")
        self.deck.channels_changed()
        self.posting.look()
        self._waiting.request()

    async def _default_columns(self) -> None:
        specs = self.desk.layout.default_for(await self.desk.store.channels.list())
        if specs and not self.deck.specs:
            self.deck.show_columns(specs)
            self.desk.layout.save(specs)

    def _banner_acted(self, name: str) -> None:
        from workstation.views.posting.missed import MISSED
        from workstation.views.writing_systems import FONTS

        if name == FONTS:
            self.window.banners.drop(name)
        elif name == "held":
            self.outgoing.hold()
        elif name == "trainee":
            self.actions.run("page.approval")
        elif name == MISSED:
            self.actions.run("posts.missed")
        elif name.startswith("channel:"):
            self.actions.run("page.settings")
