"""Drafts: what an agent has typed and not yet sent, journalled so that it survives a crash."""

import msgspec

from workstation.domain.messages import Micros, Visibility


class Draft(msgspec.Struct, frozen=True, gc=False):
    """An unsent text of one composer; `caret` counts characters."""

    text: str
    language: str = ""
    visibility: Visibility = Visibility.PUBLIC
    family: int = 0
    """Template family it was started from; 0 for none."""
    caret: int = 0
    updated_at: Micros = 0
    spoiler: str = ""
    """Content warning."""
