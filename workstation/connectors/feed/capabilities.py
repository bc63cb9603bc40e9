"""What a feed can do: it is read, and that is all; pure."""

from workstation.domain.channels import Capabilities, Idempotency, Offer, Resume
from workstation.domain.outbox import Act
from workstation.domain.text import N_, lazy

NO_ANSWER = N_("A feed cannot be answered; open the page.")


def capabilities(server: str) -> Capabilities:
    """All of it. What falls off the end of a feed before it is read is not there any more: hence the horizon."""
    reason = lazy(NO_ANSWER)
    return Capabilities(
        transport=("poll",),
        resume=Resume.HORIZON,
        idempotency=Idempotency.NONE,
        offers=(Offer(Act.REPLY, lazy(N_("Reply")), available=False, reason=reason),),
        edits="poll",
        deletions="none",
        server=server,
    )
