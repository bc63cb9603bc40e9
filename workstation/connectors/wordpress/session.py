"""One account on one site: finds the API, signs in, asks within the site's limits."""

from contextlib import suppress
from typing import TypeVar

import msgspec

from workstation.connectors.wordpress import api as requests
from workstation.connectors.wordpress import parse
from workstation.connectors.wordpress.answers import WordPressDialect
from workstation.connectors.wordpress.api import Api, Params
from workstation.connectors.wordpress.capabilities import Rights
from workstation.connectors.wordpress.directory import Directory
from workstation.connectors.wordpress.entities import Article, Comment, Index, Me
from workstation.domain.errors import (
    ChannelError,
    ConfigurationError,
    GoneError,
    InvalidError,
    PermissionDeniedError,
    ProtocolChangedError,
    UnsupportedError,
)
from workstation.domain.text import N_, lazy
from workstation.net import answers
from workstation.net.asking import Asker, Clock
from workstation.net.client import Client, Request, Response
from workstation.net.limits import Lane

COMMENTS = "/wp/v2/comments"
ME = "/wp/v2/users/me"
NO_API = N_("no REST API of WordPress answers at {address}; is this the address of the site?")
ELSEWHERE = N_("the site’s interface is at {address}; enter that address if it is right")
FIELDS = (
    "id,post,parent,author,author_name,author_email,author_ip,author_user_agent,date,date_gmt,content,"
    "link,status,type,author_avatar_urls,_links.up"
)
INDEX_FIELDS = (("_fields", "name,home,gmt_offset,namespaces"),)
ABSENT = (GoneError, InvalidError, PermissionDeniedError, ProtocolChangedError, UnsupportedError)
PARENTS_DEEP = 10
PAGE = 100
T = TypeVar("T")


class Page(msgspec.Struct, frozen=True):
    """A part of the list of comments, newest first, and how many there are; -1 where the site does not say."""

    items: list[msgspec.Raw]
    total: int


