"""What a line for calls, letters and talks is before it is opened. Cheap to import."""

from typing import TYPE_CHECKING

from workstation.domain.channels import Capabilities, Idempotency, Manifest, Offer, Resume, Scope
from workstation.domain.messages import Visibility
from workstation.domain.outbox import Act
from workstation.domain.text import N_, lazy

if TYPE_CHECKING:
    from workstation.connectors.base import Connector

KIND = "logged"
BY_HAND = N_("Answer by phone, letter or in person, then note here what was said.")

MANIFEST = Manifest(
    kind=KIND,
    title=N_("Phone & post"),
    summary=lazy(N_("Phone calls, letters and talks at the counter, noted by hand as cases.")),
    network="logged",
    fields=(),
    badge="☎",
    colour="#4B6A2C",
    sign_in=(),
)


def typical() -> Capabilities:
    """Nothing leaves by it; what was said is noted."""
    return Capabilities(
        transport=("by hand",),
        resume=Resume.NONE,
        idempotency=Idempotency.NONE,
        offers=(
            Offer(Act.REPLY, lazy(N_("Reply")), Scope.OTHERS, available=False, reason=lazy(BY_HAND)),
            Offer(Act.POST, lazy(N_("Post")), available=False, reason=lazy(BY_HAND)),
        ),
        edits="none",
        deletions="none",
        visibilities=(Visibility.DIRECT,),
        server="-",
    )


def connector() -> "Connector":
    """The connector itself, imported when a channel of this kind is first used."""
    from workstation.connectors.logged.channel import LoggedConnector

    return LoggedConnector()
