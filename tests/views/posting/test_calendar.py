"""The calendar of posts: by keyboard and by dragging, changed, taken back, missed, kept over a restart."""

import datetime as clock
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.posting.writing import ALT, CONTROL, MINUTE, SHIFT, begin, calendar, page, posts, rows, said, writer
from workstation.domain.outbox import State
from workstation.domain.posts import Part, Post, Posted
from workstation.i18n import formats, load_language, plain
from workstation.qt.translator import apply_language
from workstation.views.posting.calendar import day_of
from workstation.views.posting.calendar_parts import PostChip
from workstation.views.posting.sheets import DetailsSheet, MoveSheet
from workstation.views.posting.tabs import CALENDAR

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
DAY = 24 * 60 * MINUTE


async def plan(world: World, text: str, after: int) -> Posted:
    """A post that is planned for some time later."""
    channel = world.desk.supervisor.configs()[0].id
    at = world.desk.clock.now() // MINUTE * MINUTE + after
    return await world.desk.posts.send(Post(text=text, parts=(Part(channel),), at=at))


async def show(world: World) -> None:
    """Go to the calendar with its key, that works where one writes too."""
    world.press(Qt.Key.Key_D, CONTROL, SHIFT)
    await world.until(lambda: world.bench.posting._page is not None and page(world).tabs.currentIndex() == CALENDAR)
    today = day_of(world.desk.clock.now())
    await world.until(lambda: world.focus() is calendar(world).cells[today], "today has the focus")


def chip(world: World, number: int) -> PostChip | None:
    return next((one for one in calendar(world)._chips() if one.posted.post.id == number), None)


def draft(world: World) -> Post:
    """What is being written."""
    return writer(world).post or Post()


async def chosen(world: World, number: int) -> None:
    """Go to a post by arrows and Enter."""
    at = day_of(next(one.posted.post.at for one in calendar(world)._chips() if one.posted.post.id == number))
    while calendar(world).day != at:
        world.press(Qt.Key.Key_Right if calendar(world).day < at else Qt.Key.Key_Left)
    world.press(Qt.Key.Key_Return)
    await world.until(lambda: isinstance(world.focus(), PostChip), "a post has the focus")


def test_a_post_is_planned_by_keys_and_waits_over_a_restart(practice: PracticeNetwork, profile: Path) -> None:
    async def write(world: World) -> None:
        await show(world)
        world.press(Qt.Key.Key_Right)
        world.press(Qt.Key.Key_Right)
        day = calendar(world).day
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: draft(world).at, "a post for that day")
        view = writer(world).view
        assert day_of(view.when.at()) == day
        await world.until(lambda: world.focus() is view.editor, "the editor")
        world.write("Shop news of the day after tomorrow")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: said(world, "Planned for"), "told")
        (row,) = await rows(world)
        assert (row.state, row.not_before) == (State.QUEUED, view.when.at() or row.not_before)
        assert row.latest == row.not_before + 15 * MINUTE

    async def look(world: World) -> None:
        await show(world)
        await world.until(lambda: calendar(world)._chips(), "it is shown")
        assert "Shop news" in calendar(world)._chips()[0].accessibleName()
        assert posts(practice) == []

    run(profile, practice, write)
    run(profile, practice, look)