class Session(Asker):
    """Asks a site on behalf of an account. Errors are those of `domain.errors`."""

    def __init__(self, api: Api, site: str, client: Client, now: Clock) -> None:
        super().__init__(client, WordPressDialect(), now)
        self.api = api
        self.site = site
        self.rights = Rights()
        self.directory = Directory()

    # -- the site ------------------------------------------------------------------------------------------------

    async def find(self) -> Index:
        """Find the API of the site that was typed. ProtocolChangedError, ConfigurationError, TransientError."""
        for root in requests.likely_roots(self.site):
            found = await self._index(root)
            if found is not None:
                return found
        named = await self._named()
        if named:
            at_typed = requests.placed_at(named, self.site)
            for root in dict.fromkeys((at_typed, named)):
                found = await self._index(root)
                if found is not None:
                    return found
        for root in requests.further_roots(self.site):
            found = await self._index(root)
            if found is not None:
                return found
        raise ProtocolChangedError(where=lazy(NO_API, address=self.site))

    async def _index(self, root: str) -> Index | None:
        """What the API at this root says, asked without a password; None where there is none."""
        api = msgspec.structs.replace(self.api, root=root)
        request = msgspec.structs.replace(api.get("/", INDEX_FIELDS), headers=(("Accept", "application/json"),))
        try:
            response = await self.ask(request, Lane.CATCH_UP)
            found = answers.decoded(response, Index, "index")
        except (*ABSENT, RecursionError):
            return None
        except ChannelError as error:
            if error.code == "auth_expired":  # some sites show their API to nobody but those who sign in
                return await self._signed_index(api)
            raise
        if "wp/v2" not in found.namespaces:
            return None
        self._settle(api, response.url, request.url)
        return found

    async def _signed_index(self, api: Api) -> Index | None:
        response = await self.ask(api.get("/", INDEX_FIELDS), Lane.CATCH_UP)
        try:
            found = answers.decoded(response, Index, "index")
        except ProtocolChangedError:
            return None
        self.api = api
        return found if "wp/v2" in found.namespaces else None

    def _settle(self, api: Api, landed: str, asked: str) -> None:
        """Go on where redirects led, if that is the same site: a password is sent there."""
        root = requests.settled_root(api.root, asked, landed) if landed else api.root
        if not requests.is_home(root, self.site):
            raise ConfigurationError(field="server", why=lazy(ELSEWHERE, address=root))
        self.api = msgspec.structs.replace(api, root=root.rstrip("/"))

    async def _named(self) -> str:
        """The root that the typed page names."""
        try:
            response = await self.raw(self.api.public(self.site), Lane.CATCH_UP)
        except ProtocolChangedError:
            return ""
        named = requests.named_root(response)
        if named and not requests.is_home(named, self.site, response.url):
            raise ConfigurationError(field="server", why=lazy(ELSEWHERE, address=named))
        return named

    async def me(self) -> Me:
        """Whom we are signed in as, and what the role permits. AuthExpiredError."""
        params = (("context", "edit"), ("_fields", "id,name,slug,username,link,capabilities,avatar_urls"))
        try:
            found = answers.decoded(await self.ask(self.api.get(ME, params), Lane.CATCH_UP), Me, "users/me")
        except ABSENT:
            # Extensions that hide who writes on a site often hide this too; what is permitted is tried instead.
            found = Me()
        granted = {name for name, on in (found.capabilities or {}).items() if on is True}
        moderates = "moderate_comments" in granted if found.capabilities is not None else await self._moderates()
        self.rights = Rights(moderates=moderates, edits=bool(granted & {"edit_published_posts", "edit_others_posts"}))
        return found

    async def _moderates(self) -> bool:
        try:
            params = (("context", "edit"), ("per_page", "1"), ("_fields", "id"))
            await self.ask(self.api.get(COMMENTS, params), Lane.CATCH_UP)
        except ABSENT:
            return False
        return True

    # -- comments ------------------------------------------------------------------------------------------------

    def _seeing(self) -> Params:
        """All that the account may see, in the form that tells most."""
        if self.rights.moderates:
            return (("context", "edit"), ("status", "any"), ("type", "all"))
        if self.rights.edits:
            return (("status", "any"), ("type", "all"))
        return ()

    async def page(self, offset: int, size: int, lane: Lane, extra: Params = ()) -> Page:
        """Comments from the newest on."""
        params = (
            ("orderby", "id"), ("order", "desc"), ("per_page", str(size)), ("offset", str(offset)), ("_fields", FIELDS),
        )  # fmt: skip
        response = await self.ask(self.api.get(COMMENTS, (*params, *self._seeing(), *extra)), lane)
        total = response.header("x-wp-total")
        return Page(parse.items(response.body), int(total) if total.isdecimal() and len(total) < 12 else -1)

    async def comment(self, number: int, lane: Lane = Lane.CATCH_UP) -> bytes:
        """One comment as it is now. GoneError, PermissionDeniedError."""
        context = (("context", "edit"),) if self.rights.moderates else ()
        request = self.api.get(f"{COMMENTS}/{number}", (*context, ("_fields", FIELDS)))
        return (await self.ask(request, lane)).body

    async def write(self, request: Request) -> Response:
        """A write."""
        return await self.ask(request, Lane.WRITE)

    async def learn(self, comments: list[Comment], lane: Lane) -> None:
        """Ask for what belongs to comments: conversations that they go on with, and titles of what they are below."""
        for found in comments:
            self.directory.place(found.id, found.post or 0, found.parent or 0)
        await self._learn_parents({found.parent for found in comments if found.parent}, lane)
        await self._learn_titles(comments, lane)

    async def _learn_parents(self, wanted: set[int], lane: Lane) -> None:
        for _ in range(PARENTS_DEEP):
            unknown = sorted(number for number in wanted if self.directory.seen(number) is None)
            if not unknown:
                return
            found: dict[int, Comment] = {}
            for start in range(0, len(unknown), PAGE):
                part = unknown[start : start + PAGE]
                listed = await self.page(0, PAGE, lane, (("include", ",".join(map(str, part))),))
                for raw in listed.items:
                    with suppress(*parse.UNREADABLE):
                        comment = parse.comment(raw)
                        found[comment.id] = comment
            for number in unknown:  # what is not told is taken for the first of its conversation
                told = found.get(number)
                self.directory.place(number, (told.post or 0) if told else 0, (told.parent or 0) if told else 0)
            wanted = {told.parent for told in found.values() if told.parent}

    async def _learn_titles(self, comments: list[Comment], lane: Lane) -> None:
        routes: dict[str, set[int]] = {}
        for found in comments:
            if found.post and self.directory.title(found.post) is None:
                routes.setdefault(_route(found), set()).add(found.post)
        for route, posts in routes.items():
            for start in range(0, len(posts), PAGE):
                await self._titles(route, sorted(posts)[start : start + PAGE], lane)

    async def _titles(self, route: str, posts: list[int], lane: Lane) -> None:
        status = (("status", "any"),) if self.rights.moderates else ()
        params = (("include", ",".join(map(str, posts))), ("per_page", str(PAGE)), ("_fields", "id,title"), *status)
        found: list[Article] = []
        with suppress(*ABSENT):
            response = await self.ask(self.api.get(route, params), lane)
            found = answers.decoded(response, list[Article], route)
        for post in posts:
            title = next((each.title.rendered for each in found if each.id == post and each.title is not None), "")
            self.directory.entitle(post, parse.title(title))


def _route(found: Comment) -> str:
    """The list that the article of a comment is in: posts, pages, products."""
    links = found.links if isinstance(found.links, dict) else {}
    up = links.get("up")
    first = up[0] if isinstance(up, list) and up else None
    href = first.get("href") if isinstance(first, dict) else None
    if isinstance(href, str) and len(href) < 1_000:
        at = href.rfind("/wp/v2/")
        path = href[at:].partition("?")[0].partition("&")[0].rsplit("/", 1)
        if at >= 0 and len(path) == 2 and path[1] == str(found.post) and ".." not in path[0]:
            return path[0]
    return "/wp/v2/posts"
