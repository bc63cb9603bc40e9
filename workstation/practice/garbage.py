"""Answers and events that no honest server would send, to see that they are survived."""

from collections.abc import Callable
from typing import Any

import msgspec

from workstation.practice.frames import websocket_text

VARIANTS = (
    "truncated",
    "wrong_types",
    "huge",
    "deep",
    "bidi",
    "zalgo",
    "javascript",
    "markup",
    "html_page",
    "empty",
)
HUGE = 10 << 20
DEPTH = 1_000
ZALGO = (
    "Y\u0336\u0321\u0317o\u0335\u0316\u0348u\u0337\u0329"
    " w\u0334\u031c\u0353i\u0338\u0322l\u0335\u0319l\u0336\u0325"
    " r\u0337\u0347e\u0335\u0330p\u0338\u031fl\u0334\u032dy\u0336\u033b"
)
TEXTS = {
    "bidi": "Refund approved \u202egnihton rof yap\u202c \u2066\u2067hidden\u2069 order \u200f12345\u200e",
    "zalgo": ZALGO + "\u0300\u0301\u0302\u0303\u0304" * 60,
    "javascript": (
        '<p>See <a href="javascript:alert(document.domain)">the offer</a> or '
        '<a href="JaVaScRiPt&#58;alert(1)">this</a> or <a href="data:text/html,<script>alert(1)</script>">that</a></p>'
    ),
    "markup": (
        '<p>Hello<script>alert(1)</script><img src="https://tracker.practice.invalid/pixel.png" onerror="alert(1)">'
        '<iframe src="https://practice.invalid"></iframe><style>*{display:none}</style><svg onload="alert(1)"/></p>'
    ),
}
_PAGE = b"<!doctype html><title>502 Bad Gateway</title><h1>502 Bad Gateway</h1><p>practice proxy</p>"


def html(variant: str) -> str:
    """Return the content of a hostile post."""
    if variant == "huge":
        return f"<p>{'A very long story. ' * (HUGE // 19)}</p>"
    if variant == "deep":
        return "<div>" * DEPTH + "deep" + "</div>" * DEPTH
    return TEXTS.get(variant, TEXTS["markup"])


def spoil(variant: str, body: bytes) -> bytes:
    """Return a JSON answer made bad; of a list only the first item, so that its neighbours must survive."""
    if variant == "truncated":
        return body[: max(1, len(body) * 2 // 3)]
    if variant in ("html_page", "empty"):
        return _PAGE if variant == "html_page" else b""
    value = msgspec.json.decode(body)
    first = value[0] if isinstance(value, list) and value else value
    if isinstance(first, dict):
        _CHANGES.get(variant, _content(variant))(first)
    encoded = msgspec.json.encode(value)
    deep = b"[" * DEPTH + b"]" * DEPTH
    return encoded.replace(b'"practice-deep"', deep, 1) if variant == "deep" else encoded


def event(variant: str, websocket: bool) -> bytes:
    """Return a bad live event in the framing of its transport."""
    body = {
        "truncated": b'{"stream":["user"],"event":"update","payload":"{\\"id\\":\\"1',
        "wrong_types": b'{"stream":7,"event":["update"],"payload":{"id":[],"account":"nobody"}}',
        "huge": b'{"stream":["user"],"event":"update","payload":"' + b"A" * HUGE + b'"}',
        "deep": b'{"stream":["user"],"event":"update","payload":' + b"[" * DEPTH + b"]" * DEPTH + b"}",
        "html_page": _PAGE,
        "empty": b"{}",
    }.get(variant)
    if body is None:
        status = msgspec.json.encode({"id": "1", "content": html(variant), "account": None}).decode()
        body = msgspec.json.encode({"stream": ["user"], "event": "update", "payload": status})
    if websocket:
        return websocket_text(body)
    return b"event: update\ndata: " + body.replace(b"\n", b" ") + b"\n\n"


def _wrong_types(item: dict[str, Any]) -> None:
    item.update({"id": {"not": "an id"}, "created_at": 12, "account": None, "mentions": "none", "content": ["text"]})


def _deep(item: dict[str, Any]) -> None:
    item["card"] = "practice-deep"


def _content(variant: str) -> Callable[[dict[str, Any]], None]:
    def change(item: dict[str, Any]) -> None:
        target = item["status"] if isinstance(item.get("status"), dict) else item
        target["content"] = html(variant)
        if isinstance(target.get("account"), dict) and variant in ("bidi", "zalgo"):
            target["account"]["display_name"] = TEXTS[variant]

    return change


_CHANGES: dict[str, Callable[[dict[str, Any]], None]] = {"wrong_types": _wrong_types, "deep": _deep}
