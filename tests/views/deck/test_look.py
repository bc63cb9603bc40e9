"""The look: contrast in every theme, and live switching."""

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from workstation.services.settings import Density, Theme
from workstation.views import fonts, icons, theme, tokens
from workstation.views.keys import ACTIONS

SHOWN = [Theme.DARK, Theme.LIGHT, Theme.CONTRAST]
THEMES = Path(__file__).parents[3] / "resources" / "themes"


@pytest.mark.parametrize("name", SHOWN)
def test_no_contrast_failure(name: Theme) -> None:
    assert tokens.failures(tokens.PALETTES[name]) == []


def test_the_measure_of_contrast_is_that_of_wcag() -> None:
    assert tokens.contrast("#FFFFFF", "#000000") == pytest.approx(21)
    assert tokens.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_sheets_use_tokens_only() -> None:
    for path in THEMES.glob("*.qss"):
        assert not re.findall(r"#[0-9A-Fa-f]{3,8}\b(?=[^{}]*;)", path.read_text(encoding="utf-8")), path.name


@pytest.mark.parametrize("density", list(Density))
@pytest.mark.parametrize("scale", [0.8, 1.0, 1.5, 2.0])
def test_targets_are_large_enough(density: Density, scale: float) -> None:
    measures = tokens.measures(density, scale)
    assert measures.target >= 24
    assert measures.control >= 24
    assert measures.column >= measures.column_min
    assert measures.column_max >= measures.column_min


def test_a_look_is_switched_live(qapp: QApplication, qtbot: QtBot, look: theme.Look) -> None:
    button = QPushButton("Send")
    qtbot.addWidget(button)
    button.show()
    heard: list[Theme] = []
    theme.appearance(qapp).changed.connect(lambda: heard.append(theme.current().theme))
    for name in (Theme.LIGHT, Theme.CONTRAST, Theme.DARK):
        theme.apply(qapp, name, Density.COSY, 150)
        assert qapp.palette().color(QPalette.ColorRole.Window) == QColor(tokens.PALETTES[name].background)
        assert button.font().pixelSize() == round(13 * 1.5)
    assert heard == [Theme.LIGHT, Theme.CONTRAST, Theme.DARK]
    theme.apply(qapp, Theme.DARK, Density.COSY, 150)
    assert len(heard) == 3
    button.close()


def test_a_scale_out_of_bounds_is_kept_within(qapp: QApplication, look: theme.Look) -> None:
    assert theme.apply(qapp, Theme.DARK, Density.COSY, 900).scale == 2.0
    assert theme.apply(qapp, Theme.DARK, Density.COSY, 1).scale == 0.8


def test_every_action_has_its_drawing() -> None:
    names = {spec.icon for spec in ACTIONS if spec.icon}
    assert {name for name in names if not (icons.FOLDER / "lucide" / f"{name}.svg").exists()} == set()


def test_icons_are_recoloured_and_kept(qapp: QApplication) -> None:
    drawn = icons.pixmap("reply", "#FF0000", 18, 2.0)
    assert drawn is icons.pixmap("reply", "#FF0000", 18, 2.0)
    image = drawn.toImage()
    colours = {
        image.pixelColor(x, y).name() for x in range(36) for y in range(36) if image.pixelColor(x, y).alpha() > 250
    }
    assert colours == {"#ff0000"}
    assert not icons.app_icon().isNull()


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("新しい", "", "ja"),
        ("배송", "", "ko"),
        ("请问", "", "zh-Hans"),
        ("請問", "zh-TW", "zh-Hant"),
        ("漢字", "ja", "ja"),
        ("Hallo", "ja", ""),
    ],
)
def test_whose_characters(text: str, language: str, expected: str) -> None:
    assert fonts.writing(text, language) == expected
