"""The channels: each with how it fares and what can be done about it."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from workstation.domain.channels import ChannelConfig, Condition, Health
from workstation.domain.errors import MeridianError
from workstation.domain.text import lazy
from workstation.i18n import _, formats, render
from workstation.qt.dialogs import opened
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.services.secrets import NOT_LASTING
from workstation.views.case.words import CONDITION, CONDITION_TONE
from workstation.views.leaving import Question
from workstation.views.notices import Notices
from workstation.views.settings.channel_sheet import ChannelSheet, described
from workstation.views.widgets.buttons import TextButton
from workstation.views.widgets.chips import Chip
from workstation.views.widgets.empty import EmptyState
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided, Paragraph
from workstation.views.widgets.retranslating import Retranslating
from workstation.views.widgets.sheet import CANCEL


class ChannelTile(Retranslating):
    """One channel."""

    wanted = Signal(str)
    """"change", "test", "restart" or "remove"."""

    def __init__(self, config: ChannelConfig, health: Health, lasting: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self.config, self._health, self._lasting = config, health, lasting
        self._name, self._where, self._state, self._error = Elided(), Elided(), Chip(), Paragraph()
        self._name.setProperty("role", "heading")
        self._where.setProperty("role", "small")
        self._error.setProperty("role", "error")
        self._kept = Paragraph()
        self._kept.setProperty("role", "warning")
        self._world = Chip()
        top = QHBoxLayout()
        top.addWidget(self._name, 1)
        top.addWidget(self._world)
        top.addWidget(self._state)
        buttons = QWidget()
        row = FlowLayout(buttons)
        for name, words in (
            ("test", lazy("Test")),
            ("change", lazy("Change")),
            ("restart", lazy("Connect anew")),
            ("remove", lazy("Remove")),
        ):
            button = TextButton(words)
            button.clicked.connect(lambda _=False, what=name: self.wanted.emit(what))
            row.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addLayout(top)
        for widget in (self._where, self._error, self._kept, buttons):
            column.addWidget(widget)
        self.retranslate()

    def show_health(self, health: Health) -> None:
        """Show how it fares now."""
        self._health = health
        self.retranslate()

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        health, spoken = self._health, formats()
        self._name.setText(self.config.name)
        self._world.show_text(_("Practice") if self.config.practice else "", "practice")
        self._state.show_text(render(CONDITION[health.condition]), CONDITION_TONE.get(health.condition, ""))
        parts = [self.config.server]
        if health.last_event_at:
            parts.append(_("lag {time}", time=spoken.duration(health.lag / 1_000_000)))
        if health.retry_at:
            parts.append(_("tries again at {time}", time=spoken.time(health.retry_at)))
        if health.token_expires_at:
            parts.append(_("sign-in ends {time}", time=spoken.datetime(health.token_expires_at)))
        self._where.setText(" · ".join(part for part in parts if part))
        error = render(health.error) if health.error is not None else ""
        self._error.setText(error)
        self._error.setVisible(bool(error) and health.condition is not Condition.LIVE)
        self._kept.setText("" if self._lasting else render(NOT_LASTING))
        self._kept.setVisible(not self._lasting)
        self.setAccessibleName(_("{channel}: {state}", channel=self.config.name, state=self._state.text()))


class ChannelsSection(Retranslating):
    """The list, and the ways to change it."""

    changed = Signal()

    def __init__(
        self, desk: Desk, notices: Notices, tasks: Tasks, window: QWidget, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._desk, self._notices, self._tasks, self._window = desk, notices, tasks, window
        self.tiles: dict[int, ChannelTile] = {}
        self._add = TextButton(lazy("Connect a channel"), icon="plus", role="primary")
        self._add.clicked.connect(self.add)
        self._list = QVBoxLayout()
        self._list.setSpacing(10)
        self._empty = EmptyState(
            "plug", lazy("No channel yet"), lazy("Connect an account of yours: you can try it before it is kept.")
        )
        row = QHBoxLayout()
        row.addWidget(self._add)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(row)
        column.addLayout(self._list)
        column.addWidget(self._empty)
        desk.supervisor.subscribe(self._on_health)
        self.retranslate()
        self.reload()

    def reload(self) -> None:
        """Show the channels as they are stored now."""
        self._tasks.latest(self._load(), "channels")

    async def _load(self) -> None:
        configs = await self._desk.store.channels.list()
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        self.tiles.clear()
        for config in configs:
            health = self._desk.supervisor.health.get(config.id, Health(config.id, Condition.STOPPED))
            lasting = not config.secret or self._desk.secrets.is_lasting(config.secret) or config.practice
            tile = self.tiles[config.id] = ChannelTile(config, health, lasting)
            tile.wanted.connect(lambda what, config=config: self._do(what, config))
            self._list.addWidget(tile)
        self._empty.setVisible(not configs)

    def _on_health(self, health: Health) -> None:
        tile = self.tiles.get(health.channel)
        if tile is not None:
            tile.show_health(health)

    # -- what one does ---------------------------------------------------------------------------------------------

    def add(self) -> None:
        """Begin to connect a channel."""
        self._sheet(None)

    def _do(self, what: str, config: ChannelConfig) -> None:
        if what == "change":
            self._sheet(config)
        elif what == "test":
            self._tasks.latest(self._test(config), "test")
        elif what == "restart":
            self._tasks.spawn(self._restart(config), "restart")
        else:
            self._tasks.spawn(self._remove(config), "remove")

    def _sheet(self, config: ChannelConfig | None) -> None:
        sheet = ChannelSheet(self._desk, config, self._window)
        sheet.kept.connect(self._kept)
        sheet.open()

    def _kept(self, config: ChannelConfig) -> None:
        self._notices.say(lazy("The channel “{channel}” is connected.", channel=config.name), tone="ok", key="channel")
        if config.secret and not self._desk.secrets.is_lasting(config.secret):
            self._notices.say(NOT_LASTING, tone="warn", key="keychain", stays=True)
        self.reload()
        self.changed.emit()

    async def _test(self, config: ChannelConfig) -> None:
        self._notices.say(lazy("Trying “{channel}”…", channel=config.name), key="channel")
        try:
            secret = await self._desk.secrets.read(config.secret, config.id) if config.secret else ""
            found = await self._desk.supervisor.test(config, secret)
        except MeridianError as error:
            self._notices.say(error.text, tone="danger", key="channel")
            return
        first = described(found).splitlines()[0]
        text = lazy("{channel}: {result}", channel=config.name, result=first)
        self._notices.say(text, tone="ok", key="channel")

    async def _restart(self, config: ChannelConfig) -> None:
        await self._desk.supervisor.restart(config.id)
        self.reload()

    async def _remove(self, config: ChannelConfig) -> None:
        question = Question(
            lazy("Remove “{channel}”?", channel=config.name),
            lazy("Nothing more is read from it. Its messages stay in this desk; its sign-in is forgotten."),
            self._window,
        )
        question.button("remove", lazy("Remove"), "danger")
        question.button("", CANCEL, default=True)
        if not await opened(question):
            return
        await self._desk.supervisor.stop(config.id)
        await self._desk.store.channels.remove(config.id)
        if config.secret:
            await self._desk.secrets.forget(config.secret, config.id)
        self.reload()
        self.changed.emit()

    def retranslate(self) -> None:
        """Name the list for screen readers."""
        self.setAccessibleName(_("Channels"))
