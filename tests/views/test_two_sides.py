"""Answering in a language that one does not read, one's own beside it: by templates, by a provider, by keyboard."""

import asyncio
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.practice_network import PracticeNetwork, practice
from tests.providers.doubles.servers import libretranslate
from tests.views.desk_world import World, run
from tests.views.test_flow import own_statuses, sent
from tests.views.test_languages import begin_reply
from tests.waiting import UNDO_SECONDS
from workstation.domain.checks import Kind
from workstation.domain.outbox import WRITTEN, State
from workstation.domain.providers import ProviderConfig
from workstation.domain.templates import Family, Variant
from workstation.domain.translation import Pair, Provenance
from workstation.i18n import load_language
from workstation.qt.translator import apply_language
from workstation.views.case.composer_view import ComposerView
from workstation.views.case.translation.sides import Sides
from workstation.views.widgets.picker import Picker

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL, SHIFT, ALT = (
    Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier,
)  # fmt: skip
QUESTION = "متى تفتحون؟ طلبي رقم 4711 لم يصل"
HOURS = Family(
    0, "hours", "Opening hours",
    (
        Variant("en", "We are open until 23:00. Your order {parcel} is on its way."),
        Variant("ar", "نحن مفتوحون حتى 23:00. طلبكم {parcel} في الطريق."),
    ),
    shortcut="hours",
)  # fmt: skip


def made_by(sides: Sides) -> Provenance:
    """Whose the customer's text is now."""
    return sides.provenance


async def reply(world: World, network: PracticeNetwork, text: str = QUESTION, language: str = "ar") -> ComposerView:
    """Open the reply to a customer's message in another language."""
    network.post(text, language=language)
    await begin_reply(world)
    view = world.bench.composer.view
    await world.until(lambda: world.focus() is view.editor, "the agent's editor has the focus")
    return view


def commit(world: World, text: str) -> None:
    """Write as an input method does; keys of the test know Latin letters only."""
    event = QInputMethodEvent()
    event.setCommitString(text)
    QApplication.sendEvent(world.focus(), event)


def kinds(view: ComposerView) -> set[Kind]:
    return {finding.kind for finding in view.strip.findings if finding.blocks}


def test_a_reply_in_a_language_that_the_agent_does_not_read_without_a_provider(
    practice: PracticeNetwork, profile: Path
) -> None:
    async def steps(world: World) -> None:
        await world.desk.templates.save(HOURS)
        view = await reply(world, practice)
        assert view.two
        assert "No translation provider" in view.strip.words.text()
        assert not world.bench.actions["composer.translate"].isEnabled()
        world.bench.composer.inserting.refresh()
        await world.until(lambda: world.bench.composer.inserting.meant("hours"), "the templates are read")
        world.write(";hours")
        world.press(Qt.Key.Key_Tab)
        assert view.own_text.startswith("We are open until 23:00.")
        assert view.text.startswith("نحن مفتوحون حتى 23:00.")
        assert view.target.text.document().defaultTextOption().textDirection() is Qt.LayoutDirection.RightToLeft
        assert view.editor.document().defaultTextOption().textDirection() is Qt.LayoutDirection.LeftToRight
        assert not view._send.isEnabled()
        world.write("4711")  # the placeholder is selected, and filled on both sides
        assert "4711" in view.own_text
        world.press(Qt.Key.Key_F2)
        assert world.focus() is view.target.text
        world.press(Qt.Key.Key_J, CONTROL)
        if view.target.text.textCursor().hasSelection():
            world.write("4711")
        assert view.text == "نحن مفتوحون حتى 23:00. طلبكم 4711 في الطريق."
        await world.until(view._send.isEnabled, "nothing is wrong")
        assert not view.strip.findings
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "in the outbox")
        (row,) = await world.bench.casebook.outgoing(tuple(State))  # it may have left already
        assert (row.operation.language, row.operation.options[WRITTEN][:11]) == ("ar", "We are open")
        await sent(world)
        await world.until(lambda: not world.desk.memory._leaving, "it is learned")
        pairs: tuple[tuple[str, str, int], ...] = ()
        while not pairs:
            await asyncio.sleep(0)
            pairs = await world.desk.memory.pairs()
        assert pairs[0][:2] == ("en", "ar")

    before = len(own_statuses(practice))
    run(profile, practice, steps, two_sides=True)
    now = own_statuses(practice)
    assert len(now) == before + 1
    assert any("نحن مفتوحون" in text and "We are" not in text for text in now)


