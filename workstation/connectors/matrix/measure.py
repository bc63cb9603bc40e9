"""Length as a homeserver counts it: bytes of a whole event as JSON, at most 65,536; pure, for every keystroke."""

import msgspec

from workstation.domain.channels import Length, LengthUnit
from workstation.domain.outbox import Act, Operation

ENVELOPE = 4_096
"""Bytes kept for what a server puts around a text: ids, up to 20 parents, hashes, signatures, relations."""
TEXT_CAP = 65_536 - ENVELOPE
"""Bytes of a text at most, escapes of JSON included."""
_plain = msgspec.json.Encoder()


def used(text: str) -> int:
    """Bytes of a text within an event, without its quotation marks."""
    return len(_plain.encode(text.encode("utf-8", "replace").decode())) - 2 if text else 0


def measure(operation: Operation) -> Length:
    """How long a text is to the server; an edit says it twice, for clients that know of no edits."""
    size = used(operation.text)
    return Length(size * 2 if operation.act is Act.EDIT else size, TEXT_CAP, LengthUnit.BYTES)
