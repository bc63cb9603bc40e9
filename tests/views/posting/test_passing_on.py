"""Passing on: boosted where that is the network's own way, else with its address; our own posts once more."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.posting.writing import CONTROL, SHIFT, more_channels, posts, rows, writer
from tests.waiting import told
from workstation.domain.outbox import Act, State
from workstation.i18n import plain

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")


async def select(world: World, words: str) -> None:
    """Choose the message with these words in the deck, once it is there."""

    def there() -> bool:
        for number in range(len(world.bench.deck.columns)):
            world.bench.deck.focus_column(number)
            world.bench.deck.move_selection(0)
            message = world.bench.current_message
            if message is not None and words in message.text:
                return True
        return False

    async def look() -> bool:
        return there()

    await told(world.desk.feed.subscribe, look, "the message is selected")


def test_boosted_on_one_channel_and_as_a_link_on_another(practice: PracticeNetwork, profile: Path) -> None:
    posted = practice.post("What a shop!", visibility="public")

    async def steps(world: World) -> None:
        await more_channels(world, practice, "moderator")
        await world.until(lambda: world.bench.deck.columns, "columns")
        await select(world, "What a shop")
        world.press(Qt.Key.Key_X)
        world.press(Qt.Key.Key_P)
        await world.until(lambda: world.bench.posting._writer is not None and writer(world).post, "passing on")
        view = writer(world).view
        await world.until(lambda: view.post().source, "the message is passed on")
        assert "What a shop!" in plain(view._about.text())
        first, second = view.tickets.values()
        assert first.boost.isChecked()
        second.chosen.setChecked(True)
        assert second.boost.isChecked()
        second.boost.setChecked(False)
        assert posted["uri"] in view.editor.toPlainText()
        await world.until(lambda: world.focus() is view.editor, "the editor")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.outbox(lambda found: all(row.state is State.SENT for row in found), "both left")
        assert {row.operation.act for row in await rows(world)} == {Act.BOOST, Act.POST}

    run(profile, practice, steps)
    assert practice.request("GET", f"/api/v1/statuses/{posted['id']}", practice.tokens["agent"])["reblogged"]
    assert len(posts(practice, "moderator", posted["id"])) == 1


def test_what_is_not_public_is_not_passed_on(practice: PracticeNetwork, profile: Path) -> None:
    practice.post("just between us", visibility="direct")

    async def steps(world: World) -> None:
        await select(world, "between us")
        action = world.window.actions_table["posts.repost"]
        await world.until(lambda: not action.isEnabled(), "refused")
        assert "not public" in action.toolTip()
        world.press(Qt.Key.Key_X)
        world.press(Qt.Key.Key_P, SHIFT)
        assert world.window.page == "page.deck"

    run(profile, practice, steps)
