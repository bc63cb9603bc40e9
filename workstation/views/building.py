"""Builds the parts of a workbench around its deck, one by one once that shows its rows.

Every part is imported where it is built: a start pays for each module, and a step must not keep input waiting.
"""

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from workstation.domain.cases import Case, Entry
from workstation.domain.messages import Message
from workstation.services.desk import Desk
from workstation.views.first_deck import FirstDeck
from workstation.views.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from workstation.services.privacy import Forgotten

AHEAD = (
    "workstation.services.supervisor", "workstation.services.outbox", "workstation.services.rules",
    "workstation.services.approval", "workstation.store.ingest", "workstation.store.outbox",
    "workstation.views.deck_desk", "workstation.views.case.history", "workstation.views.case.panel",
    "workstation.services.templates", "workstation.services.drafting", "workstation.views.case.editor",
    "workstation.views.case.translation.strip", "workstation.views.case.composer_view",
    "workstation.views.case.composer", "regex._regex_core", "workstation.services.translation_jobs",
    "workstation.views.widgets.picker", "workstation.views.case.translation.desk",
    "workstation.views.templates.desk",
)  # fmt: skip
"""What the parts need that takes long to import, in an order in which none brings too many of the others along."""


class BuiltDeck(FirstDeck):
    """A deck with all that belongs to it; what its parts ask of the whole is said by the workbench."""

    def __init__(self, window: MainWindow, desk: Desk, app: QApplication) -> None:
        super().__init__(window, desk, app)
        self._ends: list[Callable[[], object]] = [self.deck.close_deck]
        """What is to be ended with the window, in the order in which it was built."""
        self._leaving = self._over = False
        window.closed.connect(self._end)
        window.on_close(self._leave)

    # -- building --------------------------------------------------------------------------------------------------

    async def _build(self) -> None:
        """Build what is not there yet, with input let in between."""
        for name in AHEAD:
            import_module(name)
            await asyncio.sleep(0)
        for build in (
            self._build_decking, self._build_panel, self._build_sending, self._build_composer, self._join_page,
            self._build_translation, self._build_case, self._build_outbox, self._build_posting, self._build_bulk,
            self._build_helping, self._build_words, self._build_ruling, self._build_spoken, self._build_privacy,
        ):  # fmt: skip
            if self._over:
                return
            build()
            await asyncio.sleep(0)

    def _build_decking(self) -> None:
        """What the deck can do beyond showing rows. Built first where columns have windows of their own."""
        if hasattr(self, "decking"):
            return
        from workstation.services.casebook import Casebook
        from workstation.views.deck_desk import DeckDesk
        from workstation.views.preferences import LivePreferences
        from workstation.views.undoing import Undoing

        desk = self.desk
        self.casebook = Casebook(desk.store)
        self.undoing = Undoing(desk.actions, desk.outbox, self.notices, self.tasks)
        self.preferences = LivePreferences(self._app, desk.settings, self.tasks, self.notices, desk.profile.corrections)
        self.decking = DeckDesk(self.deck, desk, self.window, self.undoing, self.tasks, self._app)
        self._ends += (self.preferences.close, self.decking.close)

    def _build_panel(self) -> None:
        from workstation.views.case.panel import CasePanel
        from workstation.views.thumbnails import CardPictures

        desk = self.desk
        self.panel = CasePanel(
            self.actions, desk.conversation, self.casebook, desk.supervisor, desk.thumbnails, desk.clock,
            self.notices, self.tasks, desk.people, desk.issues, self._face,
        )  # fmt: skip
        self.panel.load_media = desk.settings.now.load_media
        self.pictures = self._pictures = CardPictures(desk.thumbnails, desk.settings, self.tasks, self)
        self.pictures.join(self.deck, self.open_entry, self.actions)

    def _build_sending(self) -> None:
        from workstation.views.case.sending import Sending

        desk = self.desk
        self.sending = Sending(
            desk.conversation, self.casebook, desk.outbox, self.undoing, self.notices, desk.clock, self.window,
            self.show_case,
        )  # fmt: skip

    def _build_composer(self) -> None:
        from workstation.views.case.composer import Composer
        from workstation.views.case.composer_view import ComposerView

        desk, window = self.desk, self.window
        self.composer = Composer(
            ComposerView(self.actions), desk.drafting, desk.templates, desk.supervisor, self.sending, self.notices,
            self.tasks, window,
        )  # fmt: skip

    def _join_page(self) -> None:
        self.page.join(self.panel, self.composer.view)

    def _build_translation(self) -> None:
        from workstation.views.case.translation.desk import TranslationDesk
        from workstation.views.case.translation.incoming import Incoming

        self.incoming = Incoming(self.panel, self.desk, self.actions, self.notices, self.tasks)
        self.translation = TranslationDesk(
            self.composer, self.desk, self.actions, self.notices, self.tasks, self.window
        )
        self._ends += (self.incoming.close, self.translation.close)

    def _build_case(self) -> None:
        from workstation.views.case.commands import CaseCommands
        from workstation.views.case.desk import CaseDesk
        from workstation.views.case.moderation import Moderation
        from workstation.views.case.replying import Replying
        from workstation.views.case.surroundings import CaseRoom

        desk, window = self.desk, self.window
        self.commands = CaseCommands(
            self.undoing, self.casebook, desk.clock, self.tasks, window, lambda: self.current_case, desk.settings
        )
        self.moderation = Moderation(
            self.actions, desk.supervisor, desk.outbox, self.undoing, self.notices, self.tasks, window
        )
        self.moderation.editing = self.composer.open_edit
        self.replying = Replying(self.panel, self.composer, lambda: self.current_entry, self.open_entry)
        self.case_desk = CaseDesk(
            CaseRoom(
                desk, self.actions, self.panel, self.composer, self.undoing, self.notices, self.tasks, window,
                lambda: self.current_case, self.show_case, self.search,
            )
        )  # fmt: skip

    def _build_outbox(self) -> None:
        from workstation.views.outbox import OutboxPage
        from workstation.views.outbox_desk import OutboxDesk

        desk = self.desk
        self.outbox = OutboxPage(self.actions)
        self.outgoing = OutboxDesk(
            self.outbox, self.window.rail, self.window.banners, desk.outbox, self.casebook, desk.supervisor, desk.clock,
            self.undoing, self.notices, self.tasks, self.window,
        )  # fmt: skip
        self.window.add_page("page.outbox", self.outbox)

    def _build_posting(self) -> None:
        from workstation.views.posting.desk import PostingDesk

        self.posting = PostingDesk(self.window, self.desk, self.undoing, self.tasks, self._face, self.outgoing.decide)

    def _build_bulk(self) -> None:
        from workstation.views.bulk.desk import BulkDesk

        self.bulk = BulkDesk(
            self.desk, self.actions, self.deck, self.undoing, self.notices, self.tasks, self.window, self.open_entry
        )

    def _build_helping(self) -> None:
        raise NotImplementedError

    def _build_words(self) -> None:
        from workstation.views.templates.desk import WordsDesk

        self.words = WordsDesk(
            self.window, self.desk, self.composer, self.undoing, self.notices, self.tasks, lambda: self.current_entry
        )

    def _build_ruling(self) -> None:
        from workstation.views.approval.desk import ApprovalDesk
        from workstation.views.rules.desk import RulesDesk

        desk, window = self.desk, self.window
        self.ruling = RulesDesk(
            desk, self.actions, self.undoing, self.notices, self.tasks, window, lambda: self.current_entry,
            self.open_entry,
        )  # fmt: skip
        self.approving = ApprovalDesk(
            desk, self.actions, self.undoing, self.notices, window.banners, self.tasks, window
        )
        window.add_later("page.rules", self.ruling.make)
        window.add_later("page.approval", self.approving.make)
        self._ends += (self.ruling.close, self.approving.close)

    def _build_spoken(self) -> None:
        from workstation.views.case.spoken import SpokenDesk

        self.spoken = SpokenDesk(
            self.desk.detecting, self.actions, self.composer, self.undoing, self.tasks, self.window,
            lambda: self.current_message,
        )  # fmt: skip

    def _build_privacy(self) -> None:
        from workstation.views.privacy.desk import PrivacyDesk

        self.privacy = PrivacyDesk(
            self.desk, self.actions, self.notices, self.tasks, self.window, lambda: self.current_entry, self.window.go,
            self._forget, self._read_columns,
        )  # fmt: skip
        self.window.add_later("page.privacy", self.privacy.make)
        self.window.add_later("page.kpi", self._make_kpi)
        self.window.add_later("page.settings", self._make_settings)
        self._ends.append(self.privacy.close)

    def _make_kpi(self) -> QWidget:
        from workstation.views.kpi.page import KpiPage

        return KpiPage(self.desk.kpi, self.desk.supervisor, self.desk.feed, self.casebook, self.tasks)

    def _make_settings(self) -> QWidget:
        from workstation.views.settings.page import SettingsPage

        page = SettingsPage(self.desk, self.actions, self.notices, self.tasks, self.window, self.undoing)
        page.channels_changed.connect(self._channels_changed)
        return page

    def _leave(self) -> None:
        """The window is to go before the desk is whole: it goes as soon as that is."""
        self._leaving = True

    # -- what the parts ask for -------------------------------------------------------------------------------------

    @property
    def current_entry(self) -> Entry | None:
        """The entry that keys are about."""
        raise NotImplementedError

    @property
    def current_case(self) -> Case | None:
        """Its case."""
        raise NotImplementedError

    @property
    def current_message(self) -> Message | None:
        """The message that the network's actions are about."""
        raise NotImplementedError

    def open_entry(self, entry: Entry) -> None:
        """Show an entry's case beside the deck."""
        raise NotImplementedError

    def show_case(self, case: int) -> None:
        """Show a case by its id."""
        raise NotImplementedError

    def search(self, words: str) -> None:
        """Show what a search finds as a column."""
        raise NotImplementedError

    def _end(self) -> None:
        raise NotImplementedError

    def _forget(self, forgotten: "Forgotten") -> None:
        raise NotImplementedError

    def _read_columns(self) -> None:
        raise NotImplementedError

    def _channels_changed(self) -> None:
        raise NotImplementedError
