"""Drafts: what an agent has typed and not yet sent, journalled so that it survives a crash."""

import msgspec

from workstation.domain.messages import Micros, Visibility
from workstation.domain.templates import Formality
from workstation.domain.translation import Provenance


class Written(msgspec.Struct, frozen=True, gc=False):
    """The agent's own words, beside the text in the customer's language that says the same.

    `provenance` tells who made that text of them (HUMAN or MACHINE), `stale` that they were changed after it.
    """

    text: str = ""
    language: str = ""
    caret: int = 0
    provenance: Provenance = Provenance.HUMAN
    stale: bool = False
    formality: Formality = Formality.NEUTRAL
    shown: bool = True
    """Whether both sides are on the screen; otherwise these words are only kept."""


class Draft(msgspec.Struct, frozen=True, gc=False):
    """An unsent text of one composer, as it would be sent; `caret` counts characters."""

    text: str
    language: str = ""
    visibility: Visibility = Visibility.PUBLIC
    family: int = 0
    """Template family it was started from; 0 for none."""
    caret: int = 0
    updated_at: Micros = 0
    spoiler: str = ""
    """Content warning."""
    written: Written | None = None
    """None where the agent writes the text itself."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not self.text and (self.written is None or not self.written.text)
