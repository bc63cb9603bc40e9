"""Families from the window, by keyboard: forms of address, what has drifted, what is missing, both sides."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from tests.i18n.audit import audit, report
from tests.practice_network import PracticeNetwork, practice
from tests.providers.doubles.servers import libretranslate
from tests.views.desk_world import World, run
from tests.views.test_languages import _data
from tests.views.test_words import library, told, write
from workstation.domain.providers import ProviderConfig
from workstation.domain.templates import OTHER, Family, Formality, Variant, drift
from workstation.i18n import PSEUDO_ACCENTED, PSEUDO_MIRRORED, load_language, plain
from workstation.qt.translator import apply_language
from workstation.views.case.language_picker import LanguagePicker
from workstation.views.case.template_picker import TemplatePicker
from workstation.views.templates.library import LibraryView
from workstation.views.widgets.labels import Elided

__all__ = ["practice"]

pytestmark = pytest.mark.usefixtures("qapp")
CONTROL = Qt.KeyboardModifier.ControlModifier
LATE = Family(
    0,
    "late",
    "Late",
    (
        Variant("en", "Hello, your parcel is late."),
        Variant("de", "Hallo, das Paket ist spät.", made_for=OTHER),
        Variant("de", "Guten Tag, Ihr Paket ist spät.", Formality.FORMAL),
        Variant("pt", "Olá, a encomenda está atrasada.", machine=True),
    ),
    used=3,
)
FRENCH = Family(0, "fr", "Autre", (Variant("en", "Something else."), Variant("fr", "Le colis parcel.")))


async def open_page(world: World, *families: Family) -> LibraryView:
    await library(world, families)
    world.press(Qt.Key.Key_4, CONTROL)
    await world.until(world.bench.words.page.isVisible, "the page")
    view = world.bench.words.library
    await world.until(lambda: view.list.count() == len(families), "the library")
    return view


async def choosing(world: World, practice: PracticeNetwork, language: str, *families: Family) -> TemplatePicker:
    await library(world, (*families, Family(0, "hello", "Hello", (Variant("en", "Hello."),), shortcut="hello")))
    await write(world, practice)
    world.bench.composer._speak(language)
    world.press(Qt.Key.Key_M, CONTROL)
    picker: TemplatePicker = await world.dialog(TemplatePicker)
    return picker


def tab_to(world: World, wanted: object) -> None:
    """Go on with Tab until something has the focus."""
    for _step in range(40):
        if QApplication.focusWidget() is wanted:
            return
        world.press(Qt.Key.Key_Tab)
    raise AssertionError(f"no way to {wanted} by Tab")


def test_the_picker_shows_both_sides_and_why(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        picker = await choosing(world, practice, "pt-BR", LATE, FRENCH)
        world.write("parcel late")
        assert picker.list.count() == 1, "found by the agent's words, whatever the customer's language"
        assert picker.sides.own.text() == "Hello, your parcel is late."
        assert picker.sides.text.text() == "Olá, a encomenda está atrasada."
        why = plain(picker.note.why.text())
        assert "No variant in Brazilian Portuguese; Portuguese is used" in why
        assert "in this order" in why
        assert "machine" in picker.note.doubt.text()
        tab_to(world, picker.note.confirm)
        world.press(Qt.Key.Key_Space)
        await world.until(lambda: not picker.note.confirm.isVisible(), "read")
        assert world.focus() is picker.field
        world.press(Qt.Key.Key_Return)
        composer = world.bench.composer.view
        await world.until(lambda: "encomenda" in composer.text, "inserted")
        assert "Late" in plain(composer.note.why.text())
        assert "Portuguese is used" in plain(composer.note.why.text())
        family = next(each for each in await world.desk.templates.list() if each.key == "late")
        assert not family.variants[3].machine
        world.bench.undoing.undo()
        await world.until(composer.note.confirm.isVisible, "it is not read after all")

    run(profile, practice, steps)


def test_the_asked_form_of_address_is_inserted_and_said_to_fit(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        picker = await choosing(world, practice, "de", LATE)
        world.write("late")
        assert picker.sides.text.text().startswith("Hallo")
        assert "another text" in picker.note.doubt.text()
        world.press(Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
        assert picker.sides.text.text().startswith("Guten Tag")
        assert "Formal" in plain(picker.note.why.text())
        assert not picker.note.confirm.isVisible()
        world.press(Qt.Key.Key_F12, Qt.KeyboardModifier.ShiftModifier)
        assert picker.asked is Formality.INFORMAL
        assert picker.sides.text.text().startswith("Hallo")
        assert "asked for: Informal; there is: Neutral" in plain(picker.note.why.text())
        world.press(Qt.Key.Key_Return)
        view = world.bench.composer.view
        await world.until(lambda: view.text.startswith("Hallo"), "inserted")
        await world.until(world.window.isActiveWindow, "back")
        assert view.note.confirm.isVisible(), "drift is flagged beside the reply"
        tab_to(world, view.note.confirm)
        world.press(Qt.Key.Key_Space)
        await told(world, "fits again")
        await world.until(lambda: not view.note.confirm.isVisible(), "it fits")
        family = next(each for each in await world.desk.templates.list() if each.key == "late")
        assert drift(family, family.variants[1]) is None
        assert family.variants[1].text == "Hallo, das Paket ist spät."
        view.editor.clear()
        await world.until(lambda: not view.note.isVisible(), "nothing is used any more")

    run(profile, practice, steps)


def test_the_library_flags_what_is_to_be_read(profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await open_page(world, LATE, FRENCH)
        view.list.setCurrentRow(1)
        assert "2 texts to be read" in plain(view.list.item(1).text())
        editor = view.editor
        names = [plain(editor.languages.tabText(at)) for at in range(4)]
        assert names == ["English", "German (to be read)", "German · Formal", "Portuguese (to be read)"]
        editor.languages.setCurrentIndex(1)
        assert view.preview.sides.own.text() == "Hello, your parcel is late."
        assert view.preview.text.text() == "Hallo, das Paket ist spät."
        editor.text.setFocus()
        tab_to(world, editor.note.confirm)
        world.press(Qt.Key.Key_Space)
        await told(world, "fits again")
        await world.until(lambda: plain(editor.languages.tabText(1)) == "German", "it fits")
        assert not editor.note.isVisible()
        view.list.setFocus()
        world.press(Qt.Key.Key_Z)
        await world.until(lambda: "(to be read)" in editor.languages.tabText(1), "flagged again")
        world.press(Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
        await world.until(lambda: plain(editor.languages.tabText(1)) == "German", "and not again")
        # The source is changed: what says the same in other languages is to be read, the changed one is not.
        editor.languages.setCurrentIndex(0)
        editor.text.setFocus()
        world.write("Oh! ")
        await world.until(
            lambda: ["(to be read)" in editor.languages.tabText(at) for at in range(4)] == [False, True, True, True],
            "all of them",
        )

    run(profile, None, steps)


def test_reopened_cases_stand_beside_the_uses(profile: Path) -> None:
    async def steps(world: World) -> None:
        family = Family(0, "late", "Late", LATE.variants, used=3, reopened=2)
        view = await open_page(world, family)
        assert "2 reopened" in plain(view.list.item(0).text())
        assert "2 cases reopened after it" in plain(view.editor._about.text())

    run(profile, None, steps)


async def add_language(world: World, view: LibraryView, words: str) -> None:
    view.editor.text.setFocus()
    tab = view.editor._add
    world.press(Qt.Key.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    tab.setFocus()
    world.press(Qt.Key.Key_Space)
    await world.dialog(LanguagePicker)
    world.write(words)
    world.press(Qt.Key.Key_Return)
    await world.until(world.window.isActiveWindow, "back")


def test_a_language_is_added_and_written(profile: Path) -> None:
    async def steps(world: World) -> None:
        view = await open_page(world, FRENCH)
        editor = view.editor
        await add_language(world, view, "arabic")
        await world.until(editor.unwritten.isVisible, "nothing is written yet")
        assert "English" in plain(editor.unwritten._hint.text()), "what customers get meanwhile"
        assert editor.unwritten.draft.isHidden(), "no provider, no draft"
        assert world.focus() is editor.unwritten.write
        world.press(Qt.Key.Key_Space)
        assert world.focus() is editor.text
        editor.text.insertPlainText("مرحبا")
        assert not editor.unwritten.isVisible()
        # The same language again is another form of address.
        await add_language(world, view, "arabic")
        assert editor.variant == Variant("ar", "", Formality.FORMAL)
        editor.formality.setCurrentIndex(0)
        assert "already" in editor._wrong.text()
        assert editor.variant == Variant("ar", "", Formality.FORMAL)
        editor.formality.setCurrentIndex(2)

        async def stored() -> list[tuple[str, Formality]]:
            (family,) = await world.desk.templates.list()
            return [(each.language, each.formality) for each in family.variants]

        await world.bench.words.library_desk.settled()
        assert (await stored())[2:] == [("ar", Formality.NEUTRAL), ("ar", Formality.INFORMAL)]

    run(profile, None, steps)


def test_a_draft_is_the_machines_until_somebody_has_read_it(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        async with libretranslate() as double:
            double.key = ""
            world.desk.settings.change(translator=ProviderConfig("libretranslate", double.address))
            view = await open_page(world, Family(0, "a", "A", (Variant("en", "Hello {name}, order 4711 is late."),)))
            editor = view.editor
            await add_language(world, view, "german")
            await world.until(lambda: world.focus() is editor.unwritten.draft, "a draft is offered")
            world.press(Qt.Key.Key_Space)
            await world.until(lambda: editor.variant is not None and editor.variant.text, "drafted")
            assert editor.variant is not None
            assert "{name}" in editor.variant.text
            assert "4711" in editor.variant.text
            assert editor.note.confirm.isVisible()
            assert "to be read" in editor.languages.tabText(1)
            await world.bench.words.library_desk.settled()
            (family,) = await world.desk.templates.list()
            assert family.variants[1].machine
            tab_to(world, editor.note.confirm)
            world.press(Qt.Key.Key_Space)
            await told(world, "fits again")
            (family,) = await world.desk.templates.list()
            assert not family.variants[1].machine
            # A provider that fails leaves everything as it is.
            double.trouble = "down"
            await add_language(world, view, "french")
            await world.until(lambda: world.focus() is editor.unwritten.draft, "offered again")
            world.press(Qt.Key.Key_Space)
            await world.until(lambda: world.window.notices.texts and editor.unwritten.draft.isEnabled(), "it failed")
            assert editor.text.toPlainText() == ""

    run(profile, practice, steps)


@pytest.mark.parametrize(("tag", "scale"), [(PSEUDO_ACCENTED, 100), (PSEUDO_ACCENTED, 200), (PSEUDO_MIRRORED, 200)])
def test_pseudo_locales_find_no_fault(practice: PracticeNetwork, profile: Path, tag: str, scale: int) -> None:
    async def steps(world: World) -> None:
        apply_language(world.app, load_language(tag))
        picker = await choosing(world, practice, "pt-BR", LATE)
        world.write("late")
        data = _data(world) | {"Late", "Hello", "late"} | {each.text for each in LATE.variants}
        assert picker.note.confirm.isVisible()
        faults = audit(picker, data=data)
        world.press(Qt.Key.Key_Return)
        view = world.bench.composer.view
        await world.until(view.note.confirm.isVisible, "beside the reply")
        # One line each, which shortens itself: its tool tip has all of it.
        faults += audit(view.note, data=data, ignore=(Elided,))
        world.window.go("page.templates")
        page = world.bench.words.library
        await world.until(lambda: page.list.count() == 2, "the library")
        page.list.setCurrentRow(1)
        page.editor.languages.setCurrentIndex(3)
        arrows = ("ScrollLeftButton", "ScrollRightButton")  # Qt measures these as buttons of a toolbar
        faults += audit(page, data=data, ignore=arrows)
        page.editor.can_draft = True
        page.editor.add_language("ar")
        faults += audit(page, data=data, ignore=arrows)
        assert not faults, report(faults)

    run(profile, practice, steps, font_scale=scale)
