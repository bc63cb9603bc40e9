"""One article as plain text: where it is from, how old it is, and a passage or its link for the reply."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from workstation.domain.knowledge import Hit, passage
from workstation.domain.text import lazy
from workstation.i18n import _, formats, text_direction
from workstation.views.widgets.buttons import IconButton
from workstation.views.widgets.labels import Elided, Paragraph, plain_tip
from workstation.views.widgets.retranslating import Retranslating


class ReadOnlyText(QPlainTextEdit):
    """Plain text to read and to select from, by keyboard too, in its own direction; Tab leaves it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )

    def show_text(self, text: str) -> None:
        """Show `text` from its beginning."""
        self.setPlainText(text)
        rtl = text_direction(text, formats().direction) == "rtl"
        option = self.document().defaultTextOption()
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDefaultTextOption(option)

    def selected(self) -> str:
        """What is selected, with line breaks; "" for nothing."""
        return self.textCursor().selectedText().replace("\u2029", "\n").strip()


class ArticleView(Retranslating):
    """Shows a hit; wishes go out."""

    closed = Signal()
    quoted = Signal(object, str)
    """The article and the passage."""
    linked = Signal(object)
    browsed = Signal(object)

    def __init__(self, parent: QWidget | None = None, *, beside_reply: bool = True) -> None:
        super().__init__(parent)
        self._hit: Hit | None = None
        self._stale = False
        self._title, self._facts = Elided(), Elided()
        self._title.setProperty("role", "heading")
        self._facts.setProperty("role", "small")
        self._warning = Paragraph()
        self._warning.setProperty("role", "warning")
        self.text = ReadOnlyText()
        self.back = IconButton("arrow-left", lazy("Back to the list"), size=28)
        self.back.clicked.connect(self.closed)
        self.quote = IconButton("message-square", lazy("Quote the article"), size=28)
        self.quote.clicked.connect(self.ask_quote)
        self.link = IconButton("link", lazy("Insert the article’s link"), size=28)
        self.link.clicked.connect(lambda: self.linked.emit(self._hit.article) if self._hit is not None else None)
        self.browse = IconButton("external-link", lazy("Open the source"), size=28)
        self.browse.clicked.connect(lambda: self.browsed.emit(self._hit.article) if self._hit is not None else None)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.back)
        row.addWidget(self._title, 1)
        for button in (self.quote, self.link, self.browse):
            row.addWidget(button)
        for button in (self.back, self.quote, self.link):
            if not beside_reply:  # showing one without a parent would make it a window for a moment
                button.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        for widget in (self._facts, self._warning):
            column.addWidget(widget)
        column.addWidget(self.text, 1)
        self.retranslate()

    @property
    def hit(self) -> Hit | None:
        """What is shown."""
        return self._hit

    def show_hit(self, hit: Hit, *, stale: bool) -> None:
        """Show an article, with the passage that was found selected."""
        self._hit, self._stale = hit, stale
        self.text.show_text(hit.article.text)
        at = hit.article.text.find(hit.passage.removesuffix("…")) if hit.passage else -1
        if at > 0:
            cursor = self.text.textCursor()
            cursor.setPosition(len(hit.article.text[:at].encode("utf-16-le")) // 2)
            self.text.setTextCursor(cursor)
            self.text.centerCursor()
        self.retranslate()

    def ask_quote(self) -> None:
        """Quote what is selected, else the passage that was found."""
        if self._hit is None:
            return
        article = self._hit.article
        words = self.text.selected() or self._hit.passage or passage(article.text, ())
        self.quoted.emit(article, words)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.text.setAccessibleName(_("Article"))
        hit = self._hit
        if hit is None:
            return
        article = hit.article
        self._title.setText(article.title)
        self.text.setAccessibleName(_("Article: {title}", title=article.title))
        parts = [article.shelf, formats().language(article.language) if article.language else ""]
        parts.append(_("updated {date}", date=formats().date(article.updated_at)) if article.updated_at else "")
        self._facts.setText(" · ".join(part for part in parts if part))
        self._warning.setText(_("Not updated for half a year: check it before you quote it.") if self._stale else "")
        self._warning.setVisible(self._stale)
        for button in (self.link, self.browse):
            button.setEnabled(bool(article.link))
            where = article.link or _("This article has no link.")
            button.setToolTip(plain_tip(f"{button.accessibleName()}\n{where}"))
