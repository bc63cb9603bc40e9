"""Tool tips with words of strangers: Qt takes what looks like markup for markup and would load its pictures."""

import pytest
from PySide6.QtGui import QTextDocumentFragment

from workstation.domain.messages import Media, MediaKind
from workstation.views.case.message_view import MediaTile
from workstation.views.widgets.labels import plain_tip

pytestmark = pytest.mark.usefixtures("qapp")
HOSTILE = '<img src="file:////evil.example/share/x.png"><b>bold</b> & more'


def test_markup_is_shown_as_it_was_written() -> None:
    assert plain_tip("just words & more") == "just words & more"
    assert "<" not in plain_tip(HOSTILE)
    assert QTextDocumentFragment.fromHtml(plain_tip(HOSTILE)).toPlainText() == HOSTILE


def test_why_a_picture_cannot_be_had_is_the_server_s_word_and_no_markup() -> None:
    tile = MediaTile(Media(MediaKind.IMAGE, "https://pictures.example/1.png", alt=HOSTILE))
    tile.fail(HOSTILE)
    assert "<" not in tile.toolTip()
    tile.deleteLater()
