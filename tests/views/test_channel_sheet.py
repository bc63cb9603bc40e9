"""The form of a channel: every network has one, what is left empty stays empty, what is switched off stays off."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit

from tests.views.desk_world import World, run
from workstation.connectors.registry import built_in
from workstation.views.settings.channel_sheet import NAME, ChannelSheet, config_of, values_of
from workstation.views.widgets.forms import FieldForm

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.mark.parametrize("kind", [manifest.kind for manifest in built_in().manifests()])
def test_a_form_that_was_only_looked_at_says_nothing(kind: str) -> None:
    manifest = built_in().manifest(kind)
    form = FieldForm([NAME, *manifest.fields])
    config = config_of(form.values(), manifest, None, practice=False)
    assert config.settings == {}
    assert (config.name, config.server, config.user, config.secret) == ("", "", "", "")


def test_what_is_switched_off_or_emptied_is_kept_so() -> None:
    manifest = built_in().manifest("bluesky")
    form = FieldForm([NAME, *manifest.fields])
    replies = form.entries["jetstream_replies"].editor
    assert isinstance(replies, QCheckBox)
    assert replies.isChecked()
    replies.setChecked(False)
    config = config_of(form.values(), manifest, None, practice=False)
    assert config.settings == {"jetstream_replies": "0"}
    again = FieldForm([NAME, *manifest.fields], values_of(config))
    assert config_of(again.values(), manifest, config, practice=False) == config


def test_a_number_may_be_empty_zero_or_anything_that_is_a_number() -> None:
    manifest = built_in().manifest("feed")
    form = FieldForm([NAME, *manifest.fields])
    entry = form.entries["poll_seconds"]
    assert isinstance(entry.editor, QLineEdit)
    for typed, settings in (("", {}), ("0", {"poll_seconds": "0"}), ("90", {"poll_seconds": "90"})):
        entry.put(typed)
        assert config_of(form.values(), manifest, None, practice=False).settings == settings
    entry.editor.clear()
    entry.editor.insert("9x0")
    assert entry.value() in ("", "90")


def test_another_network_has_another_form_and_keeps_the_name(profile: Path) -> None:
    async def steps(world: World) -> None:
        world.press(Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
        sheet: ChannelSheet = await world.dialog(ChannelSheet)
        titles = [sheet.kind.itemText(index) for index in range(sheet.kind.count())]
        assert titles == [manifest.title for manifest in built_in().manifests()]
        sheet.form.entries["name"].put("Shop")
        for index, manifest in enumerate(built_in().manifests()):
            sheet.kind.setCurrentIndex(index)
            assert list(sheet.form.entries) == ["name", *(field.name for field in manifest.fields)]
            assert sheet.form.values()["name"] == "Shop"
            assert sheet._browser.isVisible() is ("oauth" in manifest.sign_in)
        sheet.reject()

    run(profile, None, steps)
