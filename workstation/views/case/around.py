"""What surrounds a case, read together: other cases of the person, links, the question inside, the known issue."""

from typing import TYPE_CHECKING

import msgspec

from workstation.domain.cases import Case, Entry
from workstation.domain.ties import Escalation, Issue, Tie
from workstation.services.casebook import Casebook

if TYPE_CHECKING:
    from workstation.services.issues import Issues


class Around(msgspec.Struct, frozen=True):
    """Data for the head of a case; nothing in it is stored with the case itself."""

    others: tuple[Case, ...] = ()
    """Other open cases of the same person."""
    ties: tuple[Tie, ...] = ()
    linked: tuple[Entry, ...] = ()
    """The faces of the linked cases."""
    escalation: Escalation | None = None
    issue: Issue | None = None


NOTHING = Around()


async def look_around(casebook: Casebook, issues: "Issues | None", case: Case | None) -> Around:
    """Read what surrounds a case; nothing for none."""
    if case is None:
        return NOTHING
    ties = await casebook.ties(case.id)
    return Around(
        others=await casebook.others(case.id),
        ties=ties,
        linked=await casebook.faces(dict.fromkeys(tie.beyond(case.id) for tie in ties)) if ties else (),
        escalation=await casebook.escalation(case.id) if case.escalated_at else None,
        issue=await issues.get(case.issue) if case.issue and issues is not None else None,
    )
