"""Above the editors: to whom, as whom, how public, live or practice."""

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText, lazy
from workstation.i18n import _
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
