"""Design tokens: every colour, measure and type size of the desk, once. No Qt, so that they can be tested.

A colour is `#RRGGBB`. `TEXT_PAIRS` and `PART_PAIRS` list which colour is drawn on which; a test computes WCAG 2.2
contrast for all of them in all themes, so a pair that is used but not listed there is a fault.
"""

import msgspec

from workstation.services.settings import FONT_SCALES, Density, Theme


class Colours(msgspec.Struct, frozen=True):
    """The colours of one theme. `*_soft` are the quiet backgrounds of chips and notices, opaque."""

    background: str
    surface: str
    card: str
    card_hover: str
    selected: str
    field: str
    raised: str
    """Menus, tooltips, dialogs."""
    border: str
    """Hairlines that only decorate."""
    outline: str
    """Edges that show where a control is: 3:1 on what it stands on."""
    text: str
    secondary: str
    tertiary: str
    disabled: str
    accent: str
    accent_hover: str
    accent_soft: str
    on_accent: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    danger: str
    danger_soft: str
    on_danger: str
    neutral_soft: str
    hover: str
    pressed: str
    focus: str
    scroll: str
    selection: str
    """Behind selected text and the current row of a list."""
    on_selection: str
    practice: str
    practice_soft: str
    on_practice: str
    avatars: tuple[tuple[str, str], ...]
    """Background and initials, by author."""
    charts: tuple[str, ...]
    """Colour-blind safe; lines also differ by dash and marker."""


DARK = Colours(
    background="#0F1419",
    surface="#171D24",
    card="#1E252D",
    card_hover="#232C35",
    selected="#1B3350",
    field="#12181E",
    raised="#1E252D",
    border="#2E3842",
    outline="#6E7C8A",
    text="#E8EDF2",
    secondary="#A9B4BF",
    tertiary="#95A1AD",
    disabled="#66717C",
    accent="#4DA3FF",
    accent_hover="#6CB3FF",
    accent_soft="#1A3552",
    on_accent="#06131F",
    ok="#4CC38A",
    ok_soft="#1C3A30",
    warn="#F2B84B",
    warn_soft="#3D3320",
    danger="#FF7B72",
    danger_soft="#43272B",
    on_danger="#1B0706",
    neutral_soft="#2A333D",
    hover="#26303A",
    pressed="#303C48",
    focus="#8CC4FF",
    scroll="#6E7C8A",
    selection="#24548A",
    on_selection="#FFFFFF",
    practice="#D29BFF",
    practice_soft="#38264B",
    on_practice="#1A0B29",
    avatars=(
        ("#532741", "#FFD3E6"),
        ("#1F4068", "#CFE4FF"),
        ("#1D4A33", "#C9F2DA"),
        ("#4A3A1B", "#FBE3AE"),
        ("#3E2C5E", "#E2D2FF"),
        ("#174A4C", "#C2F1F2"),
        ("#5A2C24", "#FFD8CE"),
        ("#3A434D", "#E3E9EF"),
    ),
    charts=("#65DECF", "#FF4BFF", "#E63BA9", "#B8DD5D", "#859500", "#36A173"),
)

LIGHT = Colours(
    background="#EEF1F4",
    surface="#F7F9FB",
    card="#FFFFFF",
    card_hover="#F6FAFF",
    selected="#E3F0FF",
    field="#FFFFFF",
    raised="#FFFFFF",
    border="#D9DFE5",
    outline="#7A8794",
    text="#17202A",
    secondary="#4A5663",
    tertiary="#5E6B78",
    disabled="#8A949E",
    accent="#0B62C4",
    accent_hover="#0A57AE",
    accent_soft="#D5E7FB",
    on_accent="#FFFFFF",
    ok="#1A7346",
    ok_soft="#D9EFE3",
    warn="#8A5A00",
    warn_soft="#F7E8CB",
    danger="#B3261E",
    danger_soft="#FADFDC",
    on_danger="#FFFFFF",
    neutral_soft="#E9EDF1",
    hover="#E6EBF0",
    pressed="#D8DFE6",
    focus="#0B62C4",
    scroll="#7A8794",
    selection="#0B62C4",
    on_selection="#FFFFFF",
    practice="#7A2BB8",
    practice_soft="#F0E2FB",
    on_practice="#FFFFFF",
    avatars=(
        ("#F9CFDF", "#6B1238"),
        ("#C7DDFB", "#123F75"),
        ("#C6EBD3", "#10492A"),
        ("#F7E2B0", "#594000"),
        ("#DFD2F8", "#44247F"),
        ("#C3E9EA", "#0D4A4C"),
        ("#FAD5CA", "#6E2413"),
        ("#DDE2E8", "#333D48"),
    ),
    charts=("#737AF2", "#0000DA", "#D9427A", "#36480C", "#64264B", "#8C8200"),
)

