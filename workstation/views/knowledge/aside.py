"""What stands beside the editor: how the team writes here, and articles. It folds away and is remembered."""

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from workstation.domain.knowledge import Guideline
from workstation.domain.text import lazy
from workstation.i18n import _, formats
from workstation.views import theme
from workstation.views.knowledge.article_view import ArticleView, ReadOnlyText
from workstation.views.knowledge.finder import Finder
from workstation.views.widgets.buttons import IconButton, TextButton
from workstation.views.widgets.labels import Elided, Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.tabs import name_arrows


class Side(StrEnum):
    """What is unfolded; the value is remembered."""

    NONE = ""
    GUIDELINE = "guideline"
    ARTICLES = "articles"


NARROWEST = 26
"""Average letters."""
NO_GUIDELINE = lazy("Nobody has written down yet how to write on this channel: the tone, what to do, what not to do.")


class GuidelineView(Retranslating):
    """The guideline in force, or the way to write one."""

    write_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._guideline: Guideline | None = None
        self._channel = ""
        self._about, self.text, self._none = Elided(), ReadOnlyText(), Paragraph()
        self._about.setProperty("role", "small")
        self._none.setProperty("role", "secondary")
        self.write = TextButton(lazy("Write it down"), icon="pencil")
        self.write.clicked.connect(self.write_wanted)
        self.change = IconButton("pencil", lazy("Change it"), size=28)
        self.change.clicked.connect(self.write_wanted)
        head = QHBoxLayout()
        head.addWidget(self._about, 1)
        head.addWidget(self.change)
        row = QHBoxLayout()
        row.addWidget(self.write)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._none)
        column.addWidget(self.text, 1)
        column.addLayout(row)
        column.addStretch(0)
        self.retranslate()

    def show_guideline(self, guideline: Guideline | None, channel: str) -> None:
        """Show what is in force on the channel of that name."""
        self._guideline, self._channel = guideline, channel
        self.text.show_text(guideline.text if guideline is not None else "")
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        guideline = self._guideline
        self.text.setAccessibleName(_("How we write here"))
        self.text.setVisible(guideline is not None)
        self._none.setText(_(NO_GUIDELINE.msgid))
        self._none.setVisible(guideline is None)
        for widget in (self._about, self.change):
            widget.setVisible(guideline is not None)
        self.write.setVisible(guideline is None)
        if guideline is None:
            return
        whose = self._channel if guideline.channel else _("the whole desk")
        date = formats().date(guideline.updated_at)
        self._about.setText(_("For {whose} · written {date}", whose=whose, date=date))


class Aside(Retranslating):
    """Two sides behind two tabs."""

    turned = Signal(str)
    """Another side was asked for, or "" to fold it."""

    def __init__(self, finder: Finder, article: ArticleView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("aside")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.side = Side.NONE
        self.finder, self.article, self.guideline = finder, article, GuidelineView()
        self._tabs = QTabBar()
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setUsesScrollButtons(False)
        self._sides = (Side.GUIDELINE, Side.ARTICLES)
        for _side in self._sides:
            self._tabs.addTab("")
        self._tabs.currentChanged.connect(lambda index: self.turned.emit(self._sides[index].value))
        fold = IconButton("chevron-right", lazy("Fold away"), size=24)
        fold.clicked.connect(lambda: self.turned.emit(""))
        self._fold = fold
        self._stack = QStackedWidget()
        for page in (self.guideline, finder, article):
            self._stack.addWidget(page)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addWidget(self._tabs, 1)
        head.addWidget(fold, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 2, 10, 8)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self.hide()
        self.retranslate()

    def show_side(self, side: Side) -> None:
        """Show a side, or fold everything away."""
        self.side = side
        self.setVisible(side is not Side.NONE)
        if side is Side.NONE:
            return
        self._tabs.blockSignals(True)
        self._tabs.setCurrentIndex(self._sides.index(side))
        self._tabs.blockSignals(False)
        if side is Side.GUIDELINE:
            self._stack.setCurrentWidget(self.guideline)
        elif self._stack.currentWidget() is self.guideline:
            self._stack.setCurrentWidget(self.finder)

    def show_article(self, shown: bool) -> None:
        """Show the article that was opened, or the list again."""
        self._stack.setCurrentWidget(self.article if shown else self.finder)

    @property
    def reading(self) -> bool:
        """Whether an article is open."""
        return self._stack.currentWidget() is self.article

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        names = (_("How we write here"), _("Articles"))
        for index, name in enumerate(names):
            self._tabs.setTabText(index, name)
        self._tabs.setAccessibleName(_("Beside the reply"))
        name_arrows(self._tabs)
        self.setAccessibleName(_("Beside the reply"))
        self._fold.rename(lazy("Fold away"), "chevron-left" if self.isRightToLeft() else "chevron-right")
        self.setMinimumWidth(theme.current().letter * NARROWEST)