def test_what_is_translated_is_a_machines_until_somebody_changes_it(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        async with libretranslate() as double:
            double.key = ""
            world.desk.settings.change(translator=ProviderConfig("libretranslate", double.address))
            view = await reply(world, practice, "Wann kommt mein Paket?", "de")
            sides = world.bench.composer.sides
            world.write("Hello, your parcel 4711 comes on 12 June.")
            world.press(Qt.Key.Key_F3)
            await world.until(lambda: view.text, "translated")
            assert "4711" in view.text
            assert view.text != view.own_text
            assert made_by(sides) is Provenance.MACHINE
            assert "Machine" in view.target.made.text()
            assert view.own_text not in str(double.asked), "what leaves is masked"
            await world.until(lambda: sides.similarity is not None, "translated back")
            # The source changes: stale, and translated anew as it is the machine's.
            world.write(" Thank you.")
            assert sides.stale
            assert "Stale" in view.target.made.text()
            machine = view.text
            world.press(Qt.Key.Key_F3)
            await world.until(lambda: view.text != machine and not sides.stale, "translated anew")
            # A person changes it: theirs, and never overwritten.
            world.press(Qt.Key.Key_F2)
            world.write("!")
            mine = view.text
            assert made_by(sides) is Provenance.HUMAN
            world.press(Qt.Key.Key_F2)
            world.write(" Bye now.")
            assert sides.stale
            world.press(Qt.Key.Key_F3)
            await world.until(lambda: any(offer.machine for offer in view.strip.offers), "offered")
            assert view.text == mine
            world.press(Qt.Key.Key_Return, ALT)
            assert view.text != mine
            assert made_by(sides) is Provenance.MACHINE

    run(profile, practice, steps, two_sides=True)


def test_a_provider_that_fails_or_is_cancelled_leaves_the_text_alone(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        async with libretranslate() as double:
            double.key, double.trouble = "", "slow"
            world.desk.settings.change(translator=ProviderConfig("libretranslate", double.address))
            view = await reply(world, practice, "Wann kommt mein Paket?", "de")
            world.write("It comes on 12 June.")
            world.press(Qt.Key.Key_F3)
            await world.until(lambda: "127.0.0.1" in view.strip.words.text(), "the host is shown while it leaves")
            view.strip._cancel.click()
            await world.until(lambda: "Cancelled" in view.strip.words.text(), "cancelled")
            assert (view.own_text, view.text) == ("It comes on 12 June.", "")
            double.trouble = ""
            double.mood = "dropped"
            world.press(Qt.Key.Key_F3)
            await world.until(lambda: "cannot be used" in view.strip.words.text(), "a mask was lost")
            assert view.text == ""
            double.trouble = "500"
            world.press(Qt.Key.Key_F3)
            await world.until(lambda: view.strip._line is not None and view.strip._line.tone == "danger", "it failed")
            assert (view.own_text, view.text) == ("It comes on 12 June.", "")

    run(profile, practice, steps, two_sides=True)


@pytest.mark.parametrize(
    ("own", "target", "kind"),
    [
        ("It costs 1,234.50 euros.", "Es kostet 1.243,50 Euro.", Kind.NUMBER),
        ("See https://example.com/a", "Siehe dort", Kind.URL),
        ("Hello @ada", "Hallo", Kind.MENTION),
        ("Your order {parcel}", "Ihre Bestellung {parcel}", Kind.PLACEHOLDER),
        ("The Meridian Box is here.", "Die Kiste ist da.", Kind.TERM),
    ],
)
def test_what_was_lost_keeps_it_from_being_sent_and_is_gone_to(
    practice: PracticeNetwork, profile: Path, own: str, target: str, kind: Kind
) -> None:
    from workstation.domain.memory import Term

    async def steps(world: World) -> None:
        await world.desk.terms.save(Term("", "", "Meridian Box"))
        view = await reply(world, practice, "Wann kommt mein Paket?", "de")
        await world.until(lambda: world.bench.composer.sides.agreement.kept, "terms")
        world.write(own)
        world.press(Qt.Key.Key_F2)
        world.write(target)
        assert kind in kinds(view)
        assert not view._send.isEnabled()
        assert view._send.toolTip()
        world.press(Qt.Key.Key_F2, SHIFT)
        cursor = (view.editor if view.editor.hasFocus() else view.target.text).textCursor()
        assert cursor.hasSelection()
        world.press(Qt.Key.Key_Return, CONTROL)
        assert world.bench.composer.entry is not None
        assert await world.bench.casebook.outgoing() == ()

    run(profile, practice, steps, two_sides=True)


def test_both_sides_survive_a_crash_and_say_who_made_them(practice: PracticeNetwork, profile: Path) -> None:
    async def write(world: World) -> None:
        view = await reply(world, practice)
        world.write("Half a sentence 5")
        world.press(Qt.Key.Key_F2)
        commit(world, "نصف جملة 5")
        view.target.text.put_caret(3)
        world.press(Qt.Key.Key_F2)
        world.write("0")
        # As a crash would find it: what the journal has, nothing flushed at the end.
        case = world.bench.composer.entry
        assert case is not None
        assert case.case is not None
        await world.until(lambda: view.frame.state.text() == "Draft kept", "journalled")
        kept = await world.desk.drafting.load(case.case.id)
        assert kept is not None
        assert kept.written is not None
        assert kept.written.text.endswith("50")
        assert kept.text == "نصف جملة 5"
        assert kept.written.stale
        world.bench.composer._entry = None

    async def read(world: World) -> None:
        await begin_reply(world)
        view = world.bench.composer.view
        await world.until(lambda: view.text, "the draft")
        sides = world.bench.composer.sides
        assert (view.two, view.own_text, view.text) == (True, "Half a sentence 50", "نصف جملة 5")
        assert (view.target.text.caret(), sides.own, sides.language) == (3, "en", "ar")
        assert sides.stale
        assert Kind.NUMBER in kinds(view)

    run(profile, practice, write, two_sides=True)
    run(profile, practice, read, two_sides=True)


def test_switching_the_locale_keeps_both_editors(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await reply(world, practice)
        lines = "\n".join(f"Line {number} of the reply." for number in range(40))
        for editor, text in ((view.editor, lines), (view.target.text, lines.replace("Line", "سطر"))):
            editor.setFocus()
            world.write("first")
            editor.insertPlainText("\n" + text)
            cursor = editor.textCursor()
            cursor.setPosition(20)
            cursor.movePosition(QTextCursor.MoveOperation.Right, QTextCursor.MoveMode.KeepAnchor, 12)
            editor.setTextCursor(cursor)
            editor.verticalScrollBar().setValue(9)

        def state() -> list[object]:
            found: list[object] = [world.focus()]
            for editor in (view.editor, view.target.text):
                cursor = editor.textCursor()
                found += [
                    editor.toPlainText(), cursor.position(), cursor.anchor(), editor.verticalScrollBar().value(),
                    editor.document().availableUndoSteps(), editor.document().defaultTextOption().textDirection(),
                ]  # fmt: skip
            return found

        before = state()
        for tag in ("ar", "ja", "de", "en"):
            apply_language(world.app, load_language(tag))
            words = _sends(tag)
            await world.until(lambda words=words: view._send.text().strip() == words, f"speaks {tag}")  # type: ignore[misc]
            assert state() == before, tag
        view.target.text.undo()
        assert view.target.text.toPlainText() != before[7]
        view.editor.undo()
        assert view.own_text != before[1]

    run(profile, practice, steps, two_sides=True)


def _sends(tag: str) -> str:
    return load_language(tag).gettext("Send")


def test_one_key_shows_one_editor_and_both_again(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await reply(world, practice)
        world.write("We come at 5.")
        world.press(Qt.Key.Key_F2)
        commit(world, "نأتي في 5")
        world.press(Qt.Key.Key_F, CONTROL, SHIFT)
        assert not view.two
        assert view.text == "نأتي في 5", "what would be sent stays"
        assert view.language.value == "ar"
        world.press(Qt.Key.Key_F, CONTROL, SHIFT)
        assert (view.two, view.own_text, view.text) == (True, "We come at 5.", "نأتي في 5")
        assert not world.bench.composer.sides.stale

    run(profile, practice, steps, two_sides=True)


def test_taken_back_it_has_both_sides(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await reply(world, practice)
        world.write("We come at 5.")
        world.press(Qt.Key.Key_F2)
        commit(world, "نأتي في 5")
        await world.until(lambda: world.bench.panel.entries, "thread")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "queued")
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: world.bench.composer.entry is not None, "open again")
        assert (view.two, view.own_text, view.text) == (True, "We come at 5.", "نأتي في 5")

    run(profile, practice, steps, two_sides=True, undo_seconds=UNDO_SECONDS)


def test_memory_suggests_while_one_types(practice: PracticeNetwork, profile: Path) -> None:
    from workstation.domain.memory import Sent

    async def steps(world: World) -> None:
        view = await reply(world, practice, "Wann kommt mein Paket?", "de")
        sent = Sent("en", "de", "Your parcel comes on 12 June.", "Ihr Paket kommt am 12. Juni.")
        await world.desk.memory.learn(sent)
        await world.desk.memory.warm(Pair("en", "de"))
        world.write("Your parcel comes on 14 June.")
        await world.until(lambda: view.strip.offers, "suggested")
        world.press(Qt.Key.Key_Return, ALT)
        assert "Ihr Paket kommt am 14. Juni." in view.text
        world.press(Qt.Key.Key_Down, ALT)
        (await world.dialog(Picker)).reject()

    run(profile, practice, steps, two_sides=True)


def test_an_input_method_is_not_judged_while_it_composes(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await reply(world, practice, "荷物はいつ届きますか", "ja")
        world.write("On 5 May.")
        world.press(Qt.Key.Key_F2)
        told: list[None] = []
        view.edited.connect(lambda: told.append(None))
        counted = view._counter.text()
        QApplication.sendEvent(view.target.text, QInputMethodEvent("ごがつ", []))
        assert view.target.text.composing
        assert (told, view._counter.text()) == ([], counted)
        done = QInputMethodEvent()
        done.setCommitString("5月5日です。")
        QApplication.sendEvent(view.target.text, done)
        assert view.text == "5月5日です。"
        assert told
        QTest.keyClick(view.target.text, Qt.Key.Key_Backspace)

    run(profile, practice, steps, two_sides=True)


def test_a_customers_message_is_translated_under_the_original(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        async with libretranslate() as double:
            double.key = ""
            world.desk.settings.change(translator=ProviderConfig("libretranslate", double.address))
            practice.post("Wann kommt mein Paket 4711?", language="de")
            await begin_reply(world)
            world.press(Qt.Key.Key_Escape)
            await world.until(lambda: world.bench.composer.entry is None, "the thread")
            await world.until(world.bench.panel.thread_view.views, "the thread")
            view = world.bench.panel.thread_view.views()[0]
            view.setFocus()
            assert double.asked == [], "nothing by itself"
            world.press(Qt.Key.Key_T, SHIFT)
            await world.until(lambda: view.translation.shown and view.translation.shown.text, "translated")
            shown = view.translation.shown
            assert shown is not None
            assert "4711" in shown.text
            assert view.translation.widget is not None
            assert "Machine translation" in view.translation.widget._by.text()
            assert "Wann kommt mein Paket" in view._text.text(), "the original stays"
            world.press(Qt.Key.Key_T, SHIFT)
            assert view.translation.shown is None
            asked = len(double.asked)
            world.press(Qt.Key.Key_T, SHIFT)
            await world.until(lambda: view.translation.shown and view.translation.shown.text, "again")
            assert len(double.asked) == asked, "not asked twice"

    run(profile, practice, steps, two_sides=True)


def test_a_channel_may_be_translated_by_itself(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        async with libretranslate() as double:
            double.key = ""
            channel = world.desk.supervisor.configs()[0].id
            config = ProviderConfig("libretranslate", double.address)
            world.desk.settings.change(translator=config, translated_channels=(channel,))
            practice.post("Wann kommt mein Paket?", language="de")
            await begin_reply(world)
            await world.until(world.bench.panel.thread_view.views, "the thread")
            view = world.bench.panel.thread_view.views()[0]
            await world.until(lambda: view.translation.shown and view.translation.shown.text, "translated")

    run(profile, practice, steps)


def test_who_approves_sees_both_sides_and_sends_both_back(practice: PracticeNetwork, profile: Path) -> None:
    from workstation.views.approval.page import ApprovalPage

    async def steps(world: World) -> None:
        await world.desk.approval.require(True)
        view = await reply(world, practice)
        world.write("We come at 5.")
        world.press(Qt.Key.Key_F2)
        commit(world, "نأتي في 5")
        await world.until(lambda: world.bench.panel.entries, "thread")
        world.press(Qt.Key.Key_Return, CONTROL)
        await world.until(lambda: world.bench.composer.entry is None, "it waits")
        world.press(Qt.Key.Key_7, CONTROL)
        await world.until(lambda: isinstance(world.window.widget("page.approval"), ApprovalPage), "approval")
        page = world.window.widget("page.approval")
        assert isinstance(page, ApprovalPage)
        await world.until(lambda: page.current is not None, "what waits")
        assert (page.text, page._own.text()) == ("نأتي في 5", "We come at 5.")
        assert "English" in page._beside.text()
        assert page.current is not None
        await world.desk.approval.send_back(page.current.row.operation.id, "")
        world.window.go("page.deck")
        world.bench.replying.reply()
        await world.until(lambda: world.bench.composer.entry is not None and view.text, "the draft is back")
        assert (view.two, view.own_text, view.text) == (True, "We come at 5.", "نأتي في 5")

    run(profile, practice, steps, two_sides=True)


@pytest.mark.parametrize("scale", [100, 200])
def test_nothing_is_cut_or_nameless(practice: PracticeNetwork, profile: Path, scale: int) -> None:
    from tests.i18n.audit import audit, report
    from workstation.i18n import PSEUDO_MIRRORED, plain

    async def steps(world: World) -> None:
        world.window.window().resize(1600, 1000)
        view = await reply(world, practice)
        apply_language(world.app, load_language(PSEUDO_MIRRORED))
        view.editor.insertPlainText("See https://example.com, 12 and {order_no}.")
        view.target.text.insertPlainText("13")
        await world.until(lambda: len(view.strip.found.buttons) > 2, "findings")
        await asyncio.sleep(0)
        # The line "as whom" is one that elides, and says the whole in its tool tip.
        data = {plain(view._whom.text())}
        faults = [fault for fault in audit(view, data=data) if fault.kind != "untranslated"]
        assert not faults, report(faults)

    run(profile, practice, steps, two_sides=True, font_scale=scale)
