"""The look in force: tokens turned into a palette, a font and one style sheet, switched while the desk is open.

`apply` is all that others call; painted views read `current()` and repaint on `appearance(app).changed`, which comes
after every widget has its new palette.
"""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from string import Template

import msgspec
from PySide6.QtCore import QObject, Qt, QTemporaryDir, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from workstation.services.settings import Density, Theme
from workstation.views import fonts, tokens
from workstation.views.tokens import Colours, Measures, Sizes

_SHEETS = Path(__file__).resolve().parents[2] / "resources" / "themes"
_FIRST = "meridian.qss"
"""What holds for every widget; the sheets of single parts come after it."""
_ICONS = Path(__file__).resolve().parents[2] / "resources" / "icons" / "lucide"


@dataclass(frozen=True)
class Look:
    """Everything that painting needs to know: never a literal colour or length in a view."""

    theme: Theme = Theme.DARK
    """DARK, LIGHT or CONTRAST; never SYSTEM."""
    density: Density = Density.COSY
    scale: float = 1.0
    families: tuple[str, ...] = ()
    reduced_motion: bool = False

    @property
    def colours(self) -> Colours:
        """The colours as `#RRGGBB`."""
        return tokens.PALETTES[self.theme]

    @cached_property
    def measures(self) -> Measures:
        """Lengths in device-independent pixels."""
        return tokens.measures(self.density, self.scale)

    @cached_property
    def sizes(self) -> Sizes:
        """Type sizes in device-independent pixels."""
        return tokens.sizes(self.density, self.scale)

    @property
    def letter(self) -> int:
        """Average width of Latin letters; fonts of Chinese, Japanese and Korean give that of an ideograph instead."""
        return round(self.sizes.body * 0.65)

    @property
    def dark(self) -> bool:
        """Whether text is lighter than its ground."""
        return self.theme is not Theme.LIGHT

    def colour(self, name: str) -> QColor:
        """The token `name` to paint with. Do not change it."""
        return colour(getattr(self.colours, name))

    def font(self, size: str = "body", weight: int = 400, script: str = "") -> QFont:
        """The interface's font at a type size of `Sizes`; `script` as told by `fonts.writing`. Do not change it."""
        return fonts.font(self.families, getattr(self.sizes, size), weight, script)


@lru_cache(maxsize=512)
def colour(value: str) -> QColor:
    """`#RRGGBB` to paint with. Do not change it."""
    return QColor(value)


class _Current:
    """Holds the one look of this process: a screen has one, as it has one palette."""

    look = Look()


def current() -> Look:
    """The look in force."""
    return _Current.look


