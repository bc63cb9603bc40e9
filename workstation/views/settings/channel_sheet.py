"""Connecting a channel, or changing one: the form of its manifest, the sign-in, the test, and only then keeping it."""

import msgspec
from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QProgressBar, QScrollArea, QVBoxLayout, QWidget

from workstation.connectors.base import Opened
from workstation.domain.channels import ChannelConfig, Field, FieldKind, Manifest
from workstation.domain.errors import ConfigurationError, MeridianError
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _, formats, ngettext, render
from workstation.qt.dialogs import ask_text
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.views.case.words import UNIT
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.forms import FieldForm, is_on
from workstation.views.widgets.labels import Paragraph
from workstation.views.widgets.marking import margins
from workstation.views.widgets.sheet import CANCEL, Sheet

NAME = Field(
    "name",
    lazy("Name"),
    help=lazy("How this channel is called on your desk and in filters, such as channel:acme."),
    required=True,
    placeholder="acme",
)
OWN = ("name", "server", "user", "secret")
"""Fields that are parts of the configuration; the others are its settings."""
KEPT = lazy("Leave empty to keep the present one.")


def config_of(
    values: dict[str, str], manifest: Manifest, old: ChannelConfig | None, *, practice: bool
) -> ChannelConfig:
    """The configuration that the form says; its secret is still the old reference."""
    known = {field.name: field for field in manifest.fields}
    settings = {name: said for name in values if name not in OWN and (said := _said(known[name], values[name]))}
    base = old or ChannelConfig(0, manifest.kind, "", practice=practice)
    return msgspec.structs.replace(
        base,
        name=values["name"],
        server=values.get("server", ""),
        user=values.get("user", ""),
        settings=settings,
    )


def _said(field: Field, value: str) -> str:
    """What a setting differs by from its default; empty where it does not."""
    if field.kind is FieldKind.FLAG:
        usual = is_on(field.default)
        return "" if is_on(value) is usual else "0" if usual else "1"
    return "" if value == field.default else value


def values_of(config: ChannelConfig) -> dict[str, str]:
    """What the form shows of a configuration; never its secret."""
    return config.settings | {"name": config.name, "server": config.server, "user": config.user}


def described(opened: Opened) -> str:
    """What a test found, in a few lines."""
    can, spoken = opened.capabilities, formats()
    possible = sum(offer.available for offer in can.offers)
    lines = [
        _("It works: signed in as {handle}.", handle=opened.account.handle),
        _("Server: {software}", software=can.server or "–"),
        _("Reads: {sources}", sources=spoken.list(list(opened.sources)) or "–"),
        ngettext("{count} action is possible here.", "{count} actions are possible here.", possible),
    ]
    if can.length_limit:
        unit = render(UNIT[can.length_unit])
        lines.append(_("Longest message: {limit} {unit}", limit=can.length_limit, unit=unit))
    return "\n".join(lines)


