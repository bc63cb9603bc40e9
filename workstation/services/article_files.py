"""Articles from a folder of Markdown, plain text and HTML files: only their text is kept, whatever they contain.

Nothing is loaded, run or followed: no pictures, no scripts, no links out of the folder. The head of a file may say more
(``---`` lines around ``title:``, ``source:``, ``language:``, ``updated:``).
"""

import os
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from selectolax.lexbor import LexborHTMLParser, LexborNode

from workstation.domain.knowledge import Article
from workstation.domain.messages import Micros
from workstation.domain.text import N_, LazyText, lazy
from workstation.net.plain import capped, harmless, one_line

MARKDOWN = (".md", ".markdown")
HTML = (".html", ".htm")
SUFFIXES = (*MARKDOWN, ".txt", *HTML)
LARGEST = 1_000_000
"""Bytes of one file."""
MOST = 5_000
"""Files of one folder."""
TEXT_CAP = 100_000
"""Characters of an article that are kept."""
DEEPEST = 12
_STEPS = 100_000
_HEAD = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_FIELD = re.compile(r"^([A-Za-z_-]{1,40}):[ \t]*(.*)$", re.MULTILINE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_LANGUAGE_NAME = re.compile(r"\.([a-z]{2}(?:-[A-Za-z]{2,4})?)$")
_GAPS = re.compile(r"\n{3,}")
_DROPPED = [
    "script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "nav", "form", "head",
]  # fmt: skip
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "footer",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "summary", "table",
    "tr", "ul",
})  # fmt: skip


class Refused(msgspec.Struct, frozen=True):
    """A file that was left out, and why."""

    path: str
    why: LazyText


class Reading(msgspec.Struct, frozen=True):
    """What a folder holds."""

    articles: tuple[Article, ...]
    refused: tuple[Refused, ...] = ()


def read_folder(folder: Path, shelf: str) -> Reading:
    """Every article of a folder and the folders in it; blocks, so call it in a thread. OSError if it cannot be read.

    Links to other places are not followed.
    """
    articles: list[Article] = []
    refused: list[Refused] = []
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if len(articles) >= MOST:
            refused.append(Refused(name, lazy(N_("There are more than {count} files."), count=MOST)))
            break
        try:
            made = _read(path, name, shelf)
        except OSError as error:
            refused.append(Refused(name, lazy(N_("It cannot be read: {why}"), why=error.strerror or "")))
            continue
        if isinstance(made, Article):
            articles.append(made)
        else:
            refused.append(Refused(name, made))
    return Reading(tuple(articles), tuple(refused))


def _files(folder: Path, depth: int = 0) -> Iterator[Path]:
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith(".") or entry.is_symlink():
            continue
        if entry.is_dir(follow_symlinks=False):
            if depth < DEEPEST:
                yield from _files(Path(entry.path), depth + 1)
        elif entry.name.lower().endswith(SUFFIXES):
            yield Path(entry.path)


