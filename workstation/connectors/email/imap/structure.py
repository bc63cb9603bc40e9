"""BODYSTRUCTURE: the parts of a mail as the server sees them, with the numbers to ask for them; pure."""

from collections.abc import Iterator

import msgspec

from workstation.connectors.email.imap.answers import number, text
from workstation.connectors.email.imap.tokens import Value

DEPTH_CAP = 24
PARTS_CAP = 300


class Part(msgspec.Struct, frozen=True):
    """One part. `section` is its IMAP number such as `1.2`; `size` is in bytes as transferred."""

    section: str
    kind: str
    """MIME type in lower case, such as `text/plain`."""
    parameters: dict[str, bytes] = {}
    encoding: str = "7bit"
    size: int = 0
    disposition: str = ""
    disposition_parameters: dict[str, bytes] = {}
    content_id: str = ""
    children: "tuple[Part, ...]" = ()


def parts(value: Value) -> Part | None:
    """The tree that a server tells; None where it cannot be read."""
    if not isinstance(value, list) or not value:
        return None
    return _Reader().part(value, "", 0)


def leaves(part: Part) -> Iterator[Part]:
    """All parts that are no multipart, in order."""
    if not part.kind.startswith("multipart/"):
        yield part
        return
    for child in part.children:
        yield from leaves(child)


class _Reader:
    def __init__(self) -> None:
        self._count = 0

    def part(self, value: list[Value], section: str, depth: int) -> Part | None:
        self._count += 1
        if depth > DEPTH_CAP or self._count > PARTS_CAP or not value:
            return None
        if isinstance(value[0], list):
            return self._multipart(value, section, depth)
        return self._single(value, section or "1", depth)

    def _multipart(self, value: list[Value], section: str, depth: int) -> Part:
        inner = [item for item in value if isinstance(item, list)]
        count = next((index for index, item in enumerate(value) if not isinstance(item, list)), len(value))
        children: list[Part] = []
        for index, item in enumerate(inner[:count], 1):
            child = self.part(item, f"{section}.{index}" if section else str(index), depth + 1)
            if child is not None:
                children.append(child)
        rest = value[count:]
        subtype = text(rest[0]).lower() if rest else "mixed"
        disposition, given = _disposition(_at(rest, 2))
        return Part(
            section,
            f"multipart/{subtype}",
            _parameters(_at(rest, 1)),
            disposition=disposition,
            disposition_parameters=given,
            children=tuple(children),
        )

    def _single(self, value: list[Value], section: str, depth: int) -> Part:
        kind = f"{text(_at(value, 0)).lower()}/{text(_at(value, 1)).lower()}"
        after = 7
        if kind.startswith("text/"):
            after = 8
        children: tuple[Part, ...] = ()
        if kind == "message/rfc822" and isinstance(_at(value, 8), list):
            after = 10
            body = value[8]
            if isinstance(body, list) and body:
                # A message's own multipart is not counted: its parts continue the number.
                inner = self.part(body, section if isinstance(body[0], list) else f"{section}.1", depth + 1)
                children = (inner,) if inner is not None else ()
        disposition, given = _disposition(_at(value, after + 1))
        return Part(
            section,
            kind,
            _parameters(_at(value, 2)),
            text(_at(value, 5)).lower() or "7bit",
            number(_at(value, 6)),
            disposition,
            given,
            text(_at(value, 3)).strip("<> "),
            children,
        )


def _at(value: list[Value], index: int) -> Value:
    return value[index] if index < len(value) else None


def _parameters(value: Value) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    if isinstance(value, list):
        for name, given in zip(value[::2], value[1::2], strict=False):
            found.setdefault(text(name).lower(), given if isinstance(given, bytes) else text(given).encode())
    return found


def _disposition(value: Value) -> tuple[str, dict[str, bytes]]:
    if not isinstance(value, list) or not value:
        return "", {}
    return text(value[0]).lower(), _parameters(_at(value, 1))
