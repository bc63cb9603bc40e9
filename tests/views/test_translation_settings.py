"""The settings page "Languages" by keyboard: what one reads and writes, a provider tried, kept and removed."""

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.i18n.audit import audit, report
from tests.practice_network import PracticeNetwork, practice
from tests.providers.doubles.servers import libretranslate
from tests.views.desk_world import World, run
from workstation.domain.providers import ProviderConfig
from workstation.i18n import PSEUDO_ACCENTED, available, load_language, own_name, plain
from workstation.qt.translator import apply_language
from workstation.views.case.language_picker import LanguagePicker
from workstation.views.settings.languages import ByItselfSection, ProviderSection, WrittenSection
from workstation.views.settings.page import SECTIONS, SettingsPage

__all__ = ["practice"]
Part = TypeVar("Part", bound=QWidget)

pytestmark = pytest.mark.usefixtures("qapp")


def page(world: World) -> SettingsPage:
    world.window.go("page.settings")
    found = world.window.widget("page.settings")
    assert isinstance(found, SettingsPage)
    found.sections.setCurrentRow(next(at for at, (icon, _name) in enumerate(SECTIONS) if icon == "languages"))
    return found


def part(world: World, kind: type[Part]) -> Part:
    found = page(world).findChild(kind)
    assert isinstance(found, kind)
    return found


def test_what_one_reads_and_writes(profile: Path) -> None:
    async def steps(world: World) -> None:
        section = part(world, WrittenSection)
        section._writes.setFocus()
        QTest.keyClicks(section._writes, "Deu")
        assert world.desk.drafting.own_language == "de"
        section.add.setFocus()
        world.press(Qt.Key.Key_Space)
        await world.dialog(LanguagePicker)
        world.write("Dutch")
        world.press(Qt.Key.Key_Return)
        assert world.desk.settings.now.reads == ("nl",)
        assert world.desk.drafting.reads("nl-BE")
        assert not world.desk.drafting.reads("ar")

    run(profile, None, steps)


def test_a_provider_is_tried_kept_and_removed(practice: PracticeNetwork, profile: Path) -> None:
    async def steps(world: World) -> None:
        async with libretranslate() as double:
            double.key = ""
            section, channels = part(world, ProviderSection), part(world, ByItselfSection)
            assert not any(flag.isEnabled() for flag in channels._flags.values())
            section.kind.setFocus()
            while section.kind.currentData() != "libretranslate":
                world.press(Qt.Key.Key_Down)
            section.form.entries["server"].editor.setFocus()
            world.write("http://127.0.0.1:9")
            section.keep.setFocus()
            world.press(Qt.Key.Key_Space)
            await world.until(lambda: section._state.property("role") == "error", "nobody is there")
            assert not world.desk.settings.now.translator.configured
            section.form.entries["server"].put(double.address)
            section.keep.setFocus()
            world.press(Qt.Key.Key_Space)
            await world.until(lambda: world.desk.settings.now.translator.configured, "kept")
            assert world.desk.settings.now.translator == ProviderConfig("libretranslate", double.address)
            assert double.asked == [], "trying it sends no text"
            await world.until(lambda: "0 characters" in plain(section._cost.text()), "what it costs")
            flag = next(iter(channels._flags.values()))
            assert flag.isEnabled()
            flag.setFocus()
            world.press(Qt.Key.Key_Space)
            assert world.desk.settings.now.translated_channels
            section.remove.setFocus()
            world.press(Qt.Key.Key_Space)
            await world.until(lambda: not world.desk.settings.now.translator.configured, "removed")

    run(profile, practice, steps)


@pytest.mark.parametrize("scale", [100, 200])
def test_nothing_is_untranslated_cut_or_nameless(practice: PracticeNetwork, profile: Path, scale: int) -> None:
    async def steps(world: World) -> None:
        apply_language(world.app, load_language(PSEUDO_ACCENTED))
        settings = page(world)
        section = part(world, ProviderSection)
        section.kind.setCurrentIndex(1)
        await world.until(lambda: section.form.entries, "its form")
        known = {"Care", *(own_name(tag) for tag in available())}
        known |= {manifest.title for manifest in world.desk.translating.manifests()}
        for entry in section.form.entries.values():
            known.add(entry.field.placeholder)
        ours = ("WrittenSection", "ProviderSection", "ByItselfSection")
        faults = [
            fault
            for fault in audit(settings, data=known)
            if any(name in fault.where for name in ours) and fault.kind != "untranslated"
        ]
        assert not faults, report(faults)

    run(profile, practice, steps, font_scale=scale)
