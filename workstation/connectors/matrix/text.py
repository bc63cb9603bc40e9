"""What a Matrix event says, as plain text: formatted bodies, quotes of what is answered, media, polls, places."""

import re

from workstation.connectors.matrix import names, unpack
from workstation.domain.messages import Media, MediaKind
from workstation.net.markup import HTML_CAP, tidy, to_text
from workstation.net.plain import capped, one_line

HTML = "org.matrix.custom.html"
RAW_CAP = 200_000
"""Characters of a body that are looked at: far more than are kept."""
FALLBACK = re.compile(r"(?:> ?[^\n]*\n)+\n?")
ANSWERED = re.compile(r"^> ?(?:\* )?<(@[^\s<>]{1,254})>")
KINDS = {"m.image": MediaKind.IMAGE, "m.video": MediaKind.VIDEO, "m.audio": MediaKind.AUDIO, "m.file": MediaKind.OTHER}
POLL_STARTS = {"m.poll.start", "org.matrix.msc3381.poll.start"}
OPTIONS = 50


def body(content: unpack.Values) -> str:
    """The text of a message's content, what it answers as lines that begin with "> "; may be empty."""
    plain = unpack.text(content, "body")[:RAW_CAP]
    html = unpack.text(content, "formatted_body")[:HTML_CAP] if unpack.text(content, "format") == HTML else ""
    if not html:
        return capped(tidy(plain))
    quote, own = split_reply(html)
    said = to_text(own, relabel=pill)
    if not quote:
        return said or capped(tidy(plain))
    quoted = FALLBACK.match(plain)
    before = tidy(quoted[0]) if quoted else to_text(quote, relabel=pill)
    return capped(f"{before}\n\n{said}".strip())


def split_reply(html: str) -> tuple[str, str]:
    """What a formatted body quotes of the message it answers, and the rest."""
    lower = html.lower()
    start, end = lower.find("<mx-reply"), lower.find("</mx-reply>")
    if not 0 <= start < end:
        return "", html
    end += len("</mx-reply>")
    return html[start:end], html[:start] + html[end:]


def pill(href: str, label: str) -> str | None:
    """How a link to a person or a room is shown: by its name alone."""
    named = names.linked(href)
    if not named:
        return None
    if named.startswith("@"):
        return f"@{label.removeprefix('@') or names.handle(named)}"
    return label or named


def pills(content: unpack.Values) -> list[str]:
    """Ids of people that a formatted body links to, outside of what it quotes."""
    html = unpack.text(content, "formatted_body")[:HTML_CAP]
    if "matrix.to" not in html and "matrix:u/" not in html:
        return []
    links = re.findall(r"""\bhref\s*=\s*["']([^"'<>]{1,600})["']""", split_reply(html)[1])
    return [named for named in map(names.linked, links) if named.startswith("@")]


def answered(content: unpack.Values) -> str:
    """Whom an older client says it answers, in the first line that it quotes; empty where it says nothing."""
    found = ANSWERED.match(unpack.text(content, "body")[:600])
    return found[1] if found else ""


def unquoted(content: unpack.Values) -> str:
    """The body without what it quotes."""
    said = unpack.text(content, "body")[:RAW_CAP]
    quoted = FALLBACK.match(said)
    return said[quoted.end() :] if quoted else said


def caption(content: unpack.Values) -> str:
    """What is said of a file: its caption, or else its name."""
    return body(content) or one_line(unpack.text(content, "filename"))


def media(content: unpack.Values, kind: MediaKind) -> tuple[Media, ...]:
    """The file of a message; none where it has no address that can be asked for."""
    url = unpack.text(content, "url")
    if not names.media_parts(url)[0]:
        return ()
    info = unpack.values(content, "info")
    preview = unpack.text(info, "thumbnail_url")
    if not names.media_parts(preview)[0]:
        preview = url if kind is MediaKind.IMAGE else ""
    said = one_line(unpack.text(content, "body"))
    name = one_line(unpack.text(content, "filename")) or said or url.rpartition("/")[2]
    size = (max(0, unpack.number(info, key)) for key in ("w", "h", "size"))
    width, height, total = size
    return (Media(kind, url, preview, said if said != name else "", width, height, "", name, total),)


def place(content: unpack.Values) -> str:
    """A location: what it is called and its coordinates."""
    return "\n".join(filter(None, (body(content), one_line(unpack.text(content, "geo_uri")))))


def poll(content: unpack.Values) -> str:
    """A poll: its question and the choices."""
    start = unpack.values(content, "m.poll") or unpack.values(content, "m.poll.start")
    start = start or unpack.values(content, "org.matrix.msc3381.poll.start")
    choices = [_said(answer) for answer in unpack.items(start, "answers")[:OPTIONS]]
    lines = [_said(start.get("question")), *(f"○ {choice}" for choice in choices if choice)]
    said = "\n".join(filter(None, lines))
    return said or _said(content)


def _said(found: object) -> str:
    """The text of an extensible event's part."""
    for key in ("m.text", "org.matrix.msc1767.text"):
        if said := unpack.text(found, key):
            return one_line(said, 500)
        for each in unpack.items(found, key):
            if unpack.text(each, "mimetype") in {"", "text/plain"} and (said := unpack.text(each, "body")):
                return one_line(said, 500)
    return one_line(unpack.text(found, "body"), 500)
