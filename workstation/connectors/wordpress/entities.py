"""What the REST API sends, as far as it is read: unknown fields are left out, odd ones become empty."""

from typing import Annotated

import msgspec

Number = Annotated[int, msgspec.Meta(ge=0, le=(1 << 63) - 1)]


class Text(msgspec.Struct, frozen=True):
    """A text as it is shown, and as it was written where the account may see that."""

    rendered: str = ""
    raw: str | None = None


class Comment(msgspec.Struct, frozen=True):
    """A comment; `author` is 0 for visitors. Dates are without a zone: the site's, and UTC."""

    id: Annotated[int, msgspec.Meta(ge=1, le=(1 << 63) - 1)]
    content: Text
    post: Number | None = 0
    parent: Number | None = 0
    author: Number | None = 0
    author_name: str | None = ""
    author_email: str | None = ""
    author_ip: str | None = ""
    author_user_agent: str | None = ""
    date: str | None = ""
    date_gmt: str | None = ""
    link: str | None = ""
    status: str | None = "approved"
    type: str | None = "comment"
    author_avatar_urls: object = None
    links: object = msgspec.field(name="_links", default=None)

    def __repr__(self) -> str:
        return f"Comment({self.id})"


class Named(msgspec.Struct, frozen=True):
    """Only the id of something that could not be read."""

    id: int = 0


class Article(msgspec.Struct, frozen=True):
    """What comments are below."""

    id: int
    title: Text | None = None


class Me(msgspec.Struct, frozen=True):
    """Whom we are signed in as."""

    id: int = 0
    name: str | None = ""
    slug: str | None = ""
    username: str | None = ""
    link: str | None = ""
    capabilities: dict[str, object] | None = None
    avatar_urls: object = None


class Index(msgspec.Struct, frozen=True):
    """What the root of the API says of the site."""

    namespaces: list[str]
    name: str | None = ""
    home: str | None = ""
    gmt_offset: object = None


def largest(urls: object) -> str:
    """The largest of some avatars by size; empty where there is none."""
    if not isinstance(urls, dict):
        return ""
    sizes = {int(size): url for size, url in urls.items() if str(size).isdecimal() and len(str(size)) < 6}
    found = sizes.get(96) or next((sizes[size] for size in sorted(sizes, reverse=True)), "")
    return found if isinstance(found, str) and found.startswith(("https://", "http://")) else ""
