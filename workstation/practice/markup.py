"""Plain text as people type it, turned into the HTML that the API carries; and its length as the API counts it."""

import re
import unicodedata
from collections.abc import Callable
from html import escape

from workstation.practice.model import Account

URL_LENGTH = 23
_TOKENS = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)])"
    r"|(?<![\w/])@(?P<user>[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*)(?:@(?P<domain>[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9]))?"
    r"|(?<![\w&/])#(?P<tag>\w*[^\W\d]\w*)"
)
_JOINED = ("\u200d", "\ufe0e", "\ufe0f")

Resolve = Callable[[str, str], Account | None]


def mentioned(text: str, resolve: Resolve) -> tuple[Account, ...]:
    """Return the accounts named in a text, each once, in order."""
    found: dict[int, Account] = {}
    if "@" in text:
        for match in _TOKENS.finditer(text):
            if match["user"]:
                account = resolve(match["user"], match["domain"] or "")
                if account is not None:
                    found.setdefault(account.id, account)
    return tuple(found.values())


def hashtags(text: str) -> tuple[str, ...]:
    """Return the hashtags of a text in lower case, each once, in order."""
    if "#" not in text:
        return ()
    return tuple(dict.fromkeys(match["tag"].lower() for match in _TOKENS.finditer(text) if match["tag"]))


def length(text: str) -> int:
    """Count characters as the API does: an address is 23, a mention's domain is free, marks join their base."""

    def shortened(match: re.Match[str]) -> str:
        if match["url"]:
            return "x" * URL_LENGTH
        return f"@{match['user']}" if match["user"] else match[0]

    plain = _TOKENS.sub(shortened, text)
    if plain.isascii():
        return len(plain)
    count, joined = 0, False
    for character in plain:
        if character in _JOINED or unicodedata.category(character) in ("Mn", "Me") or "🏻" <= character <= "🏿":
            joined = character == "\u200d"
            continue
        count += not joined
        joined = False
    return count


def to_html(text: str, resolve: Resolve, base_url: str) -> str:
    """Render a text: paragraphs, line breaks, links, mentions and hashtags; everything else is escaped."""
    pieces: list[str] = []
    place = 0
    for match in _TOKENS.finditer(text):
        markup = _token(match, resolve, base_url)
        if markup:
            pieces += (escape(text[place : match.start()]), markup)
            place = match.end()
    pieces.append(escape(text[place:]))
    paragraphs = "".join(pieces).strip("\n").split("\n\n")
    return "".join(f"<p>{paragraph.replace(chr(10), '<br />')}</p>" for paragraph in paragraphs)


def account_url(account: Account, base_url: str) -> str:
    """Return the address of an account's page."""
    home = f"https://{account.domain}" if account.domain else base_url
    return f"{home}/@{account.username}"


def _token(match: re.Match[str], resolve: Resolve, base_url: str) -> str:
    if match["url"]:
        scheme, rest = match["url"].split("://", 1)
        return (
            f'<a href="{escape(match["url"])}" target="_blank" rel="nofollow noopener" translate="no">'
            f'<span class="invisible">{scheme}://</span><span class="">{escape(rest)}</span></a>'
        )
    if match["tag"]:
        tag = match["tag"]
        return (
            f'<a href="{base_url}/tags/{tag.lower()}" class="mention hashtag" rel="tag">#<span>{escape(tag)}</span></a>'
        )
    account = resolve(match["user"], match["domain"] or "")
    if account is None:
        return ""
    return (
        f'<span class="h-card" translate="no"><a href="{account_url(account, base_url)}" class="u-url mention">'
        f"@<span>{account.username}</span></a></span>"
    )