def test_moved_by_keys_and_undone(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        posted = await plan(world, "Shop", 3 * 60 * MINUTE)
        number, at = posted.post.id, posted.post.at
        await show(world)
        await world.until(lambda: chip(world, number), "shown")
        await chosen(world, number)

        def shown() -> int:
            found = chip(world, number)
            return found.posted.post.at if found is not None else 0

        def is_at(wanted: int) -> bool:
            return shown() == wanted

        world.press(Qt.Key.Key_Right, ALT)
        await world.until(lambda: day_of(shown()) == day_of(at) + 1, "a day later")
        await world.until(lambda: world.focus() is chip(world, number), "the focus stays with it")
        world.press(Qt.Key.Key_Up, ALT)
        await world.until(lambda: shown() == at + DAY - 60 * MINUTE, "an hour earlier")
        await world.until(lambda: world.focus() is chip(world, number), "the focus stays with it")
        for then in (at + DAY, at):
            world.press(Qt.Key.Key_Z)
            await world.until(partial(is_at, then), "undone")
        assert (await rows(world))[0].not_before == at
        world.press(Qt.Key.Key_Z, SHIFT)
        await world.until(lambda: shown() == at + DAY, "done again")

    run(profile, practice, steps)


def test_dragged_to_another_day(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        posted = await plan(world, "Shop", 3 * 60 * MINUTE)
        await show(world)
        await world.until(lambda: chip(world, posted.post.id), "shown")
        found = chip(world, posted.post.id)
        assert found is not None
        day = day_of(posted.post.at)
        to = next(one for one in calendar(world).cells if one > day + 1)
        target = calendar(world).cells[to]
        start, end = found.rect().center(), found.mapFromGlobal(target.mapToGlobal(target.rect().center()))
        QTest.mousePress(found, Qt.MouseButton.LeftButton, pos=start)
        _drag(found, QPoint((start.x() + end.x()) // 2, (start.y() + end.y()) // 2))
        _drag(found, end)
        assert target.property("target") == "true"
        QTest.mouseRelease(found, Qt.MouseButton.LeftButton, pos=end)
        await world.until(lambda: chip(world, posted.post.id) in calendar(world).cells[to].chips, "moved")
        now = (await rows(world))[0].not_before
        assert formats().time(now) == formats().time(posted.post.at)

    run(profile, practice, steps)


def _drag(widget: PostChip, at: QPoint) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), QPointF(widget.mapToGlobal(at)), Qt.MouseButton.NoButton, left, none
    )
    QApplication.sendEvent(widget, event)


def test_taken_back_and_planned_again(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        posted = await plan(world, "Shop", 60 * MINUTE)
        await show(world)
        await world.until(lambda: chip(world, posted.post.id), "shown")
        await chosen(world, posted.post.id)
        world.press(Qt.Key.Key_Delete)
        await world.until(lambda: not calendar(world)._chips(), "gone")
        assert [row.state for row in await rows(world)] == [State.CANCELLED]
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: chip(world, posted.post.id), "planned again")
        assert sorted(row.state for row in await rows(world)) == [State.CANCELLED, State.QUEUED]

    run(profile, practice, steps)


def test_changed_and_used_again(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        posted = await plan(world, "Shop", 60 * MINUTE)
        await show(world)
        await world.until(lambda: chip(world, posted.post.id), "shown")
        await chosen(world, posted.post.id)
        world.press(Qt.Key.Key_F2)
        view = writer(world).view
        await world.until(lambda: draft(world).replaces, "being changed")
        view.editor.setPlainText("Shop, changed")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.outbox(lambda found: len(found) == 2, "replaced")
        living = [row for row in await rows(world) if row.state is State.QUEUED]
        assert [row.operation.text for row in living] == ["Shop, changed"]
        assert living[0].not_before == posted.post.at
        await show(world)
        await world.until(lambda: chip(world, posted.post.id), "shown")
        await chosen(world, posted.post.id)
        world.press(Qt.Key.Key_D, CONTROL)
        await world.until(lambda: view.editor.toPlainText() == "Shop, changed", "used again")
        assert draft(world).at == draft(world).replaces == 0

    run(profile, practice, steps)


def test_a_missed_time_is_asked_about_and_never_sent_by_itself(practice: PracticeNetwork, profile: Path) -> None:
    async def before(world: World) -> None:
        posted = await plan(world, "Shop", 2 * MINUTE)
        # As if the machine had been off for an hour.
        channel, now = posted.rows[0].channel, world.desk.clock.now()
        await world.desk.store.posts.move(posted.post.id, now - 60 * MINUTE, now - 45 * MINUTE, "")
        assert channel

    async def after(world: World) -> None:
        await world.until(lambda: "missed" in world.window.banners, "the strip")
        assert posts(practice) == []
        world.press(Qt.Key.Key_G)
        world.press(Qt.Key.Key_W)
        sheet: DetailsSheet = await world.dialog(DetailsSheet)
        assert "until you decide" in sheet._state.text()
        sheet._pressed("now")
        await world.outbox(lambda found: all(row.state is State.SENT for row in found), "sent")
        await world.until(lambda: "missed" not in world.window.banners, "no strip")

    run(profile, practice, before)
    run(profile, practice, after)
    assert len(posts(practice)) == 1


def test_another_time_is_asked_for_in_the_agents_zone(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        world.desk.settings.change(zones=("Asia/Tokyo",))
        posted = await plan(world, "Shop", 60 * MINUTE)
        await show(world)
        await world.until(lambda: chip(world, posted.post.id), "shown")
        await chosen(world, posted.post.id)
        world.press(Qt.Key.Key_F2, SHIFT)
        sheet: MoveSheet = await world.dialog(MoveSheet)
        assert "Tokyo" in " ".join(one.text() for one in sheet.findChildren(type(sheet.moment._zone)))
        sheet.moment.put(posted.post.at - 2 * DAY)
        sheet._pressed("ok")
        assert "passed already" in sheet._wrong.text()
        sheet.moment.put(posted.post.at + DAY)
        sheet._pressed("ok")
        await world.outbox(lambda found: found[0].not_before == posted.post.at + DAY, "moved")

    run(profile, practice, steps)


def test_weeks_begin_where_the_reader_begins_them_and_arrows_follow_the_eye(profile: Path) -> None:
    async def steps(world: World) -> None:
        await show(world)
        view = calendar(world)
        assert clock.date.fromordinal(next(iter(view.cells))).weekday() == formats().first_weekday
        day = view.day
        world.press(Qt.Key.Key_F7)
        assert view.week
        assert len(view.cells) == 7
        world.press(Qt.Key.Key_PageDown)
        assert view.day == day + 7
        world.press(Qt.Key.Key_Home)
        assert view.day == day
        apply_language(world.app, load_language("ar"))
        await world.until(
            lambda: clock.date.fromordinal(next(iter(view.cells))).weekday() == formats().first_weekday, "another week"
        )
        assert view.isRightToLeft()
        view.go(day)
        world.press(Qt.Key.Key_Left)
        assert view.day == day + 1

    run(profile, None, steps)


def test_the_page_turns_by_months_to_the_last_day_there_is(profile: Path) -> None:
    async def steps(world: World) -> None:
        await show(world)
        view = calendar(world)
        view.go(clock.date(2027, 1, 31).toordinal())
        world.press(Qt.Key.Key_PageDown)
        assert clock.date.fromordinal(view.day) == clock.date(2027, 2, 28)
        view.go(clock.date(2026, 12, 15).toordinal())
        world.press(Qt.Key.Key_PageDown)
        assert clock.date.fromordinal(view.day) == clock.date(2027, 1, 15)
        world.press(Qt.Key.Key_PageUp)
        assert clock.date.fromordinal(view.day) == clock.date(2026, 12, 15)

    run(profile, None, steps)


def test_what_is_planned_does_not_ask_before_leaving(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        from workstation.views.leaving import may_leave

        await plan(world, "Shop", 60 * MINUTE)
        await begin(world)
        assert await may_leave(world.window, world.bench.casebook, world.desk.outbox, world.desk.clock)
        assert [row.state for row in await rows(world)] == [State.QUEUED]

    run(profile, practice, steps)


def test_days_and_posts_have_names_and_roles(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        QAccessible.setActive(True)
        posted = await plan(world, "Shop", 60 * MINUTE)
        await show(world)
        await world.until(lambda: chip(world, posted.post.id), "shown")
        view = calendar(world)
        cell = QAccessible.queryAccessibleInterface(view.cells[day_of(posted.post.at)])
        assert cell.role() == QAccessible.Role.Cell
        assert "1 post" in plain(cell.text(QAccessible.Text.Name))
        found = chip(world, posted.post.id)
        assert found is not None
        post = QAccessible.queryAccessibleInterface(found)
        assert post.role() == QAccessible.Role.Button
        assert "Shop" in post.text(QAccessible.Text.Name)
        view.switch()
        view.switch()
        QAccessible.setActive(False)

    run(profile, practice, steps)
