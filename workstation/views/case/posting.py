"""Beginning a post of our own: on which channel, and why not."""

from PySide6.QtWidgets import QWidget

from workstation.connectors.base import Opened
from workstation.domain.channels import ChannelConfig
from workstation.domain.messages import Author, Kind, Message, Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import LazyText, lazy
from workstation.i18n import render
from workstation.services.supervisor import Supervisor
from workstation.views.case.composer import Composer
from workstation.views.desk_actions import DeskActions
from workstation.views.widgets.picker import Choice, Picker

NO_CHANNEL = lazy("Connect a channel first.")
SIGNED_OUT = lazy("This channel is not signed in.")
NOT_OFFERED = lazy("This channel does not offer that.")
NOT_PERMITTED = lazy("This account is not permitted to do that.")


def refusal(opened: Opened | None) -> LazyText | None:
    """Why nothing can be posted there, or None."""
    if opened is None:
        return SIGNED_OUT
    offer = opened.capabilities.offer(Act.POST)
    if offer is None:
        return NOT_OFFERED
    return None if offer.available else offer.reason or NOT_PERMITTED


def blank(channel: int, opened: Opened) -> Message:
    """What a new post is written on: a message that does not exist yet, of nobody, as public as the channel allows."""
    visibility = next(iter(opened.capabilities.visibilities), Visibility.PUBLIC)
    nobody = Author("", opened.account.remote_id, "", "")
    return Message(0, channel, "", Kind.POST, nobody, "", 0, 0, visibility=visibility, own=True)


class Posting:
    """Joins the channels with the composer."""

    def __init__(self, actions: DeskActions, composer: Composer, supervisor: Supervisor, window: QWidget) -> None:
        self._actions, self._composer, self._supervisor, self._window = actions, composer, supervisor, window
        actions.on("composer.post", self.post)
        self.look()

    def look(self) -> None:
        """Possible as soon as one channel allows it; else the reason is the first channel's."""
        reasons = [refusal(self._supervisor.opened(config.id)) for config in self._supervisor.configs()]
        self._actions.allow("composer.post", None if None in reasons else next(iter(reasons), NO_CHANNEL))

    def post(self) -> None:
        """Write a new post, on a channel that is asked for if there are several."""
        possible = [config.id for config in self._supervisor.configs() if self._reason(config.id) is None]
        if len(possible) == 1:
            self._begin(possible[0])
            return
        picker = Picker(lazy("Post on which channel?"), lazy("Type a channel"), self._window)
        picker.offer([self._choice(config) for config in self._supervisor.configs()])
        picker.chosen.connect(lambda choice: self._begin(int(choice.id)))
        picker.open()

    def _reason(self, channel: int) -> LazyText | None:
        return refusal(self._supervisor.opened(channel))

    def _choice(self, config: ChannelConfig) -> Choice:
        opened, reason = self._supervisor.opened(config.id), self._reason(config.id)
        account = f"@{opened.account.handle.lstrip('@')}" if opened is not None else ""
        return Choice(str(config.id), config.name, account, "plug", reason=render(reason) if reason is not None else "")

    def _begin(self, channel: int) -> None:
        opened = self._supervisor.opened(channel)
        if opened is not None:
            self._composer.open_post(blank(channel, opened))
