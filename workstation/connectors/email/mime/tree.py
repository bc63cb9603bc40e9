"""The parts of a mail out of its bytes, numbered as IMAP numbers them; never recursive, capped."""

import re

import msgspec

from workstation.connectors.email.mime.headers import Head, parameterised, split
from workstation.net.plain import one_line

DEPTH_CAP = 24
PARTS_CAP = 300
TYPE = re.compile(r"[a-z0-9!#$&^_.+-]+/[a-z0-9!#$&^_.+-]+\Z")
GUESSED = re.compile(rb"(?:\A|\r\n|\n|\r)--([^\s-][^\r\n]{3,198}?)[ \t]*(?:\r\n|\n|\r)")
"""A line that looks like a boundary where none is named."""
GUESS_WITHIN = 64 << 10


class Node(msgspec.Struct):
    """A part. `body` are its bytes as transferred, None where they were not fetched; `size` counts them."""

    section: str
    head: Head
    kind: str
    parameters: dict[str, str] = {}
    encoding: str = ""
    disposition: str = ""
    name: str = ""
    body: bytes | None = b""
    size: int = 0
    children: list["Node"] = []
    content_id: str = ""
    cut: bool = False
    """Not all of the body is here."""

    @property
    def multipart(self) -> bool:
        """Whether it has parts."""
        return self.kind.startswith("multipart/")


def tree(raw: bytes, start: int = 0) -> Node:
    """A whole mail."""
    return _Builder(raw).build(start)


class _Builder:
    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._count = 0

    def build(self, start: int) -> Node:
        root, body = self._node("", start, len(self._raw), "text/plain")
        waiting = [(root, body, len(self._raw), 0)]
        while waiting:
            node, body, end, depth = waiting.pop()
            if not node.multipart:
                node.section = node.section or "1"
                continue
            spans = spans_of(self._raw, node.parameters.get("boundary", ""), body, end)
            if not spans or depth >= DEPTH_CAP:
                # Announced as parts, but there are none: what is there is shown as it is.
                node.kind = "text/plain" if node.size and depth < DEPTH_CAP else "application/octet-stream"
                node.section = node.section or "1"
                continue
            node.body = None
            usual = "message/rfc822" if node.kind == "multipart/digest" else "text/plain"
            prefix = f"{node.section}." if node.section else ""
            children: list[Node] = []
            for index, (first, last) in enumerate(spans[: max(0, PARTS_CAP - self._count)], 1):
                child, inner = self._node(f"{prefix}{index}", first, last, usual)
                children.append(child)
                waiting.append((child, inner, last, depth + 1))
            node.children = children
        return root

    def _node(self, section: str, start: int, end: int, usual: str) -> tuple[Node, int]:
        """A part between two places, and where its body begins."""
        self._count += 1
        head, body = split(self._raw, start, end)
        if not head.fields and self._raw[start:body].strip():
            body = start  # a part without a head whose empty line was forgotten
        kind, parameters = content_type(head, usual)
        disposition, given = parameterised(head.raw("content-disposition"))
        node = Node(
            section,
            head,
            kind,
            parameters,
            head.plain("content-transfer-encoding").partition(";")[0].strip().lower(),
            disposition,
            file_name(given, parameters),
            self._raw[body:end],
            end - body,
            content_id=head.plain("content-id").strip("<> "),
        )
        return node, body


def spans_of(raw: bytes, boundary: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the parts between boundaries begin and end; a boundary that is not there is guessed."""
    found = _between(raw, boundary.encode("utf-8", "surrogateescape"), start, end) if boundary else []
    if found:
        return found
    guessed = GUESSED.search(raw, start, min(end, start + GUESS_WITHIN))
    return _between(raw, guessed[1].rstrip(b"-"), start, end) if guessed else []


def _between(raw: bytes, boundary: bytes, start: int, end: int) -> list[tuple[int, int]]:
    boundary = boundary.rstrip()
    if not boundary:
        return []
    line = re.compile(rb"(?:\r\n|\n|\r|\A)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r\n|\n|\r|\Z)")
    found: list[tuple[int, int]] = []
    opened = -1
    # A body may begin with its boundary; the end of the line before belongs to the head then.
    at = max(0, start - 2)
    for mark in line.finditer(raw, at, end):
        if mark.start() < start and mark.end() <= start:
            continue
        if opened >= 0:
            found.append((opened, max(opened, mark.start())))
        opened = mark.end()
        for step in (b"\r\n", b"\n", b"\r"):
            if raw.startswith(step, opened):
                opened += len(step)
                break
        if mark[1] is not None:
            return found
        if len(found) > PARTS_CAP:
            return found
    if opened >= 0 and opened < end:
        found.append((opened, end))
    return found


def content_type(head: Head, usual: str) -> tuple[str, dict[str, str]]:
    """The kind of a part and its parameters. Of several fields the first multipart with a boundary counts."""
    found = [parameterised(value) for value in head.all("content-type")]
    chosen = next((item for item in found if item[0].startswith("multipart/") and item[1].get("boundary")), None)
    kind, parameters = chosen or (found[0] if found else (usual, {}))
    if TYPE.match(kind) is None:
        kind = {"text": "text/plain", "html": "text/html", "": usual}.get(kind, "application/octet-stream")
        if kind == "application/octet-stream" and not parameters.get("name"):
            kind = usual
    return kind, parameters


def file_name(disposition: dict[str, str], parameters: dict[str, str]) -> str:
    """What a part is called: one line, no folders."""
    name = disposition.get("filename") or parameters.get("name") or ""
    return re.split(r"[/\\]", one_line(name, 180))[-1].strip(". ") if name else ""
