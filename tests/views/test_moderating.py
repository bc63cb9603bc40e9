"""What the network lets us do, from the window by keyboard: done there, told here, undone where it can be."""

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_flow import own_statuses, sent, take_up
from tests.waiting import told
from workstation.domain.cases import Entry
from workstation.domain.channels import ChannelConfig
from workstation.domain.filters import parse
from workstation.domain.outbox import Act, Outgoing, State
from workstation.views.case.moderation import ALREADY, NOT_DONE, OfferSheet
from workstation.views.keys import act_id
from workstation.views.widgets.buttons import TextButton

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
_Modifier = Qt.KeyboardModifier
NONE, CONTROL, SHIFT = _Modifier.NoModifier, _Modifier.ControlModifier, _Modifier.ShiftModifier


async def done(world: World, act: Act, times: int = 1) -> None:
    """Wait until the outbox has been given `act` so many times, and has done it."""

    def gone(rows: tuple[Outgoing, ...]) -> bool:
        states = [row.state for row in rows if row.operation.act is act]
        return len(states) == times and all(state is State.SENT for state in states)

    await world.outbox(gone, f"{act} is done")


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
        for keys, act, back, name in (
            ((Qt.Key.Key_H,), Act.MUTE, Act.UNMUTE, "muting"),
            (block, Act.BLOCK, Act.UNBLOCK, "blocking"),
        ):
            for key in keys:
                world.press(key)
            await confirm(world)
            await done(world, act)
            assert relation(practice, account)[name]
            await world.until(lambda: any("Done" in text for text in world.window.notices.texts), "told")
            world.press(Qt.Key.Key_Z)
            await done(world, back)
            assert not relation(practice, account)[name]
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


async def open_report(world: World, network: PracticeNetwork) -> tuple[str, str]:
    """A report about a customer, open in the window of a moderator; the ids of the report and of the account."""
    desk = world.desk
    posted = network.post("Buy gold")
    values = {"account_id": posted["account"]["id"], "status_ids": [posted["id"]], "comment": "spam"}
    report = network.request("POST", "/api/v1/reports", network.tokens["agent"], values)
    desk.secrets.lend("keyring:moderator", network.tokens["moderator"])
    settings = {"sources": "reports"}
    config = ChannelConfig(0, "mastodon", "Watch", network.base_url, secret="keyring:moderator", settings=settings)
    desk.supervisor.run(await desk.store.channels.add(config))
    await world.until(lambda: len(desk.supervisor.ready()) == 2, "the moderator's channel")

    async def reports() -> tuple[Entry, ...]:
        return (await desk.store.messages.page(parse("kind:report"), queue=True)).entries

    world.bench.open_entry((await told(desk.feed.subscribe, reports, "the report"))[0])
    actions = world.window.actions_table
    await world.until(lambda: not actions.reason(act_id(Act.ASSIGN_REPORT)), "may take it")
    return report["id"], posted["account"]["id"]


def admin(network: PracticeNetwork, path: str) -> dict[str, Any]:
    return dict(network.request("GET", f"/api/v1/admin/{path}", network.tokens["moderator"]))


def press(world: World, *keys: tuple[Qt.Key, Qt.KeyboardModifier]) -> None:
    for key, modifier in keys:
        world.press(key, modifier)


def test_a_report_is_taken_given_back_closed_and_reopened(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        report, _ = await open_report(world, practice)
        actions = world.window.actions_table

        def told_there() -> tuple[bool, bool]:
            found = admin(practice, f"reports/{report}")
            return found["assigned_account"] is not None, found["action_taken"]

        assert actions.reason(act_id(Act.REOPEN_REPORT)) is NOT_DONE
        for key, modifier, act, expected in (
            (Qt.Key.Key_A, NONE, Act.ASSIGN_REPORT, (True, False)),
            (Qt.Key.Key_A, SHIFT, Act.UNASSIGN_REPORT, (False, False)),
            (Qt.Key.Key_C, NONE, Act.RESOLVE_REPORT, (False, True)),
        ):
            press(world, (Qt.Key.Key_X, NONE), (key, modifier))
            await done(world, act)
            assert told_there() == expected
        await world.until(lambda: actions.reason(act_id(Act.RESOLVE_REPORT)) is ALREADY, "closed here too")
        press(world, (Qt.Key.Key_X, NONE), (Qt.Key.Key_C, SHIFT))
        await done(world, Act.REOPEN_REPORT)
        assert told_there() == (False, False)
        await world.until(lambda: actions.reason(act_id(Act.RESOLVE_REPORT)) is None, "open here too")
        world.press(Qt.Key.Key_Z)  # closes it again
        await done(world, Act.RESOLVE_REPORT, 2)
        assert told_there() == (False, True)

    run(profile, practice, steps)


MEASURES = [
    (Qt.Key.Key_F, Act.FREEZE_ACCOUNT, Act.UNFREEZE_ACCOUNT, "disabled"),
    (Qt.Key.Key_N, Act.MARK_SENSITIVE, Act.UNMARK_SENSITIVE, "sensitized"),
    (Qt.Key.Key_L, Act.LIMIT_ACCOUNT, Act.UNLIMIT_ACCOUNT, "silenced"),
    (Qt.Key.Key_S, Act.SUSPEND_ACCOUNT, Act.UNSUSPEND_ACCOUNT, "suspended"),
]


@pytest.mark.parametrize("by_key", [True, False], ids=["own key", "undo"])
def test_measures_against_an_account_and_back(practice: PracticeNetwork, profile: Path, by_key: bool) -> None:
    async def steps(world: World) -> None:
        _, account = await open_report(world, practice)
        for key, act, back, mark in MEASURES:
            press(world, (Qt.Key.Key_X, NONE), (key, NONE))
            await confirm(world)
            await done(world, act)
            assert marks(practice, account) == {mark}
            press(world, *(((Qt.Key.Key_X, NONE), (key, SHIFT)) if by_key else ((Qt.Key.Key_Z, NONE),)))
            await done(world, back)
            assert marks(practice, account) == set()

    run(profile, practice, steps)


def marks(network: PracticeNetwork, account: str) -> set[str]:
    """What was done to an account, as its server tells it."""
    found = admin(network, f"accounts/{account}")
    return {mark for *_, mark in MEASURES if found[mark]}


def test_a_warning_needs_its_words_and_changes_nothing_else(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        _, account = await open_report(world, practice)
        press(world, (Qt.Key.Key_X, NONE), (Qt.Key.Key_W, NONE))
        sheet = await world.dialog(OfferSheet)
        (words,) = sheet.form.entries.values()
        words.put("Please stop advertising.")
        await confirm(world)
        await done(world, Act.WARN_ACCOUNT)
        (row,) = await world.bench.casebook.outgoing((State.SENT,))
        assert list(row.operation.options.values()) == ["Please stop advertising."]
        assert marks(practice, account) == set()

    run(profile, practice, steps)
