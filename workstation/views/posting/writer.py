"""The writing of posts with its services: the journalled draft, checks while one types, pictures, templates, Send."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QObject, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from workstation.domain.cases import Entry
from workstation.domain.knowledge import words_of
from workstation.domain.messages import Author, Kind, Message, Micros
from workstation.domain.posts import Part, Post
from workstation.domain.template_fit import Wanted
from workstation.domain.templates import Family
from workstation.domain.text import LazyText, lazy
from workstation.domain.traces import Masker
from workstation.i18n import _, formats
from workstation.qt.dialogs import ask_file
from workstation.qt.tasks import Tasks
from workstation.qt.throttle import Throttle
from workstation.services.drafting import Applied, Drafting
from workstation.services.posting import MOST_PICTURE, Channels, PictureError, Posts
from workstation.services.templates import Templates
from workstation.views import masking, wording
from workstation.views.case.editor import DraftEditor
from workstation.views.case.language_picker import LanguagePicker
from workstation.views.case.template_picker import TemplatePicker
from workstation.views.deck.content import ChannelFace
from workstation.views.desk_actions import DeskActions, Handler
from workstation.views.notices import Notices
from workstation.views.posting.pictures import PATTERNS
from workstation.views.posting.write_view import WriteView
from workstation.views.undoing import UNDO
from workstation.views.widgets.picker import Choice, Picker

JOURNAL_MS = 400
"""How long typing rests before the draft is written down; a crash costs no more than that."""
SMALL = 440
OPENING = "open a post"
"""Name of the task that puts another post into the editor: only the latest wish counts, or a post that was meant for
next week would find itself written over by one for now.
"""
GONE = lazy("It has left on this channel already; what is changed here does not reach it.")


class Writer(QObject):
    """Opens a draft, keeps it safe, sends it."""

    sent = Signal(object)
    """The Posted that went to the outbox."""

    def __init__(
        self,
        view: WriteView,
        actions: DeskActions,
        posts: Posts,
        drafting: Drafting,
        templates: Templates,
        face: Callable[[int], ChannelFace],
        notices: Notices,
        tasks: Tasks,
        window: QWidget,
    ) -> None:
        super().__init__(view)
        self.view = view
        self._actions, self._posts, self._drafting, self._templates = actions, posts, drafting, templates
        self._face, self._notices, self._tasks, self._window = face, notices, tasks, window
        self._post: Post | None = None
        self._gone: frozenset[int] = frozenset()
        self._message: Message | None = None
        self._sending = False
        self._small: dict[int, QPixmap] = {}
        self._writing: asyncio.Task[None] | None = None
        self._journal = Throttle(self, JOURNAL_MS, self._save)
        view.edited.connect(self._edited)
        view.pictures.removed.connect(lambda number: tasks.spawn(self._detach(number), "picture"))
        view.pictures.dropped.connect(lambda paths: tasks.spawn(self._attach(paths), "pictures"))
        view.nobody.acted.connect(lambda: actions.run("desk.channel"))

    def handlers(self) -> dict[str, Handler]:
        """What the actions of writing do, by their names."""
        view, spawn = self.view, self._tasks.spawn
        return {
            "posts.send": lambda: spawn(self._send(), "post"),
            "posts.when": view.when.plan,
            "posts.picture": lambda: spawn(self._choose_pictures(), "pictures"),
            "posts.spoiler": view.toggle_spoiler,
            "posts.placeholder": lambda: self._editor().next_blank(),
            "posts.template": lambda: spawn(self._choose_template(), "templates"),
            "posts.language": self._choose_language,
            "posts.discard": lambda: spawn(self._discard(), "discard"),
            "posts.drafts": lambda: spawn(self._choose_draft(), "drafts"),
        }

    @property
    def post(self) -> Post | None:
        """What is being written, or None before anything was begun."""
        return self._post

    # -- opening ---------------------------------------------------------------------------------------------------

    async def begin(self, at: Micros = 0) -> None:
        """Write on where one left off, or begin a post; `at` plans a new one for that time."""
        await self.flush()
        if at:
            await self.open(msgspec.structs.replace(self._posts.blank(), at=at))
            return
        if self._post is None:
            drafts = [draft for draft in await self._posts.drafts() if not draft.replaces]
            await self.open(drafts[0] if drafts else self._posts.blank())
        self._focus()

    async def open(self, post: Post, message: Message | None = None) -> None:
        """Write on at `post`; `message` is what it passes on."""
        await self.flush()
        posted = await self._posts.posted(post.replaces) if post.replaces else None
        self._gone = posted.left if posted is not None else frozenset()
        self._post, self._message = post, message
        self._small = {}
        self._put(post)
        for picture in post.pictures:
            self._tasks.spawn(self._shrink(picture.id), "thumbnail")
        await self._count_drafts()
        self._focus()

    def _focus(self) -> None:
        if self.view.isVisible():  # else it would be taken from whatever is on the screen
            self.view.editor.setFocus()

    def _put(self, post: Post) -> None:
        channels = self._posts.channels()
        self.view.show_channels(channels, {channel.id: self._face(channel.id) for channel in channels})
        usual = {channel.id: self._usual(post, channel) for channel in channels}
        closed: dict[int, LazyText] = dict.fromkeys(self._gone, GONE)
        self.view.put(post, usual, closed, self._passed_on())
        self._check()
        self.view.show_kept(bool(post.id))

    def _usual(self, post: Post, channel: Channels) -> Part:
        known = post.part(channel.id)
        if self._message is not None:
            return self._posts.way(self._message, channel)
        return known or self._posts.part(channel)

    def _passed_on(self) -> str:
        message = self._message
        if message is None:
            return ""
        who = masking.name(message.author)
        return _("{name}: {text}", name=who, text=" ".join(masking.text(wording.text(message)).split())[:200])

    async def _count_drafts(self) -> None:
        own = self._post.id if self._post is not None else 0
        self.view.show_drafts(sum(draft.id != own for draft in await self._posts.drafts()))

    def refresh(self) -> None:
        """A channel was signed in or out: names, choices and checks may differ."""
        if self._post is None:
            return
        channels = self._posts.channels()
        post = self.view.post()
        if self.view.show_channels(channels, {channel.id: self._face(channel.id) for channel in channels}):
            self._put(post)
        self._check()

    # -- while one types -------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        if self._post is not None:
            self._post = self.view.post()
            self._check()
            self.view.show_kept(False)
            self._journal.later()

    def _check(self) -> None:
        post = self.view.post()
        small = tuple(self._small[picture.id] for picture in post.pictures if picture.id in self._small)
        self.view.show_examined(post, self._posts.check(post, self._gone), small)

    def _save(self) -> None:
        self._writing = self._tasks.latest(self._write_down(), "journal of a post")

    async def _write_down(self) -> None:
        post = self._post
        if post is None or self._sending:
            return
        saved = await self._posts.save(post)
        now = self._post
        # What was typed meanwhile stays; only the number is new.
        if now is not None and not now.id and saved.id:
            self._take(msgspec.structs.replace(now, id=saved.id))
        self.view.show_kept(bool(saved.id))

    def _take(self, post: Post) -> None:
        """The store knows more of the post now, its number or its pictures; what was typed meanwhile stays."""
        self.view.identify(post)
        self.view.pictures.show_pictures(post.pictures)
        self._post = self.view.post()

    def mask(self, masker: Masker) -> None:
        """Take somebody who was erased out of what is being written."""
        if self._post is None:
            return
        written = self.view.post()
        masked = _masked(written, masker)
        for row in self.view.pictures.rows:
            row.alt.setText(masker.mask(row.alt.text()))
        if masked != written:
            self._post = masked
            self._put(masked)
            self._edited()

    async def flush(self) -> None:
        """Write the draft down now; before the window goes, or another draft is opened."""
        self._journal.cancel()
        if self._writing is not None and not self._writing.done():
            await asyncio.wait([self._writing])
        await self._write_down()

    # -- pictures --------------------------------------------------------------------------------------------------

    async def _choose_pictures(self) -> None:
        kinds = _("Pictures")
        path = await ask_file(self._window, _("Add a picture"), f"{kinds} ({PATTERNS})")
        if path:
            await self._attach([path])

    async def _attach(self, paths: list[str]) -> None:
        for path in paths:
            post = self._post
            if post is None:
                return
            await self.flush()
            try:
                name, data = await asyncio.to_thread(_read, Path(path))
                attached = await self._posts.attach(self._post or post, name, data)
            except PictureError as error:
                self._notices.say(error.text, tone="danger")
                continue
            self._take(attached)
            self._check()
            await self._shrink(attached.pictures[-1].id)
            self.view.pictures.rows[-1].alt.setFocus()

    async def _detach(self, number: int) -> None:
        if self._post is not None:
            self._take(await self._posts.detach(self.view.post(), number))
            self._edited()

    async def _shrink(self, number: int) -> None:
        picture = next((item for item in self.view.post().pictures if item.id == number), None)
        if picture is None:
            return
        small = QPixmap()
        try:
            small.loadFromData(QByteArray(await self._posts.thumbnail(picture, SMALL, SMALL)), "PNG")
        except ValueError:
            return  # it is attached all the same; the network may know the format
        self._small[number] = small
        for row in self.view.pictures.rows:
            if row.picture.id == number:
                row.show_small(small)
        self._check()

    # -- templates, languages, drafts ------------------------------------------------------------------------------

    def _editor(self) -> DraftEditor:
        """The editor one writes in: a channel's own, or that of all."""
        focus = QApplication.focusWidget()
        own = (ticket.editor for ticket in self.view.tickets.values())
        return next((editor for editor in own if editor is focus), self.view.editor)

    async def _choose_template(self) -> None:
        editor = self._editor()
        blank = Entry(Message(0, 0, "", Kind.POST, Author("", "", "", ""), "", 0, 0, own=True))
        families = await self._templates.list()
        language = self.view.language.value
        picker = TemplatePicker(
            families,
            lambda family, formality: self._drafting.apply(family, blank, language, (), formality),
            Wanted(language, (), words_of((editor.toPlainText(),)), self._drafting.own_language),
            self._window,
            lambda family: self._drafting.apply(family, blank, self._drafting.own_language),
        )
        picker.picked.connect(partial(self._insert, editor))
        picker.open()

    def _insert(self, editor: DraftEditor, family: Family, applied: Applied) -> None:
        start = editor.insert(applied.filled.text)
        self._tasks.spawn(self._templates.used(family.id), "template used")
        editor.setFocus()
        if applied.filled.blanks:
            first = applied.filled.blanks[0]
            editor.select(start + first.start, start + first.end)

    def _choose_language(self) -> None:
        picker = LanguagePicker((self.view.language.value,), self._window)
        picker.chosen.connect(lambda choice: self._speak(choice.id))
        picker.open()

    def _speak(self, language: str) -> None:
        self.view.language.show_language(language)
        self._edited()

    async def _choose_draft(self) -> None:
        await self.flush()
        drafts = {str(draft.id): draft for draft in await self._posts.drafts()}
        picker = Picker(lazy("Which draft?"), lazy("Type what it says"), self._window)
        choices = [
            Choice(name, " ".join(draft.text.split())[:80] or _("Empty"), formats().datetime(draft.updated_at), "file")
            for name, draft in drafts.items()
        ]
        picker.offer([*choices, Choice("", _("New post"), icon="plus")])
        picker.chosen.connect(
            lambda choice: self._tasks.latest(self.open(drafts.get(choice.id) or self._posts.blank()), OPENING)
        )
        picker.open()

    async def _discard(self) -> None:
        """Throw the draft away; the notice gives it back."""
        self._journal.cancel()
        post = self._post
        if post is None or post.empty:
            return
        if self._writing is not None and not self._writing.done():
            await asyncio.wait([self._writing])
        saved = await self._posts.save(self.view.post())
        await self._posts.discard(saved)
        self._post = None
        await self.open(self._posts.blank())
        self._notices.say(
            lazy("The draft is thrown away."), key="draft", action=UNDO,
            handler=lambda: self._tasks.latest(self._give_back(saved), OPENING),
        )  # fmt: skip

    async def _give_back(self, thrown: Post) -> None:
        await self._posts.restore(thrown)
        # As the store has it: somebody named in it may have been erased meanwhile.
        kept = next((draft for draft in await self._posts.drafts() if draft.id == thrown.id), None)
        if kept is not None:
            await self.open(kept)

    # -- sending ---------------------------------------------------------------------------------------------------

    async def _send(self) -> None:
        if self._post is None or self._sending:
            return
        self._check()
        if not self.view.sendable:
            self.view.go()
            return
        self._sending = True
        try:
            self._journal.cancel()
            if self._writing is not None and not self._writing.done():
                await asyncio.wait([self._writing])
            posted = await self._posts.send(self.view.post(), self._gone)
        finally:
            self._sending = False
        self._post = self._message = None
        await self.open(self._posts.blank())
        self.sent.emit(posted)


def _masked(post: Post, masker: Masker) -> Post:
    def clean(text: str | None) -> str | None:
        return None if text is None else masker.mask(text)

    parts = tuple(
        msgspec.structs.replace(part, text=clean(part.text), spoiler=clean(part.spoiler)) for part in post.parts
    )
    return msgspec.structs.replace(post, text=masker.mask(post.text), spoiler=masker.mask(post.spoiler), parts=parts)


def _read(path: Path) -> tuple[str, bytes]:
    try:
        if path.stat().st_size > MOST_PICTURE:
            raise PictureError(name=path.name, why=lazy("it is too large"))
        return path.name, path.read_bytes()
    except OSError:
        raise PictureError(name=path.name, why=lazy("it cannot be read")) from None
