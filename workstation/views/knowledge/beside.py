"""Joins what stands beside the editor with the desk: the guideline of the channel, articles by the case's words."""

from PySide6.QtCore import QEvent, QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from workstation.domain.cases import Entry
from workstation.domain.knowledge import Article, Hit, quoted
from workstation.domain.text import lazy
from workstation.qt.tasks import Tasks
from workstation.services.knowledge import Knowledge
from workstation.services.settings import Settings
from workstation.services.supervisor import Supervisor
from workstation.views import theme
from workstation.views.case.composer import Composer
from workstation.views.desk_actions import DeskActions
from workstation.views.knowledge.article_view import ArticleView
from workstation.views.knowledge.aside import Aside, Side
from workstation.views.knowledge.finder import NOTHING_FITS, NOTHING_FOUND, NOTHING_YET, SUGGESTED, Finder
from workstation.views.notices import Notices

NARROW = 76
"""Average letters that editor and aside need side by side; with fewer one takes the other's place."""


class Beside(QObject):
    """Follows the composer; nothing is asked of any network."""

    guideline_wanted = Signal(int)
    """The guideline of a channel is to be written."""

    def __init__(
        self,
        composer: Composer,
        knowledge: Knowledge,
        supervisor: Supervisor,
        settings: Settings,
        actions: DeskActions,
        notices: Notices,
        tasks: Tasks,
    ) -> None:
        super().__init__(composer)
        self._composer, self._knowledge, self._supervisor = composer, knowledge, supervisor
        self._settings, self._actions, self._notices, self._tasks = settings, actions, notices, tasks
        self.finder, self.article = Finder(knowledge.stale), ArticleView()
        self.aside = Aside(self.finder, self.article)
        composer.view.editors.addWidget(self.aside)
        composer.view.editors.setStretch(0, 3)
        composer.view.editors.setStretch(1, 2)
        composer.view.installEventFilter(self)
        self._connect()
        self._bind()

    def _connect(self) -> None:
        self._composer.opened.connect(self._begin)
        self._composer.informed.connect(self.refresh)
        self.aside.turned.connect(lambda side: self.turn(Side(side)))
        self.aside.guideline.write_wanted.connect(lambda: self.guideline_wanted.emit(self._channel()))
        self.finder.searched.connect(self._search)
        self.finder.opened.connect(self.read)
        self.finder.left.connect(self._composer.view.editor.setFocus)
        self.article.closed.connect(self._back)
        self.article.quoted.connect(self._quote)
        self.article.linked.connect(self._link)
        self.article.browsed.connect(self._browse)

    def _bind(self) -> None:
        self._actions.on("composer.guideline", lambda: self._toggle(Side.GUIDELINE))
        self._actions.on("composer.articles", lambda: self._toggle(Side.ARTICLES))
        self._actions.on("composer.quote", self.quote)
        self._actions.on("composer.link", self.link)
        self._allow()

    def _entry(self) -> Entry | None:
        return self._composer.entry

    def _channel(self) -> int:
        entry = self._entry()
        return entry.message.channel if entry is not None else 0

    # -- folding ---------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        side = Side(self._settings.now.beside) if self._settings.now.beside in set(Side) else Side.NONE
        self.finder.field.blockSignals(True)
        self.finder.field.clear()
        self.finder.field.blockSignals(False)
        self.aside.show_article(False)
        self.aside.show_side(Side.NONE if self._narrow() else side)
        self._fit()
        self.refresh()

    def turn(self, side: Side) -> None:
        """Unfold a side, or fold away; it stays so."""
        self.aside.show_side(side)
        self._fit()
        if self._settings.now.beside != side.value:
            self._settings.change(beside=side.value)
        if side is Side.NONE:
            self._composer.view.editor.setFocus()
        else:
            self.refresh()
        self._allow()

    def _toggle(self, side: Side) -> None:
        if self.aside.side is side:
            self.turn(Side.NONE)
            return
        self.turn(side)
        if side is Side.ARTICLES:
            self.aside.show_article(False)
            self.finder.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
            self.finder.field.selectAll()

    def _narrow(self) -> bool:
        view = self._composer.view
        return view.width() < theme.current().letter * NARROW

    def _fit(self) -> None:
        shown = self.aside.side is not Side.NONE
        self._composer.view.both.setVisible(not (shown and self._narrow()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Decide anew what has room."""
        if watched is self._composer.view and event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    # -- what is shown ---------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the guideline and the articles for what is written now."""
        entry = self._entry()
        if entry is not None and self.aside.side is not Side.NONE:
            self._tasks.latest(self._load(entry), "beside")

    async def _load(self, entry: Entry) -> None:
        config = self._supervisor.config(entry.message.channel)
        guideline = await self._knowledge.guideline(entry.message.channel)
        self.aside.guideline.show_guideline(guideline, config.name if config is not None else "")
        if self.finder.field.text().strip():
            await self._find(self.finder.field.text())
            return
        hits = await self._knowledge.suggest(entry, self._composer.seen)
        empty = NOTHING_FITS if hits or await self._knowledge.shelves() else NOTHING_YET
        self.finder.show_hits(hits, SUGGESTED if hits else empty)
        self._allow()

    def _search(self, text: str) -> None:
        entry = self._entry()
        if text.strip():
            self._tasks.latest(self._find(text), "beside")
        elif entry is not None:
            self._tasks.latest(self._load(entry), "beside")

    async def _find(self, text: str) -> None:
        hits = await self._knowledge.find(text)
        self.finder.show_hits(hits, None if hits else NOTHING_FOUND)
        self._allow()

    def read(self, hit: Hit) -> None:
        """Open an article."""
        self.article.show_hit(hit, stale=self._knowledge.stale(hit.article))
        self.aside.show_article(True)
        self.article.text.setFocus(Qt.FocusReason.OtherFocusReason)
        self._allow()

    def _back(self) -> None:
        self.aside.show_article(False)
        self.finder.field.setFocus(Qt.FocusReason.OtherFocusReason)

    # -- what goes into the reply ----------------------------------------------------------------------------------

    def _hit(self) -> Hit | None:
        if self.aside.side is not Side.ARTICLES:
            return None
        return self.article.hit if self.aside.reading else self.finder.current()

    def quote(self) -> None:
        """Put the selected passage, or the one that was found, at the caret."""
        hit = self._hit()
        if hit is None:
            self.turn(Side.ARTICLES)
        elif self.aside.reading:
            self.article.ask_quote()
        else:
            self._quote(hit.article, hit.passage or hit.article.text[:320])

    def link(self) -> None:
        """Put the article's address at the caret."""
        hit = self._hit()
        if hit is None:
            self.turn(Side.ARTICLES)
        else:
            self._link(hit.article)

    def _quote(self, article: Article, words: str) -> None:
        self._insert(quoted(words, article.language or self._composer.view.language.value))
        if self._knowledge.stale(article):
            old = lazy("“{title}” was not updated for half a year: check it before you send.", title=article.title)
            self._notices.say(old, tone="warn", key="article")

    def _link(self, article: Article) -> None:
        if article.link:
            self._insert(article.link)
        else:
            self._notices.say(lazy("This article has no link."), key="article")

    def _insert(self, text: str) -> None:
        editor = self._composer.view.editor
        editor.insert(text)
        if self._narrow():
            self.turn(Side.NONE)
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _browse(self, article: Article) -> None:
        address = QUrl(article.link)
        if address.scheme() in ("https", "http"):
            QDesktopServices.openUrl(address)

    def _allow(self) -> None:
        hit = self._hit()
        for name in ("composer.quote", "composer.link"):
            none = hit is None and self.aside.side is Side.ARTICLES
            self._actions.allow(name, lazy("Choose an article first.") if none else None)
