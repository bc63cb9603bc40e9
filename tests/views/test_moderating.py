"""What the network lets us do, from the window by keyboard: done there, told here, undone where it can be."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import own_statuses, sent, take_up
from workstation.domain.channels import ChannelConfig
from workstation.domain.filters import parse
from workstation.domain.outbox import Act, State
from workstation.views.case.moderation import OfferSheet
from workstation.views.keys import act_id
from workstation.views.widgets.buttons import TextButton

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


async def done(world: World, act: Act) -> None:
    """Wait until the outbox has done the latest `act` and the window has told so."""
    for _ in range(1500):
        rows = [row for row in await world.bench.casebook.outgoing(tuple(State)) if row.operation.act is act]
        if rows and all(row.state is State.SENT for row in rows):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"never done: {act}")


async def confirm(world: World) -> None:
    sheet = await world.dialog(OfferSheet)
    buttons = sheet.findChildren(TextButton)
    button = next(button for button in buttons if button.property("role") in ("danger", "primary"))
    QTest.keyClick(button, Qt.Key.Key_Space)
    await world.until(world.window.isActiveWindow, "the sheet has gone")


def relation(network: PracticeNetwork, account: str) -> dict[str, Any]:
    found = network.request("GET", f"/api/v1/accounts/relationships?id[]={account}", network.tokens["agent"])
    return dict(found[0])


def test_favourite_and_boost_and_back(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        posted = practice.post("Lovely parcel, thank you!")

        def seen() -> dict[str, Any]:
            status = practice.request("GET", f"/api/v1/statuses/{posted['id']}", practice.tokens["agent"])
            return {name: status[name] for name in ("favourited", "reblogged")}

        await take_up(world)
        actions = world.window.actions_table
        for key, act, back, name in (
            (Qt.Key.Key_F, Act.FAVOURITE, Act.UNFAVOURITE, "favourited"),
            (Qt.Key.Key_B, Act.BOOST, Act.UNBOOST, "reblogged"),
        ):
            world.press(key)
            await world.until(lambda: any("Done" in text for text in world.window.notices.texts), "told")
            await done(world, act)
            assert seen()[name]
            await world.until(lambda act=act: actions.reason(act_id(act)), "done already")  # type: ignore[misc]
            world.press(Qt.Key.Key_Z)
            await world.until(lambda act=act: not actions.reason(act_id(act)), "possible again")  # type: ignore[misc]
            await done(world, back)
            assert not seen()[name]

    run(profile, practice, steps)


def test_mute_block_and_report_ask_first(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        posted = practice.post("You thieves")
        account = posted["account"]["id"]
        await take_up(world)
        world.press(Qt.Key.Key_X)
        world.press(Qt.Key.Key_B)
        await world.dialog(OfferSheet)
        world.press(Qt.Key.Key_Return)  # the default of what is dangerous is no
        await world.until(world.window.isActiveWindow, "left")
        assert not relation(practice, account)["blocking"]
        block = (Qt.Key.Key_X, Qt.Key.Key_B)
        for keys, act, name in (((Qt.Key.Key_H,), Act.MUTE, "muting"), (block, Act.BLOCK, "blocking")):
            for key in keys:
                world.press(key)
            await confirm(world)
            await done(world, act)
            assert relation(practice, account)[name]
            await world.until(lambda: any("Done" in text for text in world.window.notices.texts), "told")
            world.press(Qt.Key.Key_Z)
            await world.until(lambda name=name: not relation(practice, account)[name], "undone")  # type: ignore[misc]
        world.press(Qt.Key.Key_X)
        world.press(Qt.Key.Key_R)
        await confirm(world)
        await done(world, Act.REPORT)
        token = practice.tokens["moderator"]
        reports = practice.request("GET", "/api/v1/admin/reports", token)
        assert [report["target_account"]["id"] for report in reports] == [account]

    run(profile, practice, steps)


def test_our_own_message_is_changed_and_deleted(practice: PracticeNetwork, profile: Path) -> None:
    before = len(own_statuses(practice))

    async def steps(world: World) -> None:
        bench = world.bench
        practice.post("where is it?")
        await take_up(world)
        actions = world.window.actions_table
        assert "Only our own messages" in actions[act_id(Act.DELETE)].toolTip()
        world.press(Qt.Key.Key_R)
        await world.until(lambda: world.focus() is bench.composer.view.editor, "the editor")
        world.write("On its weg.")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: bench.composer.entry is None, "queued")
        await sent(world)
        await world.until(lambda: any(entry.message.own for entry in bench.panel.entries), "in the thread")
        await world.until(lambda: world.focus() is not bench.composer.view.editor, "the focus is back")

        def picked(act: Act) -> bool:
            ours = next(entry.message for entry in bench.panel.entries if entry.message.own)
            bench.panel.thread_view.pick(ours.id)
            return actions.reason(act_id(act)) is None

        await world.until(lambda: picked(Act.EDIT), "editable")
        world.press(Qt.Key.Key_X)
        world.press(Qt.Key.Key_E)
        await world.until(lambda: world.focus() is bench.composer.view.editor, "the editor")
        assert "On its weg." in bench.composer.view.text
        bench.composer.view.editor.selectAll()
        world.write("On its way.")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: bench.composer.entry is None, "queued")
        await done(world, Act.EDIT)
        assert any("On its way." in text for text in own_statuses(practice))
        await world.until(lambda: picked(Act.DELETE), "deletable")
        world.press(Qt.Key.Key_X)
        world.press(Qt.Key.Key_D)
        await confirm(world)
        await done(world, Act.DELETE)

    run(profile, practice, steps)
    assert len(own_statuses(practice)) == before


def test_reports_and_accounts_as_a_moderator(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        desk = world.desk
        posted = practice.post("Buy gold")
        values = {"account_id": posted["account"]["id"], "status_ids": [posted["id"]], "comment": "spam"}
        report = practice.request("POST", "/api/v1/reports", practice.tokens["agent"], values)
        path = f"/api/v1/admin/reports/{report['id']}"
        desk.secrets.lend("keyring:moderator", practice.tokens["moderator"])
        settings = {"sources": "reports"}
        config = ChannelConfig(0, "mastodon", "Watch", practice.base_url, secret="keyring:moderator", settings=settings)
        desk.supervisor.run(await desk.store.channels.add(config))
        await world.until(lambda: len(desk.supervisor.ready()) == 2, "the moderator's channel")
        page = None
        while page is None or not page.entries:
            page = await desk.store.messages.page(parse("kind:report"), queue=True)
        world.bench.open_entry(page.entries[0])
        actions = world.window.actions_table
        await world.until(lambda: not actions.reason(act_id(Act.ASSIGN_REPORT)), "may take it")

        def told() -> dict[str, Any]:
            return dict(practice.request("GET", path, practice.tokens["moderator"]))

        for key, act in ((Qt.Key.Key_A, Act.ASSIGN_REPORT), (Qt.Key.Key_C, Act.RESOLVE_REPORT)):
            world.press(Qt.Key.Key_X)
            world.press(key)
            await done(world, act)
        assert told()["action_taken"]
        assert told()["assigned_account"]
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: not told()["action_taken"], "open again")
        world.press(Qt.Key.Key_X)
        world.press(Qt.Key.Key_L)
        await confirm(world)
        await done(world, Act.LIMIT_ACCOUNT)
        account = practice.request(
            "GET", f"/api/v1/admin/accounts/{posted['account']['id']}", practice.tokens["moderator"]
        )
        assert account["silenced"]

    run(profile, practice, steps)
