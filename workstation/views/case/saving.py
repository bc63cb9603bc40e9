"""Saving files that were attached to a message."""

from pathlib import Path
from typing import TYPE_CHECKING

from workstation.domain.errors import MeridianError
from workstation.domain.messages import Message
from workstation.domain.text import lazy
from workstation.i18n import _
from workstation.qt.dialogs import ask_file
from workstation.services.files import Files, safe_name
from workstation.views.case.surroundings import CaseRoom

if TYPE_CHECKING:
    from workstation.views.case.message_view import MediaTile


class Saving:
    """Asks where to, fetches, writes, and tells."""

    def __init__(self, room: CaseRoom) -> None:
        self._room = room
        self._files = Files(room.desk.supervisor)
        room.panel.file_wanted.connect(lambda message, tile: room.tasks.spawn(self._save(message, tile), "file"))

    async def _save(self, message: Message, tile: "MediaTile") -> None:
        media = tile.media
        chosen = await ask_file(self._room.window, _("Save the file"), _("All files (*)"), save=safe_name(media.name))
        if chosen is None:
            return
        tile.set_busy(True)
        try:
            await self._files.save(message, media, Path(chosen))
        except MeridianError as error:
            self._room.notices.say(error.text, tone="danger")
        except OSError as error:
            self._room.notices.say(lazy("{what}: {why}", what=chosen, why=error.strerror or ""), tone="danger")
        else:
            self._room.notices.say(lazy("Saved: {path}", path=Path(chosen).name), tone="ok")
        finally:
            tile.set_busy(False)
