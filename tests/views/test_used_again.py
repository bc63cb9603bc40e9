"""What is built once and filled anew: nothing of an earlier case is left in it, and it follows language and theme."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import claim_and_tag, take_up
from workstation.domain.messages import Author, Kind, Media, MediaKind, Message, Revision
from workstation.domain.template_fit import Wanted
from workstation.domain.templates import Family, Filled, Fit, Formality, Variant
from workstation.domain.text import lazy
from workstation.i18n import Language, load_language
from workstation.qt.translator import apply_language
from workstation.services.conversation import Fresh
from workstation.services.drafting import Applied
from workstation.services.settings import Theme
from workstation.views import theme
from workstation.views.case.meanwhile import MeanwhileSheet
from workstation.views.case.message_view import MessageView
from workstation.views.case.pickers import OutcomePicker, TagPicker
from workstation.views.case.template_picker import TemplatePicker
from workstation.views.case.thread_view import ThreadView
from workstation.views.notices import Notices
from workstation.views.widgets.chips import Chip, ChipRow
from workstation.views.widgets.kept import Kept

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
SECRETS = ("Ada Lovett", "@ada", "my parcel", "psst", "a cat", "first words", "Dear Ada")


def message(number: int, text: str = "my parcel", **changed: object) -> Message:
    author = Author("practice", f"a{number}", "@ada", "Ada Lovett", id=number)
    return Message(number, 1, f"m{number}", Kind.MENTION, author, text, 1, 1, **changed)  # type: ignore[arg-type]


def words(widget: QWidget) -> str:
    """Everything that is written in a widget and what is in it, shown or hidden."""
    inside = [widget, *widget.findChildren(QWidget)]
    found = [part for each in inside for part in (each.accessibleName(), each.toolTip(), each.accessibleDescription())]
    found += [each.text() for each in inside if isinstance(each, QLabel | QLineEdit)]
    return " | ".join(found)


def secrets_in(widget: QWidget) -> list[str]:
    said = words(widget)
    return [secret for secret in SECRETS if secret in said]


def gone() -> None:
    """Have deleted what is to be deleted."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def corner(widget: QWidget) -> int:
    """How light the ground of a widget is painted, 0 to 255."""
    return widget.grab().toImage().pixelColor(3, widget.height() - 3).lightness()


@pytest.fixture
def over(qapp: QApplication) -> Iterator[QWidget]:
    theme.apply(qapp, Theme.DARK)
    window = QWidget()
    window.resize(900, 600)
    window.show()
    yield window
    apply_language(qapp, Language())
    theme.apply(qapp, Theme.DARK)
    window.deleteLater()
    gone()


def applied(_family: Family, _formality: Formality) -> Applied:
    return Applied(Filled("Dear Ada"), "en", Fit.EXACT)


def families(*titles: str) -> list[Family]:
    return [Family(n, title.lower(), title, (Variant("en", title),)) for n, title in enumerate(titles, 1)]


