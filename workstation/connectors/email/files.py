"""The bytes of attachments out of a mail; pure."""

from workstation.connectors.email.mime.content import content, text, uudecoded
from workstation.connectors.email.mime.headers import head
from workstation.connectors.email.mime.mail import unwrapped
from workstation.connectors.email.mime.tree import Node, content_type, tree
from workstation.domain.errors import GoneError


def part_of(raw: bytes, section: str) -> tuple[str, bytes]:
    """The type and the bytes of a part of a whole mail; GoneError where there is no such part."""
    waiting = [tree(unwrapped(raw))]
    while waiting:
        node = waiting.pop()
        if node.section == section and not node.multipart:
            return node.kind, content(node)
        if f"{node.section}!" == section:  # packed into the text itself
            return "application/octet-stream", uudecoded(text(node).encode("latin-1", "replace"))
        waiting += node.children
    raise GoneError


def unpacked(fields: bytes, raw: bytes) -> tuple[str, bytes]:
    """The type and the bytes of a part that was fetched with the fields before it."""
    known = head(fields)
    kind, _ = content_type(known, "text/plain")
    encoding = known.plain("content-transfer-encoding").partition(";")[0].strip().lower()
    return kind, content(Node("", known, kind, encoding=encoding, body=raw))
