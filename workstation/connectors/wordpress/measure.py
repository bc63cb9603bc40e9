"""How long the site counts an answer to be: the bytes that it keeps."""

from html import escape

from workstation.domain.channels import Length, LengthUnit

LIMIT = 65_525
"""Bytes of a comment, `wp_get_comment_fields_max_lengths` in WordPress."""


def markup(text: str) -> str:
    """The text as the site takes it: comments are HTML in which lines count."""
    return escape(text.strip().replace("\r\n", "\n"), quote=False)


def measure(text: str) -> Length:
    """Bytes of the text as it is sent."""
    return Length(len(markup(text).encode(errors="replace")), LIMIT, LengthUnit.BYTES)