def test_a_picker_of_templates_forgets_the_customer_before(over: QWidget) -> None:
    kept = Kept(lambda window: TemplatePicker((), applied, Wanted(""), window))
    heard: list[str] = []
    picker = kept.take(over)
    picker.offer_families(families("Refund", "Delay"), applied, Wanted("en"), "ref")
    kept.hear(picker, picker.picked, lambda family, _applied: heard.append(f"first {family.title}"))
    picker.open()
    QTest.keyClick(picker.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert " inserted. " in words(picker)
    picker.reject()
    QApplication.processEvents()
    assert not picker.list.count()
    assert not secrets_in(picker)

    again = kept.take(over)
    assert again is picker
    again.offer_families(families("Delay", "Greeting"), applied, Wanted("en"))
    kept.hear(again, again.picked, lambda family, _applied: heard.append(f"second {family.title}"))
    again.open()
    assert (again.field.text(), again.field.isUndoAvailable(), again.list.count()) == ("", False, 2)
    assert " inserted. " not in words(again)
    assert again.focusWidget() is again.field
    QTest.keyClick(again.field, Qt.Key.Key_Return)
    assert heard == ["first Refund", "second Delay"]


def test_tags_of_one_case_are_not_put_on_the_next(over: QWidget) -> None:
    kept = Kept(lambda window: TagPicker((), (), window))
    heard: list[object] = []
    for tags in (("delivery",), ()):
        picker = kept.take(over)
        picker.offer_tags(tags, (("refund", 3),))
        kept.hear(picker, picker.picked, lambda add, remove, tags=tags: heard.append((tags, add, remove)))
        picker.open()
        assert picker.list.count() == len({*tags, "refund"})
        QTest.keyClicks(picker.field, "refund")
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
        QApplication.processEvents()
    assert heard == [(("delivery",), ("refund",), ()), ((), ("refund",), ())]


def test_a_hidden_picker_follows_language_and_theme(over: QWidget, qapp: QApplication) -> None:
    kept = Kept(OutcomePicker)
    picker = kept.take(over)
    picker.open()
    english = (picker.windowTitle(), picker.list.item(0).text())
    assert corner(picker) < 60
    picker.reject()
    QApplication.processEvents()
    apply_language(qapp, load_language("de"))
    theme.apply(qapp, Theme.LIGHT)
    QApplication.processEvents()
    again = kept.take(over)
    assert again is picker
    again.offer_outcomes()
    again.open()
    assert again.accessibleName() == again.windowTitle() != english[0]
    assert again.list.item(0).text() != english[1]
    assert corner(again) > 200


def test_news_of_one_conversation_are_not_told_of_the_next(over: QWidget, qapp: QApplication) -> None:
    kept = Kept(MeanwhileSheet)
    sheet = kept.take(over)
    sheet.show_news(Fresh(others=(message(1), message(2, "psst")), edited=(message(3),)), 10)
    sheet.open()
    assert "psst" in words(sheet)
    assert sheet.focusWidget() is sheet._look
    sheet._pressed("send")
    QApplication.processEvents()
    assert not secrets_in(sheet)
    apply_language(qapp, load_language("de"))
    again = kept.take(over)
    assert again is sheet
    again.show_news(Fresh(deleted=(message(4, "something else"),)), 10)
    answers: list[str] = []
    again.answered.connect(answers.append)
    again.open()
    shown = [label.text() for label in again.findChildren(QLabel) if label.isVisible()]
    assert "something else" in shown
    assert len(shown) == 4  # the title, a heading, who and what
    assert again.focusWidget() is again._look
    again.reject()
    assert answers == [""]


def test_what_is_filled_again_at_once_is_not_emptied(over: QWidget) -> None:
    kept = Kept(OutcomePicker)
    kept.take(over).open()
    kept.take(over).deleteLater()
    picker = kept._dialog
    assert picker is not None
    picker.reject()
    assert kept.take(over) is picker
    picker.offer_outcomes()
    QApplication.processEvents()  # what the first closing left to do comes between filling and opening
    assert picker.list.count() == 4
    picker.open()
    picker.reject()


def test_while_it_is_open_another_one_is_built(over: QWidget) -> None:
    kept = Kept(OutcomePicker)
    first = kept.take(over)
    first.open()
    second = kept.take(over)
    assert second is not first
    assert second.testAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    first.reject()
    assert kept.take(over) is first
    second.deleteLater()


def test_a_message_leaves_nothing_to_the_next(over: QWidget) -> None:
    picture = Media(MediaKind.IMAGE, "http://127.0.0.1/x", alt="a cat")
    view = MessageView(message(1, spoiler="psst", media=(picture,), revision=1, own=True), 10, over)
    view.show()
    view._reveal()
    view.show_revisions((Revision(1, 0, "first words", 1),))
    view.set_current(True)
    view.empty_out()
    gone()
    assert not secrets_in(view)
    view.begin(message(2, "hello", spoiler="careful", media=(picture,)), 10)
    view.show()
    assert not view._text.isVisible()
    assert view.tiles[0].media == picture
    assert view.property("message") == "theirs"
    assert not view.property("current")
    asked: list[Message] = []
    view.media_wanted.connect(lambda about, _tile: asked.append(about))
    view.tiles[0].ask()
    assert [about.id for about in asked] == [2]


def test_a_thread_keeps_views_for_the_next_in_reading_order(over: QWidget) -> None:
    thread = ThreadView(over)
    thread.resize(400, 500)
    thread.show()
    thread.show_thread([message(n) for n in (1, 2, 3)], 10)
    first = thread.views()
    thread.clear()
    assert not secrets_in(thread)
    assert not any(view.isVisible() for view in first)
    thread.show_thread([message(n, f"text {n}") for n in (7, 8)], 10)
    assert thread.views() == first[:2]
    assert [view.message.id for view in thread.views()] == [7, 8]
    assert all(view.isVisible() for view in thread.views())
    thread.show_thread([message(n, f"text {n}") for n in range(7, 27)], 10)
    thread.clear()
    assert len(thread._made) <= 10


def test_a_notice_does_not_do_what_the_one_before_did(over: QWidget) -> None:
    notices = Notices(over)
    done: list[str] = []
    notices.say(lazy("my parcel"), key="a", action=lazy("Undo"), handler=lambda: done.append("old"))
    first = notices.newest()
    assert first is not None
    notices.drop("a")
    assert not secrets_in(first)
    assert first.action is None
    notices.say(lazy("Copied."), tone="ok")
    again = notices.newest()
    assert again is first
    assert again.action is None
    assert again.property("toast") == "ok"
    notices.say(lazy("Sent."), action=lazy("Look"), handler=lambda: done.append("new"))
    newest = notices.newest()
    assert newest is not None
    assert newest.action is not None
    newest.action.click()
    assert done == ["new"]
    assert notices.texts == ["Copied."]


def test_chips_are_written_anew(over: QWidget) -> None:
    row = ChipRow(over)
    row.show()
    row.show_facts([("one", ""), ("my parcel", "warn"), ("three", "")])
    before = row.findChildren(Chip)
    row.show_facts([("four", "warn")])
    shown = [chip for chip in row.findChildren(Chip) if chip.isVisible()]
    assert [(chip.text(), chip.property("tone")) for chip in shown] == [("four", "warn")]
    assert row.findChildren(Chip) == before
    assert not secrets_in(row)
    row.show_facts([("four", "warn"), ("five", "ok")])
    assert [row.layout().itemAt(n).widget().text() for n in range(2)] == ["four", "five"]  # type: ignore[union-attr]


def test_two_cases_one_after_the_other(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        panel = world.bench.panel
        practice.post("Where is my parcel?", acct="ada.lovett@one.example")
        await take_up(world)
        await claim_and_tag(world)
        first = panel.case
        assert first is not None
        assert "delivery" in words(panel.header)
        practice.post("An invoice, please", acct="bo.lind@two.example")
        view = world.bench.deck.columns[0].view
        await world.until(lambda: len(view.model.rows) == 2, "both are there")
        second = next(entry for entry in view.model.rows if entry.case and entry.case.id != first.id)
        world.bench.open_entry(second)
        await world.until(lambda: panel.case and panel.case.id != first.id and panel.entries, "the other case")
        assert "delivery" not in words(panel.header)
        assert "my parcel" not in words(panel.thread_view)
        assert "my parcel" not in words(panel.history)
        assert "delivery" not in words(panel.timeline)
        world.press(Qt.Key.Key_T)
        picker = await world.dialog(TagPicker)
        assert (picker.field.text(), picker._tags) == ("", set())
        world.press(Qt.Key.Key_Escape)

    run(profile, practice, steps)
