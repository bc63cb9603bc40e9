"""What a case asks of the network and of the store beyond its own rows: read again, older messages, words, pictures."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray
from PySide6.QtGui import QPixmap

from workstation.domain.cases import Case
from workstation.domain.errors import MeridianError
from workstation.domain.messages import Message
from workstation.domain.text import lazy
from workstation.i18n import _
from workstation.services.casebook import Casebook
from workstation.services.conversation import Conversation
from workstation.services.media import Thumbnails
from workstation.views.notices import Notices
from workstation.views.thumbnails import PICTURE

if TYPE_CHECKING:
    from workstation.views.case.message_view import MediaTile, MessageView


class Fetching:
    """Says with a notice what came of it."""

    def __init__(
        self, conversation: Conversation, casebook: Casebook, thumbnails: Thumbnails, notices: Notices
    ) -> None:
        self._conversation, self._casebook = conversation, casebook
        self._thumbnails, self._notices = thumbnails, notices

    async def thread(self, case: Case, message: Message) -> None:
        """Read a thread from the network now."""
        try:
            fresh = await self._conversation.fresh(case, message)
        except MeridianError as error:
            self._notices.say(error.text, tone="danger", key="thread")
            return
        text = lazy("The thread has changed.") if fresh.changed else lazy("Nothing new in this thread.")
        self._notices.say(text, tone="ok", key="thread")

    async def history(self, message: Message) -> bool:
        """Read more of what its author wrote; whether that was possible."""
        try:
            await self._conversation.fetch_history(message)
        except MeridianError as error:
            self._notices.say(error.text, tone="danger", key="history")
            return False
        return True

    async def revisions(self, view: "MessageView | None") -> None:
        """Show what a message said before it was edited."""
        if view is not None:
            view.show_revisions(await self._casebook.revisions(view.message.id))

    async def picture(self, message: Message, tile: "MediaTile") -> None:
        """Show a picture in its tile."""
        url = tile.media.preview_url or tile.media.url
        data = await self._thumbnails.get(message.channel, url, PICTURE, PICTURE)
        picture = QPixmap()
        if data is not None and picture.loadFromData(QByteArray(data), "PNG"):
            tile.show_picture(picture)
        else:
            tile.fail(_("The picture cannot be shown."))
