"""What the desk says of the customer's text besides what was lost in it: its language, and how they are addressed."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from tests.practice_network import PracticeNetwork, practice
from tests.views.desk_world import World, run
from tests.views.test_two_sides import reply
from workstation.domain.checks import Kind
from workstation.domain.templates import Family, Formality, Variant
from workstation.views.case.composer_view import ComposerView
from workstation.views.widgets.picker import Picker

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
SHIFT = Qt.KeyboardModifier.ShiftModifier
QUESTION = "Wann kommt mein Paket endlich an?"
SORRY = Family(
    0, "sorry", "Sorry",
    (
        Variant("en", "We are sorry. Please write to us again."),
        Variant("de", "Es tut uns leid. Bitte schreiben Sie uns wieder.", Formality.FORMAL),
        Variant("de", "Es tut uns leid. Bitte schreib uns wieder.", Formality.INFORMAL),
    ),
    shortcut="sorry",
)  # fmt: skip


def of_language(view: ComposerView) -> list[bool]:
    """Whether each finding about the language blocks."""
    return [each.blocks for each in view.strip.findings if each.kind is Kind.LANGUAGE]


def test_another_language_than_the_customers_is_a_warning(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await reply(world, practice, QUESTION, "de")
        view.editor.insertPlainText("Your parcel has left and will be there tomorrow.")
        view.target.text.insertPlainText("Il pacco è partito ieri e sarà consegnato domani mattina.")
        await world.until(lambda: of_language(view), "it is found out")
        assert of_language(view) == [False]
        await world.until(lambda: any("Italian" in each.text() for each in view.strip.found.buttons), "and named")
        assert view._send.isEnabled(), "a warning only"
        view.target.text.replace_all("Ihr Paket ist gestern abgegangen und wird morgen früh zugestellt.")
        await world.until(lambda: not of_language(view), "and taken back")
        view.target.text.replace_all("Ok")
        assert not view.strip.findings

    run(profile, practice, steps, two_sides=True)


async def address(world: World, words: str) -> None:
    view = world.bench.composer.view
    view.sent_editor.setFocus()
    await world.until(lambda: world.focus() is view.sent_editor, "the focus")
    world.press(Qt.Key.Key_F12, SHIFT)
    picker = await world.dialog(Picker)
    picker.field.setText(words)
    world.press(Qt.Key.Key_Return)
    await world.until(lambda: not world.window.findChildren(Picker), "chosen")


@pytest.mark.parametrize("two", [True, False])
def test_the_form_of_address_chooses_the_templates_variant(practice: PracticeNetwork, profile: Path, two: bool) -> None:
    async def steps(world: World) -> None:
        await world.desk.templates.save(SORRY)
        view = world.bench.composer.view
        await reply(world, practice, QUESTION, "de")
        assert view.two is two
        inserting = world.bench.composer.inserting
        inserting.refresh()
        await world.until(lambda: inserting.meant("sorry"), "the templates are read")
        world.write(";sorry")
        world.press(Qt.Key.Key_Tab)
        assert "schreiben Sie" in view.text
        await address(world, "Informal")
        assert "schreib uns" in view.text
        assert view.own_text.startswith("We are sorry") is two
        assert not world.bench.composer.sides.stale
        await address(world, "Neutral")
        assert "schreiben Sie" in view.text
        assert view.note.applied is not None
        view.sent_editor.setFocus()
        world.write("Bis bald! ")
        mine = view.text
        await address(world, "Informal")
        assert view.text == mine, "what a person wrote stays"
        assert any("left to you" in str(text) for text in world.window.notices.texts)

    run(profile, practice, steps, two_sides=two)
