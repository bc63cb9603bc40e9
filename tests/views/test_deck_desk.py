"""What the deck does beyond its columns, by keys in the real window: windows, layouts, sharing, marks, masks."""

import asyncio
import random
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from tests.practice_network import PracticeNetwork, practice, practices
from tests.views.desk_world import World, run
from workstation.services.columns import ColumnSpec, Severity
from workstation.services.highlights import Colour, Highlight
from workstation.views import masking
from workstation.views.deck.backfill_sheet import BackfillSheet
from workstation.views.deck.health_card import HealthCard
from workstation.views.deck.highlights_sheet import HighlightsSheet
from workstation.views.deck.layouts_sheet import LayoutsSheet
from workstation.views.deck.sharing_sheet import TakeIn
from workstation.views.widgets.picker import Picker
from workstation.views.windows.column_window import ColumnWindow
from workstation.views.windows.places import screen_name

__all__ = ["practice", "practices"]

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
TEXT = "Hello @care, I am Ana, order AB-4711, write to ana@mail.example or call +49 170 1234567"


async def two_steps(world: World, key: Qt.Key) -> None:
    """The keys of columns: Shift+C, then a letter."""
    world.window.go("page.deck")
    world.window.activateWindow()
    world.bench.deck.focus_column(world.bench.deck.columns.index(world.bench.deck.current))  # type: ignore[arg-type]
    await world.until(world.window.isActiveWindow, "the window is active")
    world.press(Qt.Key.Key_C, SHIFT)
    world.press(key)


async def mentioned(world: World, network: PracticeNetwork, text: str = TEXT) -> None:
    """A customer writes, and the column of mentions shows it."""
    column = next(column for column in world.bench.deck.columns if column.spec.preset == "mentions")
    network.post(text)
    await world.until(lambda: any(text[:5] in row.message.text for row in column.view.model.rows), "the mention")
    world.bench.deck.focus_column(world.bench.deck.columns.index(column))
    world.bench.deck.move_selection(0)


def window_of(world: World) -> ColumnWindow:
    """The only torn-off window."""
    (window,) = world.bench.deck.torn.windows.values()
    return window