class Appearance(QObject):
    """Keeps the application in the chosen look and follows the system where that was chosen."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self.setObjectName("appearance")
        self._app = app
        self._wanted = (Theme.SYSTEM, Density.COSY, 100, False)
        self._drawings = QTemporaryDir()
        self._families = tuple(dict.fromkeys((*fonts.load(), *app.font().families())))
        app.setStyle(QStyleFactory.create("Fusion"))
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._follow)
        hints.accessibility().contrastPreferenceChanged.connect(self._follow)

    def set(self, theme: Theme, density: Density, font_scale: int, reduced_motion: bool) -> None:
        """Switch to a look; `font_scale` in percent."""
        self._wanted = (theme, density, font_scale, reduced_motion)
        hints = self._app.styleHints()
        if theme is Theme.SYSTEM:
            hints.unsetColorScheme()
        else:
            # Title bars and native dialogs are drawn by the system and should not be of the other kind.
            hints.setColorScheme(Qt.ColorScheme.Light if theme is Theme.LIGHT else Qt.ColorScheme.Dark)
        self._follow()

    def _follow(self) -> None:
        theme, density, percent, reduced = self._wanted
        scale = min(tokens.LARGEST, max(tokens.SMALLEST, percent / 100))
        look = Look(_resolved(self._app, theme), density, scale, self._families, reduced or _still(self._app))
        if look == _Current.look and self._app.styleSheet():
            return
        _Current.look = look
        self._app.setPalette(_palette(look))
        self._app.setFont(look.font())
        self._app.setStyleSheet(_sheet(look, Path(self._drawings.path())))
        self.changed.emit()


def _resolved(app: QApplication, theme: Theme) -> Theme:
    if theme is not Theme.SYSTEM:
        return theme
    hints = app.styleHints()
    if hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast:
        return Theme.CONTRAST
    return Theme.LIGHT if hints.colorScheme() == Qt.ColorScheme.Light else Theme.DARK


def _still(app: QApplication) -> bool:
    """Whether the system asks for no animation; Qt tells it by taking away the effects that it draws itself."""
    return (
        not app.isEffectEnabled(Qt.UIEffect.UI_General)
        and not app.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)
        and (app.platformName() not in ("offscreen", "minimal"))
    )


def _palette(look: Look) -> QPalette:
    role, group, tone = QPalette.ColorRole, QPalette.ColorGroup, look.colours
    roles = {
        role.Window: tone.background,
        role.WindowText: tone.text,
        role.Base: tone.field,
        role.AlternateBase: tone.surface,
        role.Text: tone.text,
        role.Button: tone.card,
        role.ButtonText: tone.text,
        role.BrightText: tone.danger,
        role.Highlight: tone.selection,
        role.HighlightedText: tone.on_selection,
        role.ToolTipBase: tone.raised,
        role.ToolTipText: tone.text,
        role.Link: tone.accent,
        role.LinkVisited: tone.accent,
        role.PlaceholderText: tone.tertiary,
        role.Accent: tone.accent,
        role.Light: tone.border,
        role.Midlight: tone.hover,
        role.Mid: tone.outline,
        role.Dark: tone.outline,
        role.Shadow: tone.background,
    }
    palette = QPalette()
    for name, value in roles.items():
        palette.setColor(name, QColor(value))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(group.Disabled, name, QColor(tone.disabled))
    return palette


def _sheet(look: Look, folder: Path) -> str:
    tone, size, measure = look.colours, look.sizes, look.measures
    control = measure.control
    box = round(18 * look.scale)
    values: dict[str, object] = {
        name: value for name, value in msgspec.structs.asdict(tone).items() if isinstance(value, str)
    }
    values |= {f"size_{name}": round(value) for name, value in msgspec.structs.asdict(size).items()}
    values |= {
        "control_inner": control - 2,
        "control_focus": control - 4,
        "tool_inner": max(24, measure.target) - 10,
        "arrow": round(14 * look.scale),
        "arrow_box": round(24 * look.scale),
        "box": box,
        "icon": measure.icon,
        "box_radius": (box + 2) // 2,
        "target": measure.target,
        "small_button": round(28 * look.scale),
        "menu_item": round(20 * look.scale),
        "chip": measure.chip,
        "chip_radius": measure.chip // 2,
        "badge_radius": round(size.chip * 0.5),
        "pill": max(20, measure.chip - 2),
        "pill_radius": max(24, measure.chip + 2) // 2,
        "icon_down": _drawn(folder, "chevron-down", tone.secondary),
        "icon_up": _drawn(folder, "chevron-up", tone.secondary),
        "icon_left": _drawn(folder, "chevron-left", tone.secondary),
        "icon_right": _drawn(folder, "chevron-right", tone.secondary),
        "icon_left_off": _drawn(folder, "chevron-left", tone.disabled),
        "icon_right_off": _drawn(folder, "chevron-right", tone.disabled),
        **{
            f"icon_{side}_on": _drawn(folder, f"chevron-{side}", tone.on_selection)
            for side in ("left", "right", "down")
        },
        "icon_x": _drawn(folder, "x", tone.secondary),
        "icon_check": _drawn(folder, "check", tone.on_accent),
        "icon_minus": _drawn(folder, "minus", tone.on_accent),
        "icon_dot": _drawn(folder, "circle-dot", tone.on_accent),
    }
    values["chip_inner"] = measure.chip - 4
    values["size_figure"] = round(size.title * 1.75)
    paths = sorted(_SHEETS.glob("*.qss"), key=lambda path: (path.name != _FIRST, path.name))
    sheets = [path.read_text(encoding="utf-8") for path in paths]
    return Template("\n".join(sheets)).substitute(values)


def _drawn(folder: Path, name: str, tint: str) -> str:
    """A recoloured drawing as a file: style sheets can show nothing else."""
    path = folder / f"{name}-{tint[1:]}.svg"
    if not path.exists():
        source = (_ICONS / f"{name}.svg").read_text(encoding="utf-8")
        path.write_text(source.replace("currentColor", tint), encoding="utf-8")
    return path.as_posix()


def appearance(app: QApplication) -> Appearance:
    """The one Appearance of an application, made at the first call."""
    found = app.findChild(Appearance, "appearance")
    return found if isinstance(found, Appearance) else Appearance(app)


def apply(
    app: QApplication,
    theme: Theme = Theme.SYSTEM,
    density: Density = Density.COSY,
    font_scale: int = 100,
    reduced_motion: bool = False,
) -> Look:
    """Put a look in force, live, and return it; `font_scale` in percent, 80 to 200."""
    appearance(app).set(theme, density, font_scale, reduced_motion)
    return current()