class ChannelSheet(Sheet):
    """Emits the configuration that was kept, with its id."""

    kept = Signal(object)

    def __init__(self, desk: Desk, old: ChannelConfig | None, parent: QWidget) -> None:
        super().__init__(lazy("Change the channel") if old is not None else lazy("Connect a channel"), parent)
        self._desk, self._old = desk, old
        self._tasks = Tasks(self)
        self._tested: ChannelConfig | None = None
        self._manifests = desk.registry.manifests()
        self.kind = QComboBox()
        for manifest in self._manifests:
            self.kind.addItem(_(manifest.title), manifest.kind)  # a name, or words for a kind of channel
        if old is not None:
            self.kind.setCurrentIndex(max(0, self.kind.findData(old.kind)))
        self._about = Paragraph()
        self._about.setProperty("role", "secondary")
        self.body.addWidget(self.kind)
        self.kind.setVisible(old is None and len(self._manifests) > 1)
        self.body.addWidget(self._about)
        self._place = QScrollArea()
        self._place.setWidgetResizable(True)
        self.body.addWidget(self._place, 1)
        self.form = FieldForm(())
        self._make_form()
        self._state()
        self._buttons_below()
        self.kind.currentIndexChanged.connect(lambda _index: self._choose())
        self.resize(600, 680)

    @property
    def manifest(self) -> Manifest:
        """The kind that is chosen."""
        return self._desk.registry.manifest(str(self.kind.currentData()))

    def _choose(self) -> None:
        """Show the form of another network; what was tried and found was about the one before."""
        self._make_form(self.form.values()["name"])
        self._forget_test()
        self._say("", "secondary")
        self._browser.setVisible("oauth" in self.manifest.sign_in)

    def _make_form(self, name: str = "") -> None:
        manifest = self.manifest
        fields = [NAME, *manifest.fields]
        if self._old is not None:
            fields = [_kept_secret(field) for field in fields]
        values = values_of(self._old) if self._old is not None else {"name": name}
        self.form = FieldForm(fields, values)
        page = QWidget()
        page.setProperty("role", "bare")
        column = QVBoxLayout(page)
        margins(column, 0, 0, 10, 0)
        column.addWidget(self.form)
        column.addStretch(1)
        self._place.setWidget(page)
        self.retranslate()
        self.form.edited.connect(self._forget_test)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        super().retranslate()
        if not hasattr(self, "form"):
            return  # while the sheet around it is made
        self._about.setText(render(self.manifest.summary))
        for number, manifest in enumerate(self._manifests):
            self.kind.setItemText(number, _(manifest.title))
        self.kind.setAccessibleName(_("Network"))
        self._place.setAccessibleName(_("Connect a channel"))

    def _state(self) -> None:
        self._progress = QProgressBar()
        self._progress.setRange(0, 0)
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(_("Trying the channel"))
        self._progress.hide()
        self._result = Paragraph()
        self._result.hide()
        self.body.addWidget(self._progress)
        self.body.addWidget(self._result)

    def _buttons_below(self) -> None:
        row = QHBoxLayout()
        self._browser = TextButton(lazy("Sign in through the browser"), icon="globe")
        self._browser.clicked.connect(lambda: self._tasks.latest(self._sign_in(), "sign in"))
        self._test = TextButton(lazy("Test"), icon="plug")
        self._test.clicked.connect(lambda: self._tasks.latest(self._try(), "test"))
        row.addWidget(self._browser)
        row.addWidget(self._test)
        row.addStretch(1)
        self.body.addLayout(row)
        self._browser.setVisible("oauth" in self.manifest.sign_in)
        self.button("", CANCEL)
        self._anyway = self.button("anyway", lazy("Keep it untested"))
        self._anyway.hide()
        self._save = self.button("save", lazy("Test and keep"), "primary", default=True)

    def may_end(self, answer: str) -> bool:
        """Keeping takes a while; the sheet closes itself when it is done."""
        if answer in ("save", "anyway") and self.form.check():
            self._tasks.latest(self._keep(tested=answer == "save"), "keep")
        return False

    # -- what takes a while ----------------------------------------------------------------------------------------

    def _busy(self, words: LazyText | None) -> None:
        self._progress.setVisible(words is not None)
        for button in (self._browser, self._test, self._save, self._anyway):
            button.setEnabled(words is None)
        if words is not None:
            self._say(render(words), "secondary")

    def _say(self, text: str, role: str) -> None:
        self._result.setText(text)
        self._result.setProperty("role", role)
        self._result.style().unpolish(self._result)
        self._result.style().polish(self._result)
        self._result.setVisible(bool(text))

    def _forget_test(self) -> None:
        self._tested = None
        self._anyway.hide()

    async def _secret(self) -> str:
        typed = self.form.values().get("secret", "")
        if typed.startswith(("env:", "keyring:")):
            return await self._desk.secrets.read(typed)
        if typed or self._old is None or not self._old.secret:
            return typed
        return await self._desk.secrets.read(self._old.secret, self._old.id)

    def _config(self) -> ChannelConfig:
        return config_of(self.form.values(), self.manifest, self._old, practice=self._desk.practice)

    async def _try(self) -> bool:
        if not self.form.check():
            return False
        config = self._config()
        self._busy(lazy("Trying the channel…"))
        try:
            opened = await self._desk.supervisor.test(config, await self._secret())
        except MeridianError as error:
            self._busy(None)
            self._fail(error)
            return False
        self._busy(None)
        self._tested = config
        self._say(described(opened), "ok")
        return True

    def _fail(self, error: MeridianError) -> None:
        text = render(error.text)
        self._say(text, "error")
        self._anyway.show()
        if isinstance(error, ConfigurationError):
            self.form.show_error(str(error.params.get("field", "")), error.text)

    async def _sign_in(self) -> None:
        server = self.form.entries.get("server")
        if server is not None and not server.check():
            server.editor.setFocus()
            return
        sign_in = self._desk.registry.connector(self.manifest.kind).sign_in(self._desk.client)
        if sign_in is None:
            return
        self._busy(lazy("Waiting for the browser. Sign in there and come back."))
        try:
            token = await sign_in(self._config(), _open, self._ask_code)
        except MeridianError as error:
            self._busy(None)
            self._fail(error)
            return
        finally:
            self._progress.hide()
        self._busy(None)
        entry = self.form.entries.get("secret")
        if entry is not None:
            entry.put(token)
        self._say(_("Signed in. Test the channel, or keep it."), "ok")

    async def _ask_code(self, address: str) -> str:
        _open(address)
        title, label = _("Sign in"), _("Enter the code that the page in the browser shows:")
        return await ask_text(self, title, label) or ""

    async def _keep(self, *, tested: bool) -> None:
        if tested and self._tested != self._config() and not await self._try():
            return
        config = self._config()
        typed = self.form.values().get("secret", "")
        try:
            if typed.startswith("env:"):
                config = msgspec.structs.replace(config, secret=typed)
            elif typed:
                reference = await self._desk.secrets.keep(config.name, typed)
                config = msgspec.structs.replace(config, secret=reference)
            config = await self._store(config)
        except MeridianError as error:
            self._fail(error)
            return
        self.kept.emit(config)
        self.accept()

    async def _store(self, config: ChannelConfig) -> ChannelConfig:
        channels = self._desk.store.channels
        if self._old is None:
            stored = await channels.add(config)
            if stored.enabled:
                self._desk.supervisor.run(stored)
            return stored
        await channels.change(config)
        if self._old.secret and self._old.secret != config.secret:
            await self._desk.secrets.forget(self._old.secret)
        await self._desk.supervisor.restart(config.id)
        return config


def _kept_secret(field: Field) -> Field:
    if field.name != "secret":
        return field
    return msgspec.structs.replace(field, required=False, help=KEPT)


def _open(address: str) -> None:
    url = QUrl(address)
    if url.scheme() in ("http", "https"):
        QDesktopServices.openUrl(url)
