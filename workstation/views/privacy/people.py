"""Finding somebody, what is kept of them and where, handing it over, erasing with progress, and legal holds."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from workstation.domain.messages import Micros
from workstation.domain.privacy import Known, Person, Preview, Progress, Stage
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.views import masking
from workstation.views.privacy.erase_sheet import places
from workstation.views.privacy.records import fill
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided, Paragraph
from workstation.views.widgets.retranslating import Retranslating

ROLE = Qt.ItemDataRole.UserRole
STAGES: dict[Stage, LazyText] = {
    Stage.MESSAGES: lazy("Removing messages"),
    Stage.MENTIONS: lazy("Masking what others wrote"),
    Stage.FILES: lazy("Cleaning files"),
    Stage.INDEX: lazy("Writing the search index anew"),
    Stage.CHECK: lazy("Searching every byte"),
}


class PeopleSection(Retranslating):
    """Data in, wishes out."""

    searched = Signal(str)
    chosen = Signal(object)
    """A Person."""
    export_wanted = Signal(object)
    erase_wanted = Signal(object)
    """A Preview."""
    hold_wanted = Signal(object)
    lift_wanted = Signal(object)
    """A Preview."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: tuple[Known, ...] = ()
        self._preview: Preview | None = None
        self._now: Micros = 0
        self._loading = False
        self._progress: Progress | None = None
        self.field = QLineEdit()
        self.field.setClearButtonEnabled(True)
        self.field.textChanged.connect(self.searched)
        self.list = QListWidget()
        self.field.returnPressed.connect(self.list.setFocus)
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(self._picked)
        self._empty = EmptyState(
            "users", lazy("Nobody was found"), lazy("Search by a handle, a name or an address. A whole handle is taken "
            "even if it never wrote to you: others may have named it.")
        )  # fmt: skip
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(self.field)
        left.addWidget(self.list, 1)
        left.addWidget(self._empty, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(20)
        row.addLayout(left, 2)
        row.addWidget(self._details(), 3)
        self.retranslate()

    def _details(self) -> QWidget:
        self.details = QWidget()
        self.details.setProperty("role", "bare")
        self._who, self._accounts, self._held = Elided(), Paragraph(), Paragraph()
        self._who.setProperty("role", "title")
        self._accounts.setProperty("role", "secondary")
        self._held.setProperty("role", "warning")
        self._where = QScrollArea()
        self._where.setWidgetResizable(True)
        self.progress = QProgressBar()
        self._stage = Paragraph()
        self.export = TextButton(lazy("Export everything"), icon="download")
        self.export.clicked.connect(lambda: self._tell(self.export_wanted))
        self.hold = TextButton(lazy("Legal hold"), icon="lock")
        self.hold.clicked.connect(lambda: self._tell(self.lift_wanted if self._is_held else self.hold_wanted))
        self.erase = TextButton(lazy("Erase…"), icon="trash-2", role="danger")
        self.erase.clicked.connect(lambda: self._tell(self.erase_wanted))
        buttons = QWidget()
        flow = FlowLayout(buttons)
        for button in (self.export, self.hold, self.erase):
            flow.addWidget(button)
        column = QVBoxLayout(self.details)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for widget in (self._who, self._accounts, self._held):
            column.addWidget(widget)
        column.addWidget(self._where, 1)
        column.addWidget(self._stage)
        column.addWidget(self.progress)
        column.addWidget(buttons)
        self.show_progress(None)
        return self.details

    def _tell(self, signal: SignalInstance) -> None:
        if self._preview is not None:
            signal.emit(self._preview)

    @property
    def _is_held(self) -> bool:
        return self._preview is not None and self._preview.hold is not None

    @property
    def preview(self) -> Preview | None:
        """What is shown of whom."""
        return self._preview

    def show_people(self, known: Sequence[Known], now: Micros) -> None:
        """Show what was found; the first is chosen."""
        self._known, self._now = tuple(known), now
        self._fill()

    def _fill(self) -> None:
        person = self._preview.person if self._preview is not None else None
        self._loading = True
        fill(self.list, [(self._line(known), known.person) for known in self._known])
        authors = person.authors if person is not None else None
        at = next((row for row, known in enumerate(self._known) if known.person.authors == authors), 0)
        self._loading = False
        self.list.setVisible(bool(self._known))
        self._empty.setVisible(not self._known)
        if not self._known:
            self.show_preview(None)
        elif self.list.currentRow() != at:
            self.list.setCurrentRow(at)
        elif authors is None:
            self._picked()

    def _line(self, known: Known) -> str:
        first = known.person.authors[0] if known.person.authors else None
        name = first.name if first is not None and first.name else known.person.handle
        about = [
            ngettext("{count} message", "{count} messages", known.messages),
            ngettext("{count} case", "{count} cases", known.cases),
        ]
        if known.last_at:
            about.append(formats().age(known.last_at, self._now))
        if known.held:
            about.append(_("legal hold"))
        return f"{name}\n{known.person.handle}\n{' · '.join(about)}"

    def _picked(self) -> None:
        item = self.list.currentItem()
        if item is not None and not self._loading:
            person: Person = item.data(ROLE)
            if self._preview is None or self._preview.person != person:
                self.show_preview(None)
            self.chosen.emit(person)

    def show_preview(self, preview: Preview | None) -> None:
        """Show what is kept of somebody; None while it is being counted, or for nobody."""
        self._preview = preview
        self.retranslate_details()

    def show_progress(self, progress: Progress | None) -> None:
        """Show how far an erasure is; None when there is none."""
        self._progress = progress
        busy = progress is not None
        for widget in (self.progress, self._stage):
            widget.setVisible(busy)
        for button in (self.export, self.hold, self.erase):
            button.setEnabled(not busy and self._preview is not None)
        self.field.setEnabled(not busy)
        self.list.setEnabled(not busy)
        if progress is not None:
            self._stage.setText(render(STAGES[progress.stage]))
            self.progress.setAccessibleName(self._stage.text())
            self.progress.setRange(0, progress.total)
            self.progress.setValue(progress.done)
        elif self._preview is not None:
            self.erase.setEnabled(not self._is_held)
            self.hold.setEnabled(bool(self._preview.person.authors))

    def retranslate_details(self) -> None:
        """Write what is shown of somebody in the language spoken now."""
        preview = self._preview
        self.details.setVisible(bool(self._known))
        self._who.setText(masking.text(preview.person.handle) if preview is not None else "")
        accounts = [masking.author(author) for author in preview.person.authors] if preview is not None else []
        self._accounts.setText("\n".join(f"{author.name} · {author.handle} · {author.network}" for author in accounts))
        self._accounts.setVisible(bool(accounts))
        hold = preview.hold if preview is not None else None
        self._held.setText(_("Under legal hold: {reason}", reason=hold.reason or "–") if hold is not None else "")
        self._held.setVisible(hold is not None)
        if hold is not None:
            self.hold.rename(lazy("End the legal hold"), "lock-open")
        else:
            self.hold.rename(lazy("Legal hold"), "lock")
        old = self._where.takeWidget()
        if old is not None:
            old.deleteLater()
        self._where.setWidget(places(preview) if preview is not None else Paragraph(_("Counting…")))
        self._where.setAccessibleName(_("Where it is kept"))
        self.show_progress(self._progress)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self.field.setPlaceholderText(_("Handle, name or address"))
        self.field.setAccessibleName(_("Find people"))
        self.list.setAccessibleName(_("People"))
        self._fill()
        self.retranslate_details()