CONTRAST = Colours(
    background="#000000",
    surface="#000000",
    card="#000000",
    card_hover="#141414",
    selected="#00204D",
    field="#000000",
    raised="#000000",
    border="#FFFFFF",
    outline="#FFFFFF",
    text="#FFFFFF",
    secondary="#FFFFFF",
    tertiary="#E6E6E6",
    disabled="#A6A6A6",
    accent="#FFFF00",
    accent_hover="#FFFF80",
    accent_soft="#333300",
    on_accent="#000000",
    ok="#5CFF9D",
    ok_soft="#00290F",
    warn="#FFD24D",
    warn_soft="#2E2300",
    danger="#FF9C96",
    danger_soft="#330A07",
    on_danger="#000000",
    neutral_soft="#1F1F1F",
    hover="#262626",
    pressed="#3D3D3D",
    focus="#FFFF00",
    scroll="#FFFFFF",
    selection="#FFFF00",
    on_selection="#000000",
    practice="#F0B3FF",
    practice_soft="#2B0038",
    on_practice="#000000",
    avatars=(
        ("#3D0A24", "#FFFFFF"),
        ("#001F4D", "#FFFFFF"),
        ("#00290F", "#FFFFFF"),
        ("#2E2300", "#FFFFFF"),
        ("#240B4D", "#FFFFFF"),
        ("#00292B", "#FFFFFF"),
        ("#3D1205", "#FFFFFF"),
        ("#262626", "#FFFFFF"),
    ),
    charts=("#65DECF", "#FF8CFF", "#FF6FC3", "#B8DD5D", "#FFD24D", "#FFFFFF"),
)

PALETTES: dict[Theme, Colours] = {Theme.DARK: DARK, Theme.LIGHT: LIGHT, Theme.CONTRAST: CONTRAST}

_SURFACES = ("background", "surface", "card", "raised")
_CARDS = ("card", "card_hover", "selected")
_SOFT = ("accent_soft", "ok_soft", "warn_soft", "danger_soft", "neutral_soft", "practice_soft")

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("text", "secondary", "tertiary") for ground in (*_SURFACES, *_CARDS, "field")),
    *((ink, ground) for ink in ("accent", "ok", "warn", "danger", "practice") for ground in (*_SURFACES, "selected")),
    *((ink, ground) for ink in ("text", "secondary") for ground in ("hover", "pressed")),
    *(("text", ground) for ground in _SOFT),
    *((ink, f"{ink}_soft") for ink in ("accent", "ok", "warn", "danger", "practice")),
    ("secondary", "neutral_soft"),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("on_danger", "danger"),
    ("on_practice", "practice"),
    ("on_selection", "selection"),
)
"""Text on ground: at least 4.5:1."""

