"""What a mail says, in one text, and the files that came with it: walks the parts, never deep, never twice."""

import re
from itertools import islice

import msgspec

from workstation.connectors.email.mime import content
from workstation.connectors.email.mime.addresses import sender
from workstation.connectors.email.mime.flowed import unflowed
from workstation.connectors.email.mime.headers import Head, split
from workstation.connectors.email.mime.quotes import marked
from workstation.connectors.email.mime.tree import Node
from workstation.net.html import readable, tidy
from workstation.net.plain import TEXT_CAP, one_line

FILES_CAP = 100
SOURCE_CAP = 1_000_000
"""Characters of one part that are looked at."""
TEXTS_CAP = 3 * TEXT_CAP
"""Characters that are looked through for quotations."""
NEVER_FILES = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
SMIME = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
ARMOUR = re.compile(r"^-----BEGIN PGP MESSAGE-----$.*?(?:^-----END PGP MESSAGE-----$|\Z)", re.MULTILINE | re.DOTALL)
SIGNED = re.compile(r"\A\s*-----BEGIN PGP SIGNED MESSAGE-----\n(?:[A-Za-z-]+:.*\n)*\n?", re.MULTILINE)
SIGNATURE = re.compile(
    r"^-----BEGIN PGP SIGNATURE-----$.*?(?:^-----END PGP SIGNATURE-----$|\Z)", re.MULTILINE | re.DOTALL
)
POOR = 240
"""Characters of a plain version that may only be a remark that the other one is meant."""
REPORTED = re.compile(r"^(final-recipient|action|status|diagnostic-code):\s*(.*)", re.IGNORECASE)
INVITED = re.compile(r"^(SUMMARY|DTSTART|DTEND|LOCATION|ORGANIZER)(?:;[^:\n]*)?:(.*)", re.MULTILINE)


ESCAPED = re.compile(r"\\([\\;,])")


class File(msgspec.Struct, frozen=True):
    """Something attached: where it is in the mail, what it is called, its type, its bytes (about)."""

    section: str
    name: str
    kind: str
    size: int


class Said(msgspec.Struct):
    """What was found in the parts."""

    texts: list[str] = []
    files: list[File] = []
    encrypted: bool = False
    """Some or all of it cannot be read here."""
    cut: bool = False


def said(root: Node, *, forwarded: bool) -> Said:
    """Walk the parts of a mail."""
    walk = _Walk()
    walk.visit(root)
    found = walk.said
    text = tidy("\n\n".join(piece for piece in found.texts if piece.strip()))[:TEXTS_CAP]
    found.texts = [marked(text, forwarded=forwarded)]
    return found


class _Walk:
    def __init__(self) -> None:
        self.said = Said()

    def visit(self, node: Node) -> None:
        """One part; the tree is capped in depth where it was built."""
        kind = node.kind
        if kind == "multipart/encrypted":
            self.said.encrypted = True
        elif kind == "multipart/alternative":
            self._alternative(node)
        elif kind == "multipart/related":
            self._related(node)
        elif kind == "multipart/report":
            self._report(node)
        elif kind == "multipart/signed":
            for child in node.children[:1]:
                self.visit(child)
            for child in node.children[1:]:
                if child.kind not in NEVER_FILES:
                    self.visit(child)
        elif node.multipart:
            for child in node.children:
                self.visit(child)
        else:
            self._leaf(node)

    def _leaf(self, node: Node) -> None:
        if node.kind in SMIME:
            if "certs-only" not in node.parameters.get("smime-type", ""):
                self.said.encrypted = True
            return
        if node.kind in NEVER_FILES:
            return
        shown = node.kind in {"text/plain", "text/html", "text/enriched", "text/richtext", "text/markdown"}
        if shown and node.disposition != "attachment" and not (node.name and node.disposition):
            self._text(node)
        else:
            self._file(node)

    def _text(self, node: Node) -> None:
        if node.body is None:
            self.said.cut = True
            return
        text = rendered(node)
        self.said.cut = self.said.cut or node.cut
        if node.kind == "text/plain":
            text = self._without_armour(text)
            text = self._without_packed(text, node)
        self.said.texts.append(text)

    def _without_armour(self, text: str) -> str:
        if "-----BEGIN PGP" not in text:
            return text
        opened = ARMOUR.sub("", text)
        if opened != text:
            self.said.encrypted = True
        if SIGNED.match(opened):
            opened = re.sub(r"^- (?=-)", "", SIGNED.sub("", opened), flags=re.MULTILINE)
        return SIGNATURE.sub("", opened)

    def _without_packed(self, text: str, node: Node) -> str:
        """Files packed into the text itself, as was done before MIME."""
        if "begin" not in text or node.body is None:
            return text
        raw = text.encode("utf-8", "surrogateescape")
        begun = content.BEGIN.search(raw)
        ended = content.UU_END.search(raw, begun.end()) if begun else None
        if begun is None or ended is None:
            return text
        name = one_line(begun[1].decode("utf-8", "replace"), 180)
        self._listed(File(f"{node.section}!", name, "application/octet-stream", ended.start() - begun.end()))
        return (raw[: begun.start()] + raw[ended.end() :]).decode("utf-8", "surrogateescape")

    def _file(self, node: Node) -> None:
        name = node.name
        if node.kind in {"message/rfc822", "message/global"} and not name:
            name = f"{_subject_of(node) or 'message'}.eml"
        elif node.kind == "text/calendar" and not name:
            name = "invite.ics"
        elif node.kind in {"application/ms-tnef", "application/vnd.ms-tnef"} and not name:
            name = "winmail.dat"
        if not name:
            name = f"part-{node.section}{_ending(node.kind)}"
        size = node.size * 3 // 4 if node.encoding == "base64" else node.size
        self._listed(File(node.section, name, node.kind, size))

    def _listed(self, file: File) -> None:
        if len(self.said.files) < FILES_CAP:
            self.said.files.append(file)

    def _alternative(self, node: Node) -> None:
        """The version that reads best: the plain one unless it only says that there is another."""
        walks = []
        for child in node.children:
            walk = _Walk()
            walk.visit(child)
            walks.append((child, walk.said))
        best = _best(walks)
        for child, found in walks:
            self.said.encrypted = self.said.encrypted or found.encrypted
            if child is best:
                self.said.texts += found.texts
                self.said.cut = self.said.cut or found.cut
            for file in found.files:
                if file.kind != "text/calendar" or file.name not in {item.name for item in self.said.files}:
                    self._listed(file)
        if best is None:
            self.said.texts += [_invitation(child) for child in node.children if child.kind == "text/calendar"]

    def _related(self, node: Node) -> None:
        start = node.parameters.get("start", "").strip("<> ")
        first = next((child for child in node.children if start and child.content_id == start), None)
        first = first or next(iter(node.children), None)
        for child in node.children:
            if child is first or child.multipart:
                self.visit(child)
            elif child.kind not in NEVER_FILES:
                self._file(child)

    def _report(self, node: Node) -> None:
        told = [child for child in node.children if not child.kind.startswith("message/")]
        for child in told:
            self.visit(child)
        for child in node.children:
            if child.kind in {"message/delivery-status", "message/disposition-notification"}:
                self.said.texts.append(_told(child))
            elif child.kind.startswith("message/"):
                self._file(child)


