"""Items of a page that nests too deep for the decoder: brackets are counted instead of descended into."""

import re

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{},:]', re.DOTALL)
LISTS = frozenset({b'"notifications"', b'"feed"', b'"posts"', b'"events"'})
CURSOR = re.compile(rb'"cursor"\s*:\s*"((?:[^"\\]|\\.)*)"')


def items(body: bytes) -> tuple[list[bytes], str] | None:
    """The items of the list in an object and its cursor; None where the body is not whole."""
    found: list[bytes] = []
    outside: list[bytes] = []
    depth, start, resume = 0, 0, 0
    key, listing = b"", False
    for token in TOKEN.finditer(body):
        sign = token[0]
        if sign[:1] == b'"':
            key = sign if depth == 1 else key
        elif sign in (b"[", b"{"):
            depth += 1
            if depth == 2 and sign == b"[" and key in LISTS and not found:
                listing, start = True, token.end()
                outside.append(body[resume:start])
        elif sign in (b"]", b"}"):
            if depth == 2 and listing:
                last = body[start : token.start()].strip()
                found += [last] if last else []
                listing, resume = False, token.start()
            depth -= 1
        elif sign == b"," and depth == 2 and listing:
            found.append(body[start : token.start()].strip())
            start = token.end()
    if depth or not outside:
        return None
    outside.append(body[resume:])
    named = CURSOR.search(b"".join(outside))
    return found, named[1].decode("utf-8", "replace") if named else ""
