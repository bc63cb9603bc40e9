"""A post of our own, by keyboard: on a chosen channel, as a draft of its own, taken back in time, sent once."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import sent
from workstation.domain.channels import ChannelConfig
from workstation.domain.outbox import Act, State
from workstation.views.case.template_picker import TemplatePicker
from workstation.views.case.writing_language import LanguagePicker
from workstation.views.widgets.picker import Picker

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


async def begin(world: World) -> None:
    world.press(Qt.Key.Key_C)
    await world.until(lambda: world.bench.composer.entry is not None, "the composer")
    await world.until(lambda: world.focus() is world.bench.composer.view.editor, "the editor has the focus")


def own(network: PracticeNetwork, role: str = "agent") -> list[dict[str, object]]:
    account = network.account_ids[role]
    found = network.request("GET", f"/api/v1/accounts/{account}/statuses?limit=40", network.tokens[role])
    return [status for status in found if "Shop" in status["content"] or "Laden" in status["content"]]


def test_a_post_is_written_journalled_and_sent_once(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view = world.bench.composer.view
        await begin(world)
        assert view.visibility.value.value == "public"
        assert not view._send_resolve.isVisible()
        world.write("Der Laden ist zu")
        world.press(Qt.Key.Key_Escape)
        await world.until(lambda: world.bench.composer.entry is None, "closed")
        await begin(world)
        assert view.text == "Der Laden ist zu"
        assert "16 / 500" in view._counter.text()
        world.press(Qt.Key.Key_L, CONTROL, SHIFT)
        picker = await world.dialog(LanguagePicker)
        world.write("Deutsch")
        assert picker.current().id == "de"
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: view.language.value == "de" and world.window.isActiveWindow(), "German")
        assert view.language.text().strip() == "German"
        await world.until(lambda: world.focus() is view.editor, "back in the editor")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "queued")
        await sent(world)
        assert await world.desk.drafting.load(f"post:{world.desk.supervisor.configs()[0].id}") is None

    run(profile, practice, steps)
    posts = own(practice)
    assert [(post["language"], post["visibility"], post["in_reply_to_id"]) for post in posts] == [
        ("de", "public", None)
    ]


def test_z_takes_a_post_back(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await begin(world)
        world.write("Shop news")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "queued")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: world.bench.composer.entry is not None, "open again")
        assert world.bench.composer.view.text == "Shop news"
        rows = await world.bench.casebook.outgoing(tuple(State))
        assert [(row.operation.act, row.state) for row in rows] == [(Act.POST, State.CANCELLED)]

    run(profile, practice, steps, undo_seconds=30)
    assert own(practice) == []


def test_a_template_in_a_post_keeps_its_names_open(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        await begin(world)
        world.press(Qt.Key.Key_M, CONTROL)
        await world.dialog(TemplatePicker)
        world.press(Qt.Key.Key_Return)
        view = world.bench.composer.view
        await world.until(lambda: view.text, "inserted")
        assert "Larkmoor" not in view.text
        assert view.language.value == "en"

    run(profile, practice, steps)


def test_with_several_channels_one_is_asked_for(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        desk = world.desk
        desk.secrets.lend("keyring:other", practice.tokens["moderator"])
        desk.secrets.lend("keyring:reader", practice.tokens["reader"])
        for name, secret in (("Second", "keyring:other"), ("Only reading", "keyring:reader")):
            settings = {"sources": "home", "streaming_url": practice.streaming_url}
            config = ChannelConfig(0, "mastodon", name, practice.base_url, secret=secret, settings=settings)
            desk.supervisor.run(await desk.store.channels.add(config))
        await world.until(lambda: len(desk.supervisor.ready()) == 3, "three channels")
        world.press(Qt.Key.Key_C)
        picker = await world.dialog(Picker)
        hints = {picker.list.item(row).text(): picker.list.item(row).toolTip() for row in range(3)}
        assert "permission" in hints["Only reading"]
        assert hints["Care"] == hints["Second"] == ""
        world.write("Second")
        world.press(Qt.Key.Key_Return)
        await world.until(lambda: world.bench.composer.entry is not None, "the composer")
        await world.until(lambda: world.focus() is world.bench.composer.view.editor, "the editor has the focus")
        world.write("Shop news")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "queued")
        await sent(world)

    run(profile, practice, steps)
    assert own(practice) == []
    assert len(own(practice, "moderator")) == 1


def test_without_a_channel_the_reason_is_told(profile: Path) -> None:
    async def steps(world: World) -> None:
        action = world.window.actions_table["composer.post"]
        assert not action.isEnabled()
        assert "Connect a channel first" in action.toolTip()

    run(profile, None, steps)
