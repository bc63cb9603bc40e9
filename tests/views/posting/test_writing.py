"""Posts by keyboard: on one channel or several, journalled, checked, sent once, taken back, told of."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.posting.writing import CONTROL, SHIFT, begin, more_channels, page, posts, rows, said, writer
from tests.waiting import UNDO_SECONDS
from workstation.domain.outbox import Act, State
from workstation.domain.privacy import Term, TermKind
from workstation.domain.traces import Masker
from workstation.practice.pictures import png
from workstation.views.case.language_picker import LanguagePicker
from workstation.views.posting.sheets import DetailsSheet

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")


async def all_sent(world: World, count: int) -> None:
    await world.outbox(lambda found: sum(row.state is State.SENT for row in found) == count, "all sent")


def test_a_post_is_written_journalled_and_sent_once(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await begin(world)
        view = writer(world).view
        world.write("Der Shop ist zu")
        await writer(world).flush()
        assert "15 / 500" in next(iter(view.tickets.values())).counter.text()
        world.press(Qt.Key.Key_L, CONTROL, SHIFT)
        picker = await world.dialog(LanguagePicker)
        world.write("Deutsch")
        assert picker.current().id == "de"
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: view.language.value == "de" and world.window.isActiveWindow(), "German")
        await world.until(lambda: world.focus() is view.editor, "back in the editor")
        world.press(Qt.Key.Key_Return, CONTROL)
        await all_sent(world, 1)
        await world.until(lambda: view.editor.toPlainText() == "", "an empty page for the next one")
        assert await world.desk.posts.drafts() == ()
        await world.until(lambda: said(world, "Posted on 1 channel"), "told")

    run(profile, practice, steps)
    assert [(post["language"], post["visibility"], post["in_reply_to_id"]) for post in posts(practice)] == [
        ("de", "public", None)
    ]


def test_a_draft_outlives_the_window(practice: PracticeNetwork, profile: Path) -> None:
    async def write(world: World) -> None:
        await begin(world)
        world.write("Shop news, half")
        await writer(world).flush()

    async def read(world: World) -> None:
        await begin(world)
        view = writer(world).view
        assert view.editor.toPlainText() == "Shop news, half"
        world.write(" done")
        assert view.editor.toPlainText() == "Shop news, half done"
        world.press(Qt.Key.Key_Backspace, CONTROL, SHIFT)
        await world.until(lambda: view.editor.toPlainText() == "", "thrown away")
        await world.until(lambda: said(world, "thrown away"), "the notice")
        world.window.notices.newest().action.click()  # type: ignore[union-attr]
        await world.until(lambda: view.editor.toPlainText() == "Shop news, half done", "back again")

    run(profile, practice, write)
    run(profile, practice, read)
    assert posts(practice) == []


def test_z_takes_a_post_back_from_all_channels(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await more_channels(world, practice, "moderator")
        await begin(world)
        view = writer(world).view
        for ticket in view.tickets.values():
            ticket.chosen.setChecked(True)
        world.write("Shop news")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.outbox(lambda found: len(found) == 2, "queued")
        await world.until(lambda: said(world, "2 channels"), "countdown")
        page(world).tabs.setFocus()
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: view.editor.toPlainText() == "Shop news", "given back")
        assert [(row.operation.act, row.state) for row in await rows(world)] == [(Act.POST, State.CANCELLED)] * 2

    run(profile, practice, steps, undo_seconds=UNDO_SECONDS)
    assert posts(practice) == posts(practice, "moderator") == []


def test_each_channel_has_its_own_words_count_and_state(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await more_channels(world, practice, "moderator", "reader")
        await begin(world)
        view = writer(world).view
        first, second, reader = view.tickets.values()
        assert not reader.chosen.isEnabled()
        assert "permission" in reader._wrong.text()
        assert not view.sendable
        world.write("Shop " + "x" * 500)
        first.chosen.setChecked(True)
        second.chosen.setChecked(True)
        assert "too many" in first._wrong.text()
        second.differs.setChecked(True)
        second.editor.setPlainText("Shop, in short {name}")
        assert "Fill in" in second._wrong.text()
        assert not view.sendable
        world.press(Qt.Key.Key_Return, CONTROL)
        second.editor.setPlainText("Shop, in short")
        second.visibility._pick(second.channel.capabilities.visibilities[1])
        view.editor.setPlainText("Shop, at length")
        assert "at length" in first.preview.accessibleName()
        assert "in short" in second.preview.accessibleName()
        world.press(Qt.Key.Key_Return, CONTROL)
        await all_sent(world, 2)

    run(profile, practice, steps)
    assert [post["visibility"] for post in posts(practice, "moderator")] == ["unlisted"]
    assert ["at length" in post["content"] for post in posts(practice)] == [True]


def test_what_one_channel_refused_is_decided_row_by_row(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await more_channels(world, practice, "moderator")
        await begin(world)
        view = writer(world).view
        first, second = view.tickets.values()
        for ticket in (first, second):
            ticket.chosen.setChecked(True)
        world.write("Shop news")
        practice.faults({"kind": "server_error", "status": 422, "path": "/api/v1/statuses", "method": "POST"})
        world.press(Qt.Key.Key_Return, CONTROL)
        ends = {State.SENT, State.FAILED}
        await world.outbox(lambda found: {row.state for row in found} == ends, "one sent, one not")
        await world.until(lambda: said(world, "1 sent and 1 not sent"), "told")
        world.window.notices.newest().action.click()  # type: ignore[union-attr]
        sheet: DetailsSheet = await world.dialog(DetailsSheet)
        failed = next(row for row in sheet.posted.rows if row.state is State.FAILED)
        sheet.decided.emit("retry", failed.operation.id)
        await all_sent(world, 2)
        await world.until(lambda: all(row.state is State.SENT for row in sheet.posted.rows), "shown in the sheet")
        sheet.reject()

    run(profile, practice, steps)
    assert len(posts(practice)) == len(posts(practice, "moderator")) == 1


def test_pictures_go_with_their_descriptions(practice: PracticeNetwork, profile: Path, tmp_path: Path) -> None:
    picture, text = tmp_path / "Zoë at home.png", tmp_path / "notes.png"
    picture.write_bytes(png(64, 48, 3))
    text.write_text("no picture")

    async def steps(world: World) -> None:
        await begin(world)
        view = writer(world).view
        view.pictures.dropped.emit([str(text), str(picture)])
        await world.until(lambda: view.pictures.rows, "attached")
        assert any("notes.png" in said for said in world.window.notices.texts)
        assert "no description" in view._words.text()
        await world.until(lambda: world.focus() is view.pictures.rows[0].alt, "the description has the focus")
        world.write("The shop, closed")
        assert "no description" not in view._words.text()
        view.editor.setFocus()
        world.write("Shop")
        world.press(Qt.Key.Key_Return, CONTROL)
        await all_sent(world, 1)

    run(profile, practice, steps)
    (post,) = posts(practice)
    assert [item["description"] for item in post["media_attachments"]] == ["The shop, closed"]


def test_a_template_in_a_post_keeps_its_names_open(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        from workstation.views.case.template_picker import TemplatePicker

        await begin(world)
        world.press(Qt.Key.Key_M, CONTROL, SHIFT)
        await world.dialog(TemplatePicker)
        world.press(Qt.Key.Key_Return)
        view = writer(world).view
        await world.until(view.editor.toPlainText, "inserted")
        assert "Larkmoor" not in view.editor.toPlainText()

    run(profile, practice, steps)


def test_who_is_erased_is_taken_out_of_what_is_being_written(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await begin(world)
        view = writer(world).view
        world.write("Shop news for Ada Ashgrove and all")
        ticket = next(iter(view.tickets.values()))
        ticket.differs.setChecked(True)
        ticket.editor.setPlainText("Thanks, Ada Ashgrove")
        world.bench.posting.mask(Masker((Term("Ada Ashgrove", TermKind.WORD),)))
        assert "Ashgrove" not in view.editor.toPlainText() + ticket.editor.toPlainText()
        await writer(world).flush()
        (draft,) = await world.desk.posts.drafts()
        assert "Ashgrove" not in f"{draft}"

    run(profile, practice, steps)


def test_without_a_channel_the_reason_is_told(profile: Path) -> None:
    async def steps(world: World) -> None:
        action = world.window.actions_table["composer.post"]
        assert not action.isEnabled()
        assert "Connect a channel first" in action.toolTip()

    run(profile, None, steps)
