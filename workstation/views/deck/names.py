"""What a column is called on the screen."""

from workstation.i18n import _, render
from workstation.services.columns import ColumnSpec
from workstation.services.presets import BY_ID
from workstation.views import masking


def named(spec: ColumnSpec) -> str:
    """A column's name in the language spoken now: its own, else that of its preset, else its filter."""
    preset = BY_ID.get(spec.preset)
    if spec.title:
        return masking.text(spec.title)
    return render(preset.title) if preset is not None else masking.text(spec.filter) or _("Everything")
