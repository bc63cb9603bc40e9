"""What one person prefers on this desk: a TOML file in the profile, told to whoever watches when it changes."""

import contextlib
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

from workstation.domain.calendars import DEFAULT
from workstation.domain.providers import ProviderConfig
from workstation.services import tomlfile
from workstation.services.clock import SECOND
from workstation.services.observers import Observers


class Theme(StrEnum):
    """Colours of the window."""

    SYSTEM = "system"
    DARK = "dark"
    LIGHT = "light"
    CONTRAST = "contrast"


class Density(StrEnum):
    """Space around what a card shows."""

    COMPACT = "compact"
    COSY = "cosy"
    COMFORTABLE = "comfortable"


FONT_SCALES = (80, 200)
UNDO_SECONDS = (0, 60)
BREAK_MINUTES = (0, 240)
MEDIA_LOOKS = ("plain", "grey", "blur", "hidden")
SECOND_LOOK_MINUTES = (1, 240)
LATE_MINUTES = (1, 24 * 60)


class Preferences(msgspec.Struct, frozen=True):
    """The preferences with their defaults; unknown keys of a newer version are kept in the file."""

    theme: Theme = Theme.SYSTEM
    density: Density = Density.COSY
    font_scale: int = 100
    """Percent, 80 to 200."""
    locale: str = ""
    """BCP 47; empty follows the system."""
    digits: str = "auto"
    """"auto" as the locale has them, "latin" or "native"."""
    keys: dict[str, tuple[str, ...]] = {}
    """Keys by action id where they differ from the defaults."""
    load_media: bool = False
    """Show thumbnails without a click."""
    second_look_minutes: int = 10
    """How long one's own words rest before one may approve them oneself, where approval is agreed upon."""
    undo_seconds: int = 10
    """How long a reply waits in the outbox, 0 to 60."""
    team_language: str = "en"
    """Template language when the customer's has no variant."""
    writes: str = ""
    """Language that the agent writes in (BCP 47); empty for the team's."""
    spoken: tuple[str, ...] = ()
    """Languages that customers write in, at most 24 (BCP 47): the language of a post is one of these; empty for any."""
    reads: tuple[str, ...] = ()
    """Further languages that the agent reads: what is written in them is not translated."""
    two_sides: bool = True
    """Show the agent's language beside the customer's where these differ."""
    translated_channels: tuple[int, ...] = ()
    """Channels whose messages in other languages are given to the translation provider without being asked."""
    reduced_motion: bool = False
    announce: bool = True
    """Tell screen readers of new messages."""
    quiet_until: int = 0
    """No notifications before this time (microseconds UTC); 0: none are held back."""
    urgent_breaks: bool = False
    """Urgent notifications come all the same."""
    alert_texts: bool = False
    """Notifications may show what strangers wrote."""
    signature: str = ""
    """What the agent signs with, where a template asks for it; it is never exported."""
    beside: str = ""
    """What is unfolded beside the reply: "guideline", "articles" or nothing."""
    late_minutes: int = 15
    """How late a planned post may be sent without asking, 1 to 1440."""
    zones: tuple[str, ...] = ()
    """Time zones whose clocks are shown beside a planned time."""
    shifts: tuple[str, ...] = (DEFAULT,)
    """Parts of the day that are worked, such as "09:00-17:00"."""
    shift_days: tuple[int, ...] = ()
    """Days that are worked, 0 is Monday; empty follows the working week of the locale's region."""
    reply_keeps_promise: bool = False
    """An answer that leaves after a promise was made keeps it; otherwise the agent is asked."""
    escalation_addresses: tuple[str, ...] = ()
    """People inside who may be asked, such as "Billing <billing@example.com>"."""
    media_look: str = "plain"
    """How strangers' pictures look: "plain", "grey", "blur" or "hidden"."""
    hide_gore: bool = False
    """Pictures marked as violent are not shown without being asked for twice."""
    muted_words: tuple[str, ...] = ()
    """Words covered wherever strangers' words are shown; ``*`` stands for more letters."""
    count_exposure: bool = False
    """Count what was looked at, for the one who looked; never stored."""
    break_minutes: int = 0
    """Remind of a break after so many minutes of work, 0 to 240; 0: never."""
    spelling: bool = True
    """Mark words that the installed dictionaries do not know."""
    dictionary_folders: tuple[str, ...] = ()
    """Further folders with hunspell dictionaries."""
    extensions: tuple[str, ...] = ()
    """Connectors of installed packages that the user has enabled."""
    translator: ProviderConfig = ProviderConfig()
    """The provider of translations; without one no text is sent to any."""
    translators: tuple[str, ...] = ()
    """Providers of installed packages that the user has enabled."""


def _sound(preferences: Preferences) -> Preferences:
    low, high = FONT_SCALES
    shortest, longest = UNDO_SECONDS
    return msgspec.structs.replace(
        preferences,
        font_scale=min(high, max(low, preferences.font_scale)),
        undo_seconds=min(longest, max(shortest, preferences.undo_seconds)),
        break_minutes=min(BREAK_MINUTES[1], max(BREAK_MINUTES[0], preferences.break_minutes)),
        media_look=preferences.media_look if preferences.media_look in MEDIA_LOOKS else MEDIA_LOOKS[0],
        second_look_minutes=min(SECOND_LOOK_MINUTES[1], max(SECOND_LOOK_MINUTES[0], preferences.second_look_minutes)),
        late_minutes=min(LATE_MINUTES[1], max(LATE_MINUTES[0], preferences.late_minutes)),
    )


def _read(table: dict[str, Any]) -> Preferences:
    preferences = Preferences()
    for name in Preferences.__struct_fields__:
        if name in table:
            # One wrong value must not cost a person all the others.
            with contextlib.suppress(msgspec.ValidationError):
                candidate = msgspec.to_builtins(preferences) | {name: table[name]}
                preferences = msgspec.convert(candidate, Preferences)
    return _sound(preferences)


class Settings:
    """The preferences in force; `change` writes them down and tells the watchers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._table = tomlfile.read(path)
        self._observers: Observers[Preferences] = Observers()
        self.now = _read(self._table)

    @property
    def undo_micros(self) -> int:
        """How long a reply can be taken back, in microseconds."""
        return self.now.undo_seconds * SECOND

    def subscribe(self, callback: Callable[[Preferences], None]) -> Callable[[], None]:
        """Call `callback` after each change; returns what ends it."""
        return self._observers.subscribe(callback)

    def change(self, **values: Any) -> Preferences:
        """Change some preferences. msgspec.ValidationError names one of a wrong type."""
        unknown = set(values) - set(Preferences.__struct_fields__)
        if unknown:
            raise TypeError(f"no such preference: {', '.join(sorted(unknown))}")
        candidate = msgspec.to_builtins(self.now) | msgspec.to_builtins(values)
        self.now = _sound(msgspec.convert(candidate, Preferences))
        self._table |= msgspec.to_builtins(self.now)
        tomlfile.write(self._path, self._table)
        self._observers.tell(self.now)
        return self.now