def _read(path: Path, name: str, shelf: str) -> Article | LazyText:
    with path.open("rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        return lazy(N_("It is larger than {count} MB."), count=LARGEST // 1_000_000)
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        return lazy(N_("This is not UTF-8 text. Save the file as UTF-8."))
    article = article_of(text, name, shelf, int(path.stat().st_mtime) * 1_000_000)
    return article if article.text else lazy(N_("There is no text in it."))


def article_of(text: str, name: str, shelf: str, changed_at: Micros) -> Article:
    """An article from a file's text; `name` is its path inside the folder, `changed_at` what the disk says."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    about: dict[str, str] = {}
    head = _HEAD.match(text)
    if head is not None:
        about = {key.lower(): value.strip().strip("\"'") for key, value in _FIELD.findall(head[1])}
        text = text[head.end() :]
    lowered = name.lower()
    if lowered.endswith(HTML):
        title, body, found = _from_html(text)
        about = found | about
    elif lowered.endswith(MARKDOWN):
        title, body = _from_markdown(text)
    else:
        title, body = _from_plain(text)
    body = capped(_GAPS.sub("\n\n", harmless(body)).strip(), TEXT_CAP)
    stem = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    title = about.get("title") or title or stem
    return Article(
        0, shelf, name, one_line(title), body, _link(about), _language(about, name, stem), _updated(about, changed_at)
    )


def _from_plain(text: str) -> tuple[str, str]:
    """The first line is the title if a blank line follows it."""
    first, _, rest = text.strip().partition("\n")
    if len(first) <= 120 and rest.strip() and not rest.split("\n", 1)[0].strip():
        return first, rest
    return "", text


def _link(about: dict[str, str]) -> str:
    given = next((about[name] for name in ("source", "link", "url") if about.get(name)), "")
    try:
        parts = urlsplit(given)
    except ValueError:
        return ""
    return given if parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", given) else ""


def _language(about: dict[str, str], name: str, stem: str) -> str:
    given = about.get("language") or about.get("lang") or ""
    if not given:
        hit = _LANGUAGE_NAME.search(stem)
        folder = name.split("/", 1)[0] if "/" in name else ""
        given = hit[1] if hit else folder if re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", folder) else ""
    return given if _LANGUAGE.fullmatch(given) else ""


def _updated(about: dict[str, str], changed_at: Micros) -> Micros:
    given = about.get("updated") or about.get("date") or ""
    try:
        at = datetime.fromisoformat(given)
        return int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1_000_000)
    except (ValueError, OverflowError, OSError):
        return changed_at


# -- Markdown ----------------------------------------------------------------------------------------------------------

_MARKS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"<!--.*?-->", re.DOTALL), ""),
    (re.compile(r"!\[([^\]\n]{0,200})\]\([^()\n]{0,2000}\)"), r"\1"),
    (re.compile(r"\[([^\]\n]{1,400})\]\((https?://[^()\s]{1,2000})(?:\s+\"[^\"\n]*\")?\)"), r"\1 (\2)"),
    (re.compile(r"\[([^\]\n]{1,400})\]\([^()\n]{0,2000}\)"), r"\1"),
    (re.compile(r"<(https?://[^<>\s]{1,2000})>"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>\n]{0,2000}>"), ""),
    (re.compile(r"^\s{0,3}(?:```|~~~).*$", re.MULTILINE), ""),
    (re.compile(r"^\s{0,3}#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^\s{0,3}(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"^(\s*)[*+-][ \t]+", re.MULTILINE), r"\1• "),
    (re.compile(r"^\s{0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"(\*\*|__)(?=\S)(.{1,400}?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])([*_])(?=\S)([^*_\n]{1,400}?)(?<=\S)\1(?![\w*])"), r"\2"),
    (re.compile(r"`([^`\n]{1,400})`"), r"\1"),
)
_TITLE = re.compile(r"^\s{0,3}#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)


def _from_markdown(text: str) -> tuple[str, str]:
    found = _TITLE.search(text)
    title = found[1] if found else ""
    if found and not text[: found.start()].strip():
        text = text[found.end() :]
    for pattern, kept in _MARKS:
        text = pattern.sub(kept, text)
        title = pattern.sub(kept, title)
    return title, text


# -- HTML --------------------------------------------------------------------------------------------------------------


def _from_html(text: str) -> tuple[str, str, dict[str, str]]:
    page = LexborHTMLParser(text)
    about = _facts(page)
    heading = page.css_first("h1")
    title = " ".join((heading.text() if heading is not None else about.get("page", "")).split())
    if heading is not None:
        heading.decompose()
    page.strip_tags(_DROPPED)
    body = page.css_first("main") or page.css_first("article") or page.body
    return title, _text_of(body) if body is not None else "", about


def _facts(page: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    root, named = page.root, page.css_first("title")
    if root is not None:
        found["language"] = str(root.attributes.get("lang") or "")
    if named is not None:
        found["page"] = named.text()
    for node in page.css("link[rel=canonical]"):
        found["source"] = str(node.attributes.get("href") or "")
    for node in page.css("meta"):
        name = str(node.attributes.get("name") or node.attributes.get("property") or "").lower()
        if name in ("article:modified_time", "last-modified", "date"):
            found["updated"] = str(node.attributes.get("content") or "")
    return {name: value for name, value in found.items() if value}


def _text_of(body: LexborNode) -> str:
    out: list[str] = []
    for step, node in enumerate(body.traverse(include_text=True)):
        if step > _STEPS:
            break
        tag = node.tag
        if tag == "-text":
            words = " ".join((node.text_content or "").split())
            if words:
                glue = "" if not out or out[-1][-1:] in "\n " or words[0] in ".,;:!?)" else " "
                out.append(glue + words)
        elif tag == "br":
            out.append("\n")
        elif tag == "li":
            out.append("\n• ")
        elif tag in _BLOCKS:
            out.append("\n\n" if tag not in ("tr", "dd", "dt") else "\n")
    return "\n".join(line.strip() for line in "".join(out).replace("• \n\n", "• ").split("\n"))