def _best(walks: list[tuple[Node, Said]]) -> Node | None:
    filled = [(child, "\n".join(found.texts).strip()) for child, found in walks]
    filled = [(child, text) for child, text in filled if text]
    plain = next(((child, text) for child, text in filled if child.kind == "text/plain"), None)
    rich = next(((child, text) for child, text in reversed(filled) if child.kind != "text/plain"), None)
    if plain is None or rich is None:
        found = plain or rich
        return found[0] if found else None
    meagre = len(plain[1]) < POOR and len(rich[1]) > 4 * len(plain[1])
    looks_rich = plain[1][:200].lstrip().lower().startswith(("<html", "<!doctype", "<body", "<div"))
    return rich[0] if meagre or looks_rich else plain[0]


def rendered(node: Node) -> str:
    """The text of a part as it is read."""
    text = content.text(node)[:SOURCE_CAP]
    if node.kind == "text/html":
        return readable(text)
    if node.kind in {"text/enriched", "text/richtext"}:
        return re.sub(r"<[^<>]{1,100}>", "", text.replace("<<", "\0")).replace("\0", "<")
    if text[:300].lstrip().lower().startswith(("<!doctype html", "<html")):
        return readable(text)
    if node.parameters.get("format", "").lower() == "flowed":
        text = unflowed(text, delsp=node.parameters.get("delsp", "").lower() == "yes")
    return text


def _head_of(node: Node) -> Head:
    """The head of an attached mail, which some programs pack though they must not."""
    return split(content.content(node).lstrip(b"\r\n"))[0]


def _subject_of(node: Node) -> str:
    named = re.sub(r"[/\\:*?\"<>|]+", " ", one_line(_head_of(node).text("subject"), 80))
    return " ".join(named.split()).strip(" .")


def _ending(kind: str) -> str:
    ending = kind.rpartition("/")[2]
    known = {"jpeg": ".jpg", "plain": ".txt", "octet-stream": ".bin", "calendar": ".ics", "rfc822": ".eml"}
    return known.get(ending) or (f".{ending}" if re.fullmatch(r"[a-z0-9]{2,5}", ending) else "")


def _told(node: Node) -> str:
    """The lines of a delivery report that people understand."""
    lines = content.text(node)[:20_000].split("\n")
    return "\n".join(f"{found[1]}: {one_line(found[2], 400)}" for line in lines if (found := REPORTED.match(line)))


def _invitation(node: Node) -> str:
    text = re.sub(r"\n[ \t]", "", content.text(node)[:50_000])
    found = ((line[1].title(), ESCAPED.sub(r"\1", line[2].replace("\\n", " "))) for line in INVITED.finditer(text))
    return "\n".join(f"{name}: {one_line(value, 300)}" for name, value in islice(found, 8))


def otherwise(node: Node) -> str:
    """What a part says that is shown as a file, for a mail that says nothing else; may be empty."""
    if node.body is None:
        return ""
    if node.kind == "text/calendar":
        return _invitation(node)
    return _inner(node) if node.kind in {"message/rfc822", "message/global"} else ""


def _inner(node: Node) -> str:
    """The beginning of an attached mail, quoted."""
    head = _head_of(node)
    author = sender(head.raw("from"))
    if not head.fields:
        return ""
    return f"> {author.name or author.address}: {one_line(head.text('subject'), 300)}"
