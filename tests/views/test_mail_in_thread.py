"""A mail in the thread: its subject, what is new in it, what it only repeats, and the files attached to it."""

from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from workstation.domain.cases import Entry
from workstation.domain.messages import Author, Kind, Mark, Media, MediaKind, Message, Visibility
from workstation.domain.reading import as_written
from workstation.i18n import load_language
from workstation.qt.translator import apply_language
from workstation.views.case.message_view import MessageView
from workstation.views.deck.content import NO_CHANNEL, Surroundings, describe

pytestmark = pytest.mark.usefixtures("qapp")
AUTHOR = Author("mail", "ada@example.org", "ada@example.org", "Ada")
TEXT = "Broken cup\n\nThe handle is off.\n\n> On Monday we wrote:\n> It was sent.\n\nRegards"


AROUND = Surroundings(lambda: 0, lambda _: NO_CHANNEL, lambda _: None)


def mail(text: str = TEXT, media: tuple[Media, ...] = ()) -> Message:
    return Message(
        1, 1, "<1@example.org>", Kind.MAIL, AUTHOR, text, 0, 0,
        visibility=Visibility.DIRECT, marks=(Mark.TITLED,), media=media,
    )  # fmt: skip


def shown(view: MessageView) -> str:
    """The text that is on the screen."""
    return view._text.text()


def test_the_subject_is_a_heading_and_quotes_wait_for_a_click(qtbot: object) -> None:
    view = MessageView(mail(), 0)
    view.resize(400, 400)
    view.show()
    assert "Broken cup" in view._title.text()
    assert "The handle is off." in shown(view)
    assert "Regards" in shown(view)
    assert "It was sent." not in shown(view)
    assert view._quoted.isVisible()
    assert "2" in view._quoted.text()
    QTest.keyClick(view._quoted, Qt.Key.Key_Space)
    assert "It was sent." in shown(view)
    QTest.keyClick(view._quoted, Qt.Key.Key_Space)
    assert "It was sent." not in shown(view)
    view.begin(mail("Another\n\nshort one"), 0)
    assert not view._quoted.isVisible()
    assert "short one" in shown(view)
    view.close()


def test_a_file_is_asked_for_once_and_never_by_itself(qtbot: object) -> None:
    file = Media(MediaKind.OTHER, "mail:1/2", name="invoice.pdf", size=123_456)
    view = MessageView(mail(media=(file,)), 0)
    view.show()
    asked: list[object] = []
    pictures: list[object] = []
    view.file_wanted.connect(lambda _message, tile: asked.append(tile))
    view.media_wanted.connect(lambda _message, tile: pictures.append(tile))
    view.load_media()
    assert not asked
    (tile,) = view.tiles
    assert "invoice.pdf" in tile.text()
    assert "123" in tile.text()
    tile.click()
    assert asked == [tile]
    tile.set_busy(True)
    tile.click()
    assert asked == [tile]
    assert not pictures
    view.close()


def test_what_was_covered_stays_covered_with_its_title(tmp_path: Path) -> None:
    message = Message(
        1, 1, "1", Kind.MENTION, AUTHOR, "Plot twist\n\nHe did it", 0, 0, spoiler="the film", marks=(Mark.TITLED,)
    )
    view = MessageView(message, 0)
    view.show()
    assert not view._title.isVisible()
    assert not view._text.isVisible()
    view._unfold.click()
    assert view._title.isVisible()
    assert view._text.isVisible()
    view.close()


def test_a_subject_is_set_as_a_heading_in_every_script(qtbot: object) -> None:
    view = MessageView(mail(), 0)
    view.show()
    assert view._title.font().weight() > view._text.font().weight()
    for subject in ("件名が届きません", "Back to Latin"):
        view.begin(mail(f"{subject}\nText"), 0)
        assert view._title.font().weight() > view._text.font().weight()
    view.close()


@pytest.mark.parametrize(
    ("handle", "kind", "said"),
    [
        ("ada@example.org", Kind.MAIL, "ada@example.org"), ("Ada", Kind.COMMENT, "Ada"), ("", Kind.MENTION, ""),
        ("ada@social.example", Kind.MENTION, "@ada@social.example"),
        ("@ada:example.org", Kind.DIRECT, "@ada:example.org"),
    ],
)  # fmt: skip
def test_handles_are_written_as_their_network_writes_them(handle: str, kind: Kind, said: str) -> None:
    assert as_written(handle, kind) == said


def test_what_cannot_be_read_says_so_in_the_language_of_the_reader(qtbot: object) -> None:
    """Nothing but marks is stored: the words follow the language, on the card as in the thread."""
    sealed = mail("Order 17")
    sealed = msgspec.structs.replace(sealed, marks=(Mark.TITLED, Mark.ENCRYPTED))
    view = MessageView(sealed, 0)
    view.show()
    assert "Order 17" in view._title.text()
    assert "This message is encrypted." in shown(view)
    assert describe(Entry(sealed), AROUND).body.startswith("This message is enc")
    apply_language(QApplication.instance(), load_language("de"))  # type: ignore[arg-type]
    try:
        view.retranslate()
        assert "Diese Nachricht ist verschlüsselt" in shown(view)
        body = describe(Entry(sealed), AROUND).body
        assert body.startswith("Diese Nachricht ist verschlüsselt")
    finally:
        apply_language(QApplication.instance(), load_language("en"))  # type: ignore[arg-type]
    view.close()
