"""What is remembered between languages: sentences that were sent, the words a team agreed on, how a reply is signed."""

from enum import StrEnum

import msgspec

from workstation.domain.messages import Micros


class Segment(msgspec.Struct, frozen=True, gc=False):
    """A sentence and how it was said in another language; what is personal in both is masked.

    Languages are BCP 47. Texts hold slots such as ``⟦1⟧``: the same number stands for the same thing on both sides.
    """

    source_language: str
    target_language: str
    source: str
    target: str
    uses: int = 1
    used_at: Micros = 0
    id: int = 0


class Sent(msgspec.Struct, frozen=True):
    """What was sent, as the two editors had it. `names` are of people: they are masked before anything is kept."""

    source_language: str
    target_language: str
    source: str
    target: str
    names: tuple[str, ...] = ()


class Suggestion(msgspec.Struct, frozen=True):
    """A target for what is being written. Positions are characters of `text`."""

    text: str
    source: str
    """What it was the translation of, filled like the target, so that the two sources can be compared."""
    score: int
    """Per cent of likeness, 70 to 100."""
    exact: bool = False
    """The same sentence; slots may differ, and are in `adapted`."""
    completes: bool = False
    """Its source begins with what is being written."""
    adapted: tuple[tuple[int, int], ...] = ()
    """Numbers, names, addresses that were put in from what is being written: to be shown, and looked at."""
    blanks: tuple[tuple[int, int], ...] = ()
    """Placeholders for what is not known: Send is off until they are filled."""
    languages: tuple[str, str] = ("", "")
    """In which it was remembered: perhaps of another region."""
    uses: int = 1
    used_at: Micros = 0


class Term(msgspec.Struct, frozen=True, gc=False):
    """A word that a team agreed on. Without a target it is left as it is in every language (do not translate)."""

    source_language: str
    """BCP 47; "" for every language."""
    target_language: str
    """BCP 47; "" for every language."""
    source: str
    target: str = ""
    note: str = ""
    forbidden: tuple[str, ...] = ()
    """How it must not be said in the target language."""
    id: int = 0

    @property
    def kept(self) -> bool:
        """Whether it is left as it is."""
        return not self.target


class SignOff(StrEnum):
    """What stands under a reply."""

    NONE = "none"
    TEAM = "team"
    """The team's name."""
    AGENT = "agent"
    """A name that the agent chooses."""


class SignOffPolicy(msgspec.Struct, frozen=True):
    """How replies of a channel are signed."""

    channel: int
    kind: SignOff = SignOff.NONE
    text: str = ""
    """The team's name; not used by the other kinds."""
