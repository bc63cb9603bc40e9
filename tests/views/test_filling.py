"""A placeholder filled on one side of a reply is filled on the other."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_two_sides import commit, reply
from workstation.domain.translation import Provenance
from workstation.views.case.translation.filling import places, replaced

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.mark.parametrize(
    ("before", "after", "value"),
    [
        ("Order {a} is here", "Order 4 is here", "4"), ("Order {a} is here", "Order is is here", "is"),
        ("{a}", "x", "x"), ("Order {a} is here", "Order {b} is here", None), ("Order {a}", "Order {a", None),
        ("Order {a} is", "Order 4 is here", None), ("Order {a}", "Order 4 is", None),
        ("Order {a}.", "Order 4 b.", "4 b"), ("Order 5", "Order 54", None),
        ("{a} and {b}", "1 and {b}", "1"), ("{a} and {b}", "{a} and 2", "2"),
    ],
)  # fmt: skip
def test_what_was_typed_over_a_placeholder_is_its_value(before: str, after: str, value: str | None) -> None:
    slot = replaced(before, after)
    assert (slot.value(after) if slot is not None else None) == value


@given(st.lists(st.sampled_from(["{a}", "{b|x}", "word", "4", "\n", "ä"]), max_size=7), st.integers(0, 6))
def test_it_is_the_same_one_that_is_found_on_the_other_side(bits: list[str], at: int) -> None:
    blanks = [number for number, bit in enumerate(bits) if bit.startswith("{")]
    if not blanks:
        return
    at = blanks[at % len(blanks)]
    text = " ".join(bits)
    slot = replaced(text, " ".join("9" if number == at else bit for number, bit in enumerate(bits)))
    assert slot is not None
    (found,) = places(slot, text)
    assert text[: found.start] == "".join(f"{bit} " for bit in bits[:at])


def test_a_value_is_typed_once(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await reply(world, practice)
        sides = world.bench.composer.sides
        view.editor.insertPlainText("Hello {name}, your order {parcel} is here. {parcel}")
        view.target.text.insertPlainText("مرحبا {name} {parcel} هنا {parcel}.")
        view.editor.put_caret(0)
        view.editor.setFocus()
        world.press(Qt.Key.Key_J, CONTROL)
        world.write("Ada B")
        world.press(Qt.Key.Key_Tab)  # before typing has rested
        world.write("4711")
        await world.until(lambda: "4711" in view.text, "the value is there")
        assert view.own_text == "Hello Ada B, your order 4711 is here. {parcel}"
        assert view.text == "مرحبا Ada B 4711 هنا {parcel}."
        assert not sides.stale
        world.press(Qt.Key.Key_Backspace)
        await world.until(lambda: "4711" not in view.text, "corrected")
        assert view.text == "مرحبا Ada B 471 هنا {parcel}."
        # The other way round.
        world.press(Qt.Key.Key_F2)
        world.press(Qt.Key.Key_J, CONTROL)
        commit(world, "٥")
        await world.until(lambda: view.own_text.endswith("here. ٥"), "filled back")
        assert not view.strip.findings
        assert view._send.isEnabled()
        # Words that are written behind it are nobody's value.
        world.press(Qt.Key.Key_F2)
        view.editor.put_caret(len(view.own_text))
        world.write(" Bye")
        assert not view.strip.findings or sides.stale
        assert "Bye" not in view.text
        assert sides.stale

    run(profile, practice, steps, two_sides=True)


def test_a_machines_text_stays_a_machines_and_the_draft_in_time(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await reply(world, practice)
        sides = world.bench.composer.sides
        view.editor.insertPlainText("Your order {parcel} is here.")
        sides.put_machine("طلبك {parcel} هنا.", view.own_text)
        view.editor.put_caret(0)
        view.editor.setFocus()
        world.press(Qt.Key.Key_J, CONTROL)
        world.write("47")
        assert not sides.stale
        world.press(Qt.Key.Key_Return, CONTROL)  # at once: what is sent is filled and checked
        await world.until(lambda: world.bench.composer.entry is None, "in the outbox")
        assert sides.provenance is Provenance.MACHINE
        (row,) = await world.bench.casebook.outgoing()
        assert row.operation.text == "طلبك 47 هنا."

    run(profile, practice, steps, two_sides=True, undo_seconds=30)
