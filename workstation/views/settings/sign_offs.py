"""How the replies of each channel are signed: not at all, by the team, or by a name that the agent chooses."""

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from workstation.domain.channels import ChannelConfig
from workstation.domain.memory import SignOff, SignOffPolicy
from workstation.domain.text import lazy
from workstation.i18n import _
from workstation.qt.tasks import Tasks
from workstation.services.desk import Desk
from workstation.services.sign_offs import LONGEST, SignOffs
from workstation.views.settings.rows import LazyCombo
from workstation.views.widgets.labels import Elided, Paragraph
from workstation.views.widgets.retranslating import Retranslating

KINDS = (
    (SignOff.NONE.value, lazy("Not signed")),
    (SignOff.TEAM.value, lazy("The team’s name")),
    (SignOff.AGENT.value, lazy("The name you sign with")),
)


class SignOffRow(Retranslating):
    """One channel; every change is in force at once."""

    def __init__(self, config: ChannelConfig, offs: SignOffs, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._config, self._offs, self._tasks = config, offs, tasks
        policy = offs.policy(config.id)
        self._name = Elided()
        self.kind = LazyCombo(KINDS)
        self.kind.choose(policy.kind.value)
        self.team = QLineEdit(policy.text)
        self.team.setMaxLength(LONGEST)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._name, 2)
        row.addWidget(self.kind, 2)
        row.addWidget(self.team, 3)
        self.kind.currentIndexChanged.connect(lambda _index: self._changed())
        self.team.editingFinished.connect(self._changed)
        self.retranslate()

    def policy(self) -> SignOffPolicy:
        """What is chosen."""
        return SignOffPolicy(self._config.id, SignOff(self.kind.currentData()), " ".join(self.team.text().split()))

    def _changed(self) -> None:
        self._follow()
        wanted = self.policy()
        if wanted != self._offs.policy(self._config.id):
            self._tasks.latest(self._offs.change(wanted), f"sign-off {self._config.id}")

    def _follow(self) -> None:
        self.team.setEnabled(self.kind.currentData() == SignOff.TEAM.value)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        name = self._config.name
        self._name.setText(name)
        self.kind.retranslate()
        self.kind.widen()
        self.kind.setAccessibleName(_("How replies of {channel} are signed", channel=name))
        self.team.setAccessibleName(_("The team’s name under replies of {channel}", channel=name))
        self.team.setPlaceholderText(_("The team’s name"))
        self._follow()


class SignOffsTile(Retranslating):
    """A row for each channel."""

    def __init__(self, desk: Desk, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "tile")
        self._desk, self._tasks = desk, tasks
        self.rows: list[SignOffRow] = []
        self._shown: tuple[ChannelConfig, ...] | None = None
        self._name, self._words, self._none = QLabel(), Paragraph(), Paragraph()
        self._words.setProperty("role", "small")
        self._list = QVBoxLayout()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        for widget in (self._name, self._words, self._none):
            column.addWidget(widget)
        column.addLayout(self._list)
        self.retranslate()

    def showEvent(self, event: QShowEvent) -> None:
        """Show the channels as they are stored now."""
        super().showEvent(event)
        self._tasks.latest(self.load(), "sign-offs")

    async def load(self) -> None:
        """Read the channels and how their replies are signed."""
        channels = await self._desk.store.channels.list()
        if channels == self._shown:
            return
        self._shown = channels
        await self._desk.drafting.sign_offs.load()
        for row in self.rows:
            self._list.removeWidget(row)
            row.deleteLater()
        self.rows = [SignOffRow(config, self._desk.drafting.sign_offs, self._tasks) for config in channels]
        for row in self.rows:
            self._list.addWidget(row)
        self._none.setVisible(not self.rows)

    def retranslate(self) -> None:
        """Write the texts in the language spoken now."""
        self._name.setText(_("Sign-off"))
        self._words.setText(
            _(
                "Put under a reply when it is sent, and counted with it. It is kept out of searches and exports: who"
                " works here is nobody’s business."
            )
        )
        self._none.setText(_("No channel yet"))
        self.setAccessibleName(_("Sign-off"))