def test_a_column_is_torn_off_worked_in_and_closed(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        deck = world.bench.deck
        await mentioned(world, practice)
        column = deck.current
        assert column is not None
        view, row = column.view, column.view.current
        world.press(Qt.Key.Key_O, CTRL, SHIFT)
        window = window_of(world)
        await world.until(window.isActiveWindow, "its window is active")
        assert column.view is view
        assert view.current == row, "the same view, with the same row selected"
        assert column not in deck.strip.columns
        assert column.title in window.windowTitle()
        assert world.desk.layout.load()[1].window is not None

        world.press(Qt.Key.Key_A)  # claim, from there
        await world.until(lambda: (entry := column.view.current_entry) and entry.case and entry.case.holder == "mine")
        world.press(Qt.Key.Key_R)
        await world.until(lambda: world.bench.composer.entry is not None, "the reply is open")
        assert world.window.isActiveWindow(), "what is written is written in the main window"
        world.press(Qt.Key.Key_Escape)

        window.activateWindow()
        window.close()
        await world.until(lambda: column in deck.strip.columns, "it is back")
        assert deck.strip.columns.index(column) == 1, "where it stood"
        assert world.desk.layout.load()[1].window is None

    run(profile, practice, steps)


def test_a_window_whose_screen_goes_comes_back_and_goes_again_with_it(profile: Path) -> None:
    async def steps(world: World) -> None:
        deck = world.bench.deck
        deck.show_columns((ColumnSpec("a", title="One"), ColumnSpec("b", title="Two", filter="lang:de")))
        deck.focus_column(1)
        deck.toggle_window()
        window = window_of(world)
        await world.until(window.isActiveWindow)
        screen = QGuiApplication.primaryScreen()
        world.app.screenRemoved.emit(screen)
        assert not deck.torn.windows
        assert [column.title for column in deck.strip.columns] == ["One", "Two"]
        assert any("screen is gone" in text for text in world.window.notices.texts)
        world.app.screenAdded.emit(screen)
        assert [column.title for column in deck.torn.windows] == ["Two"]
        assert deck.specs[1].window is not None
        assert deck.specs[1].window.screen == screen_name(screen)

    run(profile, None, steps)


def test_windows_are_there_again_at_the_next_start(profile: Path) -> None:
    async def first(world: World) -> None:
        world.bench.deck.show_columns((ColumnSpec("a", title="One"), ColumnSpec("b", title="Two")))
        world.bench.deck.focus_column(0)
        world.bench.deck.toggle_window()

    async def second(world: World) -> None:
        assert [column.title for column in world.bench.deck.torn.windows] == ["One"]
        assert [column.title for column in world.bench.deck.strip.columns] == ["Two"]
        world.bench.deck.torn.bring_all_back()
        assert [column.title for column in world.bench.deck.strip.columns] == ["One", "Two"]

    run(profile, None, first)
    run(profile, None, second)


def test_dragged_out_by_its_head_and_dropped_back(profile: Path) -> None:
    async def steps(world: World) -> None:
        deck = world.bench.deck
        deck.show_columns((ColumnSpec("a", title="One"), ColumnSpec("b", title="Two")))
        world.window.go("page.deck")
        column = deck.columns[0]
        outside = world.window.frameGeometry().bottomRight() + QPoint(40, 40)
        column.header.dragged.emit(outside)
        column.header.dropped.emit()
        assert column in deck.torn.windows
        inside = deck.strip.mapToGlobal(deck.strip.rect().center())
        column.header.dragged.emit(inside)
        column.header.dropped.emit()
        assert column not in deck.torn.windows
        assert deck.strip.columns[0] is column

    run(profile, None, steps)


def test_layouts_are_kept_switched_undone_renamed_deleted(profile: Path) -> None:
    async def steps(world: World) -> None:
        deck, layout = world.bench.deck, world.desk.layout
        deck.show_columns((ColumnSpec("a", title="One"),))
        layout.save(deck.specs)
        deck.focus_column(0)
        await two_steps(world, Qt.Key.Key_L)
        sheet: LayoutsSheet = await world.dialog(LayoutsSheet)
        world.write("Office")
        world.press(Qt.Key.Key_Return)
        assert layout.names() == ("Office",)
        sheet.reject()
        deck.show_columns((ColumnSpec("b", title="Two"), ColumnSpec("c", title="Three")))
        layout.save(deck.specs)
        assert layout.changed
        world.bench.decking.layouts.switch("Office")
        assert [spec.title for spec in deck.specs] == ["One"]
        toast = world.window.notices.newest()
        assert toast is not None
        assert toast.action is not None
        toast.action.click()
        await world.until(lambda: [spec.title for spec in deck.specs] == ["Two", "Three"], "taken back")
        world.bench.undoing.redo()
        await world.until(lambda: [spec.title for spec in deck.specs] == ["One"], "done again")
        offers = {extra.id: extra for extra in world.bench.decking.extras()}
        assert set(offers) == {f"layout:{act}:Office" for act in ("switch", "keep", "rename", "delete")}
        offers["layout:keep:Office"].run()
        kept = layout.kept("Office")
        assert kept is not None
        assert [spec.title for spec in kept.columns] == ["One"]

        await two_steps(world, Qt.Key.Key_L)
        sheet = await world.dialog(LayoutsSheet)
        sheet.name.setText("Home")
        sheet.rename.click()
        assert layout.names() == ("Home",)
        sheet.list.setFocus()
        world.press(Qt.Key.Key_Delete)
        assert layout.names() == ()
        sheet.reject()
        world.bench.undoing.undo()
        await world.until(lambda: layout.names() == ("Home",), "the layout is back")

    run(profile, None, steps)


def test_columns_go_out_as_text_and_come_in_with_a_preview(profile: Path) -> None:
    async def steps(world: World) -> None:
        deck = world.bench.deck
        deck.show_columns((ColumnSpec("a", title="German", filter="lang:de"), ColumnSpec("b", title="Late")))
        deck.focus_column(0)
        await two_steps(world, Qt.Key.Key_A)
        text = world.app.clipboard().text()
        assert "lang:de" in text
        changed = text.replace("lang:de", "lang:de -is:spam") + '\n[[column]]\ntitle = "New"\nfilter = "is:late"\n'
        changed += '\n[[column]]\ntitle = "Broken"\nfilter = "is:nonsense"\n'
        world.app.clipboard().setText(changed)
        await two_steps(world, Qt.Key.Key_T)
        sheet: TakeIn = await world.dialog(TakeIn)
        sheet.look()
        lines = [sheet.list.item(row).text() for row in range(sheet.list.count())]
        assert any("lang:de" in line and "-is:spam" in line for line in lines)
        assert len(sheet.chosen) == 2
        sheet._take.click()
        assert [(spec.title, spec.filter) for spec in deck.specs] == [
            ("German", "lang:de -is:spam"), ("Late", ""), ("New", "is:late"),
        ]  # fmt: skip
        toast = world.window.notices.newest()
        assert toast is not None
        assert toast.action is not None
        toast.action.click()
        before = [("German", "lang:de"), ("Late", "")]
        await world.until(lambda: [(spec.title, spec.filter) for spec in deck.specs] == before, "taken back")

    run(profile, None, steps)


def test_highlights_stand_on_the_cards_with_a_word(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        await mentioned(world, practice)
        column = world.bench.deck.current
        assert column is not None
        await two_steps(world, Qt.Key.Key_H)
        sheet: HighlightsSheet = await world.dialog(HighlightsSheet)
        row = sheet.add(Highlight("", "Orders", Colour.DANGER))
        assert not sheet.may_end("save"), "a highlight of everything is none"
        row.filter.setText('"AB-4711"')
        sheet._pressed("save")
        await world.until(lambda: column.view.marker.highlights, "marked")
        card = column.view.card(0)
        assert card.content.highlight is not None
        assert card.content.chips[0].text == "Orders"
        assert card.content.chips[0].icon, "a shape as well as a colour"
        assert world.desk.layout.load()[1].highlights[0].label == "Orders"
        toast = world.window.notices.newest()
        assert toast is not None
        assert toast.action is not None
        toast.action.click()
        await world.until(lambda: not column.view.marker.highlights, "taken back")

    run(profile, practice, steps)


def test_a_column_tells_of_arrivals_as_loudly_as_chosen(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        deck, notices = world.bench.deck, world.window.notices
        column = next(column for column in deck.columns if column.spec.preset == "mentions")
        deck.focus_column(deck.columns.index(column))
        await two_steps(world, Qt.Key.Key_N)
        picker: Picker = await world.dialog(Picker)
        picker.list.setCurrentRow(3)
        world.press(Qt.Key.Key_Return)
        assert column.spec.notify is Severity.URGENT
        await world.until(lambda: all(watch.matches for watch in world.desk.alerts._watches.values()))
        practice.post(TEXT)
        await world.until(lambda: notices.shows(f"alert:{column.spec.id}"), "told")
        assert not any("AB-4711" in text for text in notices.texts), "nothing of what strangers wrote"
        notices.drop(f"alert:{column.spec.id}")
        world.desk.settings.change(quiet_until=world.desk.clock.now() + 3_600_000_000)
        practice.post("Second " + TEXT)
        await world.until(lambda: world.desk.alerts.badges.get(column.spec.id, 0) >= 1, "counted")
        assert not notices.shows(f"alert:{column.spec.id}"), "not disturbed"
        await world.until(lambda: world.window.windowTitle().startswith("("), "counted in the title")

    run(profile, practice, steps)


def test_one_key_hides_persons_everywhere(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        await mentioned(world, practice)
        world.press(Qt.Key.Key_Return)
        await world.until(world.bench.panel.thread_view.views, "the thread")
        column = world.bench.deck.current
        assert column is not None
        entry = column.view.current_entry
        assert entry is not None
        told = (entry.message.author.name, entry.message.author.handle.partition("@")[0], "4711", "1234567", "ana@mail")
        world.press(Qt.Key.Key_F8)
        assert masking.on()
        assert "masked" in world.window.banners
        content = column.view.card(0).content
        shown = [content.name, content.about, content.body, *_texts(world)]
        for secret in told:
            assert not any(secret in text for text in shown), secret
        world.press(Qt.Key.Key_F8)
        assert "AB-4711" in column.view.card(0).content.body
        assert "masked" not in world.window.banners

    run(profile, practice, steps)
    assert not masking.on()


def _texts(world: World) -> list[str]:
    from PySide6.QtWidgets import QLabel, QWidget

    found = [label.text() for label in world.window.findChildren(QLabel)]
    for widget in world.window.findChildren(QWidget):
        found += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip(), widget.windowTitle()]
    found += [line.text() for line in world.window.findChildren(QLineEdit)]
    return found


def test_how_the_channels_fare_is_said_in_words(profile: Path, practice: PracticeNetwork) -> None:
    async def steps(world: World) -> None:
        await mentioned(world, practice)
        await two_steps(world, Qt.Key.Key_C)
        await world.until(lambda: world.window.findChildren(HealthCard), "the card")
        (card,) = world.window.findChildren(HealthCard)
        said = card.accessibleDescription()
        assert "Care" in said
        assert "Live" in said
        assert "sign-in" in said
        assert "requests are left" in said or "said nothing of a limit" in said
        card.close()

    run(profile, practice, steps)


def test_what_is_kept_of_a_column_reads_back(profile: Path) -> None:
    async def steps(world: World) -> None:
        late = Highlight("is:late", "Late", Colour.WARN)
        spec = ColumnSpec("a", title="A", notify=Severity.QUIET, highlights=(late,))
        world.desk.layout.save((spec,))
        assert world.desk.layout.load() == (spec,)
        world.desk.layout.highlight((Highlight("lang:de"),))
        assert world.desk.layout.load() == (spec,)
        assert world.desk.layout.now.highlights == (Highlight("lang:de"),)
        assert msgspec.structs.asdict(world.desk.layout.now)["name"] == ""

    run(profile, None, steps)


def test_closing_a_column_is_undone_by_the_same_key_as_all_else(profile: Path) -> None:
    async def steps(world: World) -> None:
        deck = world.bench.deck
        deck.show_columns((ColumnSpec("a", title="One"), ColumnSpec("b", title="Two")))
        deck.focus_column(0)
        deck.close_column()
        assert [spec.title for spec in deck.specs] == ["Two"]
        world.bench.undoing.undo()
        await world.until(lambda: [spec.title for spec in deck.specs] == ["One", "Two"], "it is back")
        world.bench.undoing.redo()
        await world.until(lambda: [spec.title for spec in deck.specs] == ["Two"], "closed again")

    run(profile, None, steps)


def test_older_messages_are_loaded_by_keys_with_their_cost_first(
    profile: Path, practices: Callable[..., PracticeNetwork]
) -> None:
    network = practices(backlog=200)

    async def steps(world: World) -> None:
        deck = world.bench.deck
        column = next(column for column in deck.columns if column.spec.preset == "mentions")
        deck.focus_column(deck.columns.index(column))
        before = column.view.model.total
        await two_steps(world, Qt.Key.Key_O)
        sheet: BackfillSheet = await world.dialog(BackfillSheet)
        world.press(Qt.Key.Key_End)
        await world.until(lambda: sheet.cost is not None and sheet.cost.ways and sheet.start.isEnabled(), "the cost")
        assert "request" in sheet.words.text()
        assert "limit" in sheet.words.text()
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: "new" in sheet.state.text() and not world.desk.backfill.running, "loaded")
        await world.until(lambda: column.view.model.total > before, "the column has them")
        ids = [row.message.remote_id for row in column.view.model.rows]
        assert len(ids) == len(set(ids))
        sheet.reject()

    run(profile, network, steps)


@pytest.mark.parametrize("seed", [1, 2])
def test_columns_come_and_go_at_random_and_each_is_in_one_place(profile: Path, seed: int) -> None:
    rng = random.Random(seed)

    async def steps(world: World) -> None:
        deck, decking, screen = world.bench.deck, world.bench.decking, QGuiApplication.primaryScreen()
        world.window.go("page.deck")
        deck.show_columns((ColumnSpec("a", title="One"), ColumnSpec("b", title="Two", filter="lang:de")))
        decking.layouts.keep("Two columns")
        doing = (
            lambda: deck.add(ColumnSpec("", title=str(rng.random()))) if len(deck.columns) < 8 else None,
            lambda: deck.close_column() if len(deck.columns) > 1 else None,
            lambda: deck.focus_column(rng.randrange(len(deck.columns) or 1)),
            deck.toggle_window,
            deck.toggle_window,
            lambda: deck.move_column(rng.choice((-1, 1))),
            lambda: deck.step_column(rng.choice((-1, 1))),
            lambda: world.app.screenRemoved.emit(screen),
            lambda: world.app.screenAdded.emit(screen),
            lambda: decking.layouts.switch("Two columns"),
            world.bench.undoing.undo,
            world.bench.undoing.redo,
            decking.toggle_mask,
        )
        for number in range(150):
            rng.choice(doing)()
            if number % 5 == 0:
                await asyncio.sleep(0)
            there, torn = deck.strip.columns, set(deck.torn.windows)
            assert [column for column in deck.columns if column not in torn] == there
            assert torn <= set(deck.columns)
            assert {column for column in deck.columns if column.torn} == torn
            assert deck.current is None or deck.current in deck.columns
        await world.until(lambda: len(world.bench.tasks) == 0, "all work is done")
        assert not any("went wrong" in text for text in world.window.notices.texts)

    run(profile, None, steps)
