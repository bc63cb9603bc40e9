"""Translations of what customers write: when asked for, or by themselves where a channel is set so; never of ours."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from workstation.domain.languages import named
from workstation.domain.messages import Message
from workstation.domain.text import lazy
from workstation.domain.translation import Pair
from workstation.providers.base import TranslatorError
from workstation.qt.tasks import Tasks
from workstation.services.translation_jobs import Job, names_of
from workstation.views.case.translation.under import WAITING, Shown
from workstation.views.desk_actions import DeskActions
from workstation.views.notices import Notices

if TYPE_CHECKING:
    from workstation.domain.cases import Entry
    from workstation.services.desk import Desk
    from workstation.views.case.panel import CasePanel

KEPT = 500
"""Translations that are kept in memory; the store keeps more."""
BY_ITSELF = 20
"""Latest messages of a thread that a channel's setting translates."""

Key = tuple[int, int, str]
"""Message, its revision, and into which language."""


class Incoming(QObject):
    """Asks, keeps, shows; the original stays where it is."""

    def __init__(self, panel: "CasePanel", desk: "Desk", actions: DeskActions, notices: Notices, tasks: Tasks) -> None:
        super().__init__(panel)
        self._panel, self._desk, self._actions, self._notices, self._tasks = panel, desk, actions, notices, tasks
        self._kept: dict[Key, Shown] = {}
        self._hidden: set[Key] = set()
        actions.on("case.translate", self.toggle)
        actions.on("case.translate_all", self.translate_all)
        panel.thread_changed.connect(self._thread_changed)
        panel.message_changed.connect(lambda _message: self.look())
        panel.entry_changed.connect(lambda _entry: self.look())
        self._end = desk.settings.subscribe(lambda _now: self.look())
        self.look()

    def close(self) -> None:
        """Follow nothing any more."""
        self._end()

    def look(self) -> None:
        """What is possible depends on what one looks at and on whether there is a provider."""
        reason = None
        if self._panel.message is None:
            reason = lazy("Open a message first.")
        elif not self._desk.settings.now.translator.configured:
            reason = lazy("No translation provider is set up.")
        self._actions.allow("case.translate_all", reason)
        if reason is None and self._panel.message is not None and self._panel.message.own:
            reason = lazy("This is ours.")
        self._actions.allow("case.translate", reason)

    def _key(self, message: Message) -> Key:
        return message.id, message.revision, self._desk.drafting.own_language

    def _foreign(self, message: Message) -> bool:
        if message.own or message.deleted_at or not message.text.strip():
            return False
        return not self._desk.drafting.reads(named(message.language))

    # -- asking ----------------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Translate the message that one looks at, or hide its translation; pressed again, show it again."""
        message = self._panel.message
        if message is None or message.own:
            return
        key = self._key(message)
        if key in self._kept and key not in self._hidden:
            self._hidden.add(key)
            self._show(message)
        else:
            self._hidden.discard(key)
            self._ask((message,))

    def translate_all(self) -> None:
        """Translate everything in the thread that is in a language which the agent does not read."""
        wanted = [entry.message for entry in self._panel.entries if self._foreign(entry.message)]
        for message in wanted:
            self._hidden.discard(self._key(message))
        if wanted:
            self._ask(wanted)
        else:
            self._notices.say(lazy("Everything here is in languages that you read."), key="translation")

    def _thread_changed(self, entries: "Sequence[Entry]") -> None:
        for entry in entries:
            self._show(entry.message)
        now = self._desk.settings.now
        if not now.translator.configured or not now.translated_channels:
            return
        wanted = [
            entry.message
            for entry in entries[-BY_ITSELF:]
            if entry.message.channel in now.translated_channels and self._foreign(entry.message)
        ]
        fresh = [message for message in wanted if self._key(message) not in self._kept]
        if fresh:
            self._ask(fresh)

    def _ask(self, messages: Sequence[Message]) -> None:
        for message in messages:
            self._show(message, WAITING)
        self._tasks.spawn(self._translate(tuple(messages)), "incoming")

    async def _translate(self, messages: Sequence[Message]) -> None:
        target = self._desk.drafting.own_language
        thread = tuple(entry.message for entry in self._panel.entries)
        status = await self._desk.translating.status()
        for at, message in enumerate(messages):
            source = named(message.language)
            agreed = await self._desk.terms.agreed(Pair(source, target))
            names = names_of((message, *thread), self._desk.settings.now.signature)
            job = Job(message.text, Pair(source, target), names=names, terms=agreed.kept, glossary=agreed.glossary)
            try:
                found = await self._desk.translating.translate(job)
            except TranslatorError as error:
                for rest in messages[at:]:
                    self._show(rest, Shown(note=error.text))
                return
            if len(self._kept) > KEPT:
                self._kept.clear()
            shown = Shown(found.translated.text, target, source or found.detected, status.title)
            self._kept[self._key(message)] = shown
            self._show(message)
            await asyncio.sleep(0)

    def _show(self, message: Message, instead: Shown | None = None) -> None:
        view = self._panel.thread_view.view(message.id)
        if view is None:
            return
        key = self._key(message)
        shown = None if key in self._hidden else self._kept.get(key, instead)
        view.translation.show(shown)