PART_PAIRS: tuple[tuple[str, str], ...] = (
    *(("outline", ground) for ground in (*_SURFACES, "field")),
    *(("focus", ground) for ground in (*_SURFACES, *_CARDS, "field", "hover")),
    *(("scroll", ground) for ground in ("background", "surface", "card", "field", "raised")),
    *((ink, ground) for ink in ("ok", "warn", "danger", "accent") for ground in ("hover", "card_hover")),
    *((ink, ground) for ink in ("ok", "warn", "danger") for ground in _SOFT),
)
"""Parts of controls, icons and focus rings on ground: at least 3:1."""


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB` as WCAG 2.2 defines it, 0 to 1."""
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def readable_on(ground: str) -> str:
    """Black or white, whichever reads better on `ground`: for colours that we did not choose, such as a network's."""
    return "#000000" if contrast("#000000", ground) >= contrast("#FFFFFF", ground) else "#FFFFFF"


def failures(colours: Colours) -> list[str]:
    """Pairs under their bar, as readable lines; empty for a theme that may ship."""
    checks = [(ink, getattr(colours, ink), ground, getattr(colours, ground), 4.5) for ink, ground in TEXT_PAIRS]
    checks += [(ink, getattr(colours, ink), ground, getattr(colours, ground), 3.0) for ink, ground in PART_PAIRS]
    checks += [(f"initials {n}", ink, "avatar", ground, 4.5) for n, (ground, ink) in enumerate(colours.avatars)]
    for number, ink in enumerate(colours.charts):
        checks += [(f"chart {number}", ink, name, getattr(colours, name), 3.0) for name in ("surface", "card")]
    return [
        f"{ink} on {ground}: {contrast(front, back):.2f} < {bar}"
        for ink, front, ground, back, bar in checks
        if contrast(front, back) < bar
    ]


class Measures(msgspec.Struct, frozen=True):
    """Lengths in device-independent pixels; those that hold text grow with the font scale."""

    rail: int = 56
    top_bar: int = 50
    header: int = 52
    column: int = 300
    column_min: int = 240
    column_max: int = 720
    gap: int = 8
    radius_column: int = 12
    radius_card: int = 10
    radius_control: int = 8
    card_inset: int = 8
    card_gap: int = 8
    card_padding: int = 12
    avatar: int = 34
    badge: int = 14
    chip: int = 22
    holder: int = 22
    control: int = 34
    icon: int = 18
    target: int = 28
    ring: int = 2
    scroll_bar: int = 10


class Sizes(msgspec.Struct, frozen=True):
    """Type sizes in device-independent pixels."""

    title: float = 16
    heading: float = 14
    body: float = 13
    name: float = 13
    small: float = 12
    chip: float = 11.5
    translation: float = 12.5
    editor: float = 14
    initial: float = 14
    badge: float = 8.5


_FIXED = {
    "gap",
    "radius_column",
    "radius_card",
    "radius_control",
    "card_inset",
    "card_gap",
    "card_padding",
    "ring",
    "scroll_bar",
    "column_max",
}
_DENSITY: dict[Density, tuple[int, float, int]] = {
    Density.COMPACT: (10, 12, 30),
    Density.COSY: (12, 13, 34),
    Density.COMFORTABLE: (16, 14, 38),
}
SMALLEST, LARGEST = FONT_SCALES[0] / 100, FONT_SCALES[1] / 100
"""Bounds of the font scale."""


def measures(density: Density, scale: float) -> Measures:
    """Lengths for a density and a font scale (0.8 to 2)."""
    padding, _, control = _DENSITY[density]
    base = Measures(card_padding=padding, control=control)
    # Half the growth is enough for boxes that hold one line: text grows, air does not have to.
    values = {
        name: value if name in _FIXED else round(value * _growth(name, scale))
        for name, value in msgspec.structs.asdict(base).items()
    }
    values["target"] = max(24, values["target"])
    return Measures(**values)


def _growth(name: str, scale: float) -> float:
    if name in ("column", "column_min"):
        return 1 + (scale - 1) * 0.85 if scale > 1 else 1.0
    return scale


def sizes(density: Density, scale: float) -> Sizes:
    """Type sizes for a density and a font scale (0.8 to 2)."""
    step = _DENSITY[density][1] - 13
    base = Sizes()
    return Sizes(**{name: (size + step) * scale for name, size in msgspec.structs.asdict(base).items()})
