"""The scenario: our own texts for each language, read from resources/practice."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "practice"
KINDS = ("praise", "question", "complaint", "spam", "chatter", "direct")
ANSWERS = ("thanks", "followup", "angry")
INCIDENTS = ("crisis_payment", "crisis_stove")
OTHERS = ("report", "edit", "alt")


@dataclass(frozen=True, slots=True)
class Language:
    """What people say in one language, and what they are called."""

    code: str
    family_first: bool
    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]
    cities: tuple[str, ...]
    texts: dict[str, tuple[str, ...]]

    def name(self, number: int) -> tuple[str, str]:
        """Return the display name and the user name of the nth person."""
        given = self.given[number % len(self.given)]
        family = self.family[number // len(self.given) % len(self.family)]
        joint = "" if self.code in ("ja", "zh") and self.family_first else " "
        shown = (family[0], given[0]) if self.family_first else (given[0], family[0])
        turn = number // (len(self.given) * len(self.family))
        return joint.join(shown), f"{given[1]}_{family[1]}{turn + 1 if turn else ''}"


@lru_cache(maxsize=32)
def language(code: str) -> Language:
    """Read one language's file."""
    data = tomllib.loads((FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    return Language(
        code=code,
        family_first=bool(data.get("family_first", False)),
        given=tuple((shown, plain) for shown, plain in data["given"]),
        family=tuple((shown, plain) for shown, plain in data["family"]),
        cities=tuple(data["cities"]),
        texts={kind: tuple(texts) for kind, texts in data["texts"].items()},
    )
