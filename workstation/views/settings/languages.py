"""Languages that one writes and reads, and who translates: the provider is tried, kept, and shown with its cost."""

from functools import partial

import msgspec
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QProgressBar, QVBoxLayout, QWidget

from workstation.domain.channels import Field
from workstation.domain.errors import MeridianError
from workstation.domain.providers import ProviderConfig
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, available, formats, own_name, render
from workstation.providers.base import TranslatorManifest, WrongSettingError
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.services.secrets import NOT_LASTING
from workstation.services.settings import Preferences
from workstation.services.translation_jobs import Spent
from workstation.views.notices import Notices
from workstation.views.settings.appearance import Section
from workstation.views.settings.rows import SettingRow
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.forms import FieldForm
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import mark
from workstation.views.widgets.retranslating import Retranslating

KEPT = lazy("Leave empty to keep the present one.")
OWN = ("server", "secret")
"""Fields that are parts of the configuration; the others are its settings."""


class WrittenSection(Section):
    """What the agent writes and reads, and whether the customer's language stands beside it."""

    def __init__(self, desk: Desk, window: QWidget, parent: QWidget | None = None) -> None:
        self._window = window
        super().__init__(desk.settings, parent)

    def build(self) -> None:
        """Add the rows."""
        self._writes = QComboBox()
        self._writes.addItem("", "")
        for tag in available():
            self._writes.addItem(own_name(tag), tag)
        self._writes.currentIndexChanged.connect(lambda _index: self.settings.change(writes=self._writes.currentData()))
        self._two = self.flag("two_sides")
        self.row(lazy("I write in"), lazy("The side “You write” of a reply."), self._writes)
        self.row(
            lazy("Show the customer’s language beside mine"),
            lazy("Two editors where the customer writes in a language that you do not read."),
            self._two,
        )
        tile = QFrame()
        tile.setProperty("role", "tile")
        self._title, self._about = Paragraph(), Paragraph()
        self._about.setProperty("role", "small")
        self.add = TextButton(lazy("Add a language"), icon="plus")
        self.add.clicked.connect(self._choose)
        self._read = QWidget()
        self._flow = FlowLayout(self._read)
        self._shown: tuple[str, ...] | None = None
        column = QVBoxLayout(tile)
        column.setContentsMargins(16, 12, 16, 12)
        for widget in (self._title, self._about, self._read):
            column.addWidget(widget)
        self.column.addWidget(tile)

    def _choose(self) -> None:
        from workstation.views.case.language_picker import LanguagePicker

        picker = LanguagePicker((), self._window)
        picker.chosen.connect(lambda choice: self._take(choice.id))
        picker.open()

    def _take(self, tag: str) -> None:
        if tag not in self.settings.now.reads:
            self.settings.change(reads=(*self.settings.now.reads, tag))

    def _drop(self, tag: str) -> None:
        self.settings.change(reads=tuple(each for each in self.settings.now.reads if each != tag))
        self.add.setFocus()

    def show_preferences(self, now: Preferences) -> None:
        """Show what is in force."""
        self._writes.blockSignals(True)
        self._writes.setItemText(0, _("As the team: {language}", language=own_name(now.team_language)))
        self._writes.setCurrentIndex(max(0, self._writes.findData(now.writes)))
        self._writes.blockSignals(False)
        self._two.blockSignals(True)
        self._two.setChecked(now.two_sides)
        self._two.blockSignals(False)
        self._title.setText(_("I also read"))
        self._about.setText(_("What is written in these languages is not translated for you."))
        self._show_read(now.reads)

    def _show_read(self, tags: tuple[str, ...]) -> None:
        if tags == self._shown:
            return
        self._shown = tags
        while (item := self._flow.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None and widget is not self.add:
                widget.deleteLater()
        for tag in tags:
            button = TextButton(lazy("No longer: {language}", language=formats().language(tag)), icon="x")
            button.clicked.connect(partial(self._drop, tag))
            self._flow.addWidget(button)
        self._flow.addWidget(self.add)


class ProviderSection(Retranslating):
    """The provider of translations: its form, whether it answers, what it costs, and which channels it works for."""

    def __init__(self, desk: Desk, notices: Notices, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._notices, self._tasks = desk, notices, tasks
        self._manifests = {each.kind: each for each in desk.translating.manifests()}
        self.setProperty("role", "tile")
        self._title, self._about, self._state, self._cost = Paragraph(), Paragraph(), Paragraph(), Paragraph()
        self._title.setProperty("role", "heading")
        for label in (self._about, self._cost):
            label.setProperty("role", "secondary")
        self.kind = QComboBox()
        self.kind.addItem("", "")
        for manifest in self._manifests.values():
            self.kind.addItem(manifest.title, manifest.kind)
        self._place = QVBoxLayout()
        self.form = FieldForm(())
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.hide()
        self.test = TextButton(lazy("Test"), icon="plug")
        self.keep = TextButton(lazy("Test and keep"), role="primary")
        self.remove = TextButton(lazy("Remove"))
        self.ask = TextButton(lazy("Ask how much is used"), icon="refresh-cw")
        self.terms = TextButton(lazy("The provider’s terms and documentation"), icon="external-link", role="link")
        self._build()
        self.kind.currentIndexChanged.connect(lambda _index: self._make_form())
        self.show_config(desk.settings.now.translator)
        self.retranslate()

    def _build(self) -> None:
        buttons = QWidget()
        row = FlowLayout(buttons)
        works = (
            (self.keep, lambda: self._tasks.latest(self._keep(), "provider")),
            (self.test, lambda: self._tasks.latest(self._try(), "provider")),
            (self.remove, lambda: self._tasks.latest(self._remove(), "provider")),
            (self.ask, lambda: self._tasks.latest(self._count(ask=True), "provider cost")),
            (self.terms, self._browse),
        )
        for button, work in works:
            button.clicked.connect(work)
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addWidget(self._title)
        column.addWidget(self._about)
        column.addWidget(self.kind)
        column.addLayout(self._place)
        for widget in (self._busy, self._state, self._cost, buttons):
            column.addWidget(widget)

    @property
    def manifest(self) -> TranslatorManifest | None:
        """The kind that is chosen, or None for no provider."""
        return self._manifests.get(str(self.kind.currentData() or ""))

    def show_config(self, config: ProviderConfig) -> None:
        """Show what is in force."""
        self.kind.blockSignals(True)
        self.kind.setCurrentIndex(max(0, self.kind.findData(config.kind)))
        self.kind.blockSignals(False)
        self._make_form()
        self._tasks.latest(self._count(ask=False), "provider cost")

    def _make_form(self) -> None:
        manifest, now = self.manifest, self._desk.settings.now.translator
        same = manifest is not None and now.kind == manifest.kind
        fields = (
            [_kept_secret(field) if same and now.secret else field for field in manifest.fields] if manifest else []
        )
        form = FieldForm(fields, now.settings | {"server": now.server} if same else {})
        self._place.addWidget(form)
        self._place.removeWidget(self.form)
        self.form.deleteLater()
        self.form = form
        self.form.setVisible(manifest is not None)
        self._say("", "")
        for button in (self.test, self.keep, self.terms):
            button.setVisible(manifest is not None)
        for button in (self.remove, self.ask):
            button.setVisible(now.configured)
        self._write_about()

    def _config(self) -> tuple[ProviderConfig, str]:
        """The configuration that the form says, and the key that was typed."""
        values, manifest = self.form.values(), self.manifest
        typed = values.get("secret", "")
        now = self._desk.settings.now.translator
        kind = manifest.kind if manifest is not None else ""
        reference = typed if typed.startswith(("env:", "keyring:")) else now.secret if now.kind == kind else ""
        settings = {name: value for name, value in values.items() if name not in OWN and value}
        config = ProviderConfig(kind, values.get("server", ""), reference if reference == typed or not typed else "")
        return msgspec.structs.replace(config, settings=settings), "" if typed == reference else typed

    # -- what takes a while ----------------------------------------------------------------------------------------

    async def _try(self) -> bool:
        if not self.form.check():
            return False
        config, secret = self._config()
        self._work(lazy("Trying the provider: no text is sent…"))
        try:
            languages = await self._desk.translating.check(config, secret)
        except MeridianError as error:
            self._fail(error)
            return False
        finally:
            self._busy.hide()
        names = formats().list([formats().language(tag) for tag in languages[:8]])
        self._say(_("It works. Languages: {languages}", languages=names) if names else _("It works."), "ok")
        return True

    async def _keep(self) -> None:
        if not await self._try():
            return
        config, secret = self._config()
        try:
            lasting = await self._desk.translating.configure(config, secret)
        except MeridianError as error:
            self._fail(error)
            return
        if not lasting:
            self._notices.say(NOT_LASTING, tone="warn", key="keychain", stays=True)
        self._notices.say(lazy("Translations are asked of this provider from now on."), tone="ok", key="provider")
        self.show_config(self._desk.settings.now.translator)

    async def _remove(self) -> None:
        await self._desk.translating.remove()
        self._notices.say(lazy("No text is sent to any provider any more."), tone="ok", key="provider")
        self.show_config(self._desk.settings.now.translator)
        self.kind.setFocus()

    async def _count(self, *, ask: bool) -> None:
        try:
            spent = await self._desk.translating.spent(ask=ask)
        except MeridianError as error:
            self._fail(error)
            return
        self._cost.setText(_cost(spent) if self._desk.settings.now.translator.configured else "")
        self._cost.setVisible(bool(self._cost.text()))

    def _work(self, words: LazyText) -> None:
        self._busy.show()
        self._say(render(words), "secondary")

    def _fail(self, error: MeridianError) -> None:
        self._say(render(error.text), "error")
        if isinstance(error, WrongSettingError):
            self.form.show_error(str(error.params.get("field", "")), error.text)

    def _say(self, text: str, role: str) -> None:
        self._state.setText(text)
        mark(self._state, "role", role)
        self._state.setVisible(bool(text))

    def _browse(self) -> None:
        url = QUrl(self.manifest.documentation if self.manifest is not None else "")
        if url.scheme() == "https":
            QDesktopServices.openUrl(url)

    def _write_about(self) -> None:
        manifest = self.manifest
        self._about.setText(
            render(manifest.summary)
            if manifest is not None
            else _("Nothing is sent to anybody. Templates, memory, glossary and spelling work without a provider.")
        )

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._title.setText(_("Translation provider"))
        self.setAccessibleName(_("Translation provider"))
        self.kind.setAccessibleName(_("Translation provider"))
        self.kind.setItemText(0, _("None"))
        for number, manifest in enumerate(self._manifests.values(), 1):
            self.kind.setItemText(number, _(manifest.title))  # a name, or words for a kind of provider
        self._busy.setAccessibleName(_("Trying the provider"))
        self._write_about()


class ByItselfSection(Section):
    """Channels whose messages are translated without being asked for."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        self._desk = desk
        self._flags: dict[int, QCheckBox] = {}
        super().__init__(desk.settings, parent)

    def build(self) -> None:
        """Add a row for each channel."""
        for config in self._desk.supervisor.configs():
            flag = self._flags[config.id] = QCheckBox()
            flag.toggled.connect(partial(self._turn, config.id))
            self.column.addWidget(
                SettingRow(
                    lazy("Translate what comes in on “{channel}” by itself", channel=config.name),
                    lazy("Every message in a language that you do not read is sent to the provider when you open it."),
                    flag,
                )
            )

    def _turn(self, channel: int, on: bool) -> None:
        others = tuple(each for each in self.settings.now.translated_channels if each != channel)
        self.settings.change(translated_channels=(*others, channel) if on else others)

    def show_preferences(self, now: Preferences) -> None:
        """Show what is in force; it needs a provider."""
        for channel, flag in self._flags.items():
            flag.blockSignals(True)
            flag.setChecked(channel in now.translated_channels)
            flag.blockSignals(False)
            flag.setEnabled(now.translator.configured)


def _kept_secret(field: Field) -> Field:
    if field.name != "secret":
        return field
    return msgspec.structs.replace(field, required=False, help=KEPT)


def _cost(spent: Spent) -> str:
    counted = _(
        "Sent this month: {characters} characters in {requests} requests.",
        characters=spent.characters,
        requests=spent.requests,
    )
    usage = spent.provider
    if not usage.known:
        return counted
    said = (
        _("The provider says: {used} of {limit} characters used.", used=usage.used, limit=usage.limit)
        if usage.limit > 0
        else _("The provider says: {used} characters used.", used=usage.used)
    )
    return f"{counted} {said}"


def sections(desk: Desk, notices: Notices, tasks: Tasks, window: QWidget) -> tuple[QWidget, ...]:
    """What stands under the interface's language."""
    return WrittenSection(desk, window), ProviderSection(desk, notices, tasks), ByItselfSection(desk)
