"""Above the editors: to whom, as whom, how public, live or practice."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from workstation.domain.languages import named
from workstation.domain.messages import Message, Visibility
from workstation.domain.outbox import Act
from workstation.domain.reading import as_written
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _
from workstation.services.supervisor import Supervisor
from workstation.views import masking
from workstation.views.case.visibility_button import VisibilityButton
from workstation.views.desk_actions import DeskActions
from workstation.views.widgets.buttons import IconButton
from workstation.views.widgets.chips import BrokenChip
from workstation.views.widgets.flow import FlowLayout
from workstation.views.widgets.labels import Elided


class Target(msgspec.Struct, frozen=True):
    """What a reply is to and from: names for people, nothing that is sent."""

    act: Act
    to: str
    account: str
    channel: str
    practice: bool
    visibilities: tuple[Visibility, ...]
    original: Visibility
    language: str = ""


_TITLES = {Act.REPLY: lazy("Reply to {name}"), Act.EDIT: lazy("Edit our message")}


def target_of(act: Act, message: Message, supervisor: Supervisor) -> Target:
    """Whom an answer to a message reaches, as whom we are signed in now."""
    config, opened = supervisor.config(message.channel), supervisor.opened(message.channel)
    return Target(
        act=act,
        to=masking.name(message.author),
        account=as_written(opened.account.handle, message.kind) if opened is not None else "?",
        channel=config.name if config is not None else "",
        practice=config is not None and config.practice,
        visibilities=opened.capabilities.visibilities if opened is not None else (message.visibility,),
        original=message.visibility,
        language=named(message.language),
    )


class ComposerHead(QWidget):
    """Names, the choice of who may read it, and the way out."""

    def __init__(self, actions: DeskActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title, self.whom, self.world = Elided(), Elided(), BrokenChip()
        self.title.setProperty("role", "heading")
        self.whom.setProperty("role", "secondary")
        self.visibility = VisibilityButton()
        close = IconButton("x", lazy("Close the reply"))
        close.follow(actions["composer.close"])
        about = QWidget()
        words = FlowLayout(about, gap=10, beside=(self.visibility, close))
        for label in (self.title, self.world, self.whom):
            label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            words.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        row.addWidget(about, 1)
        row.addWidget(self.visibility, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def name(self, target: Target) -> None:
        """Write to whom and as whom, in the language spoken now."""
        title: LazyText = _TITLES.get(target.act, _TITLES[Act.REPLY])
        self.title.setText(_(title.msgid, name=target.to))
        self.whom.setText(_("as {account} on {channel}", account=target.account, channel=target.channel))
        self.world.show_text(
            _("PRACTICE – nobody outside sees it") if target.practice else _("LIVE – goes out to the network"),
            "practice" if target.practice else "danger",
        )
