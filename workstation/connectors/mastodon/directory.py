"""What an account has seen lately: who is who on its server, what a post was, which pictures were named."""

from collections import OrderedDict

import msgspec

from workstation.domain.messages import Visibility

SEEN = 20_000
"""Of each kind that are remembered."""


class Seen(msgspec.Struct, frozen=True, gc=False):
    """What is remembered of a post for answering it."""

    author: str
    visibility: Visibility
    original: str = ""
    """Of a boost: the post that is boosted, which acts are about."""


class Directory:
    """What this account has seen lately: ids of authors by handle, posts by id. Bounded; loss costs a request."""

    def __init__(self) -> None:
        self._accounts: OrderedDict[str, str] = OrderedDict()
        self._posts: OrderedDict[str, Seen] = OrderedDict()
        self._media: OrderedDict[str, None] = OrderedDict()

    def learn(self, handle: str, account: str) -> None:
        """Remember the server's id of an author."""
        if handle not in self._accounts:
            self._accounts[handle] = account
            if len(self._accounts) > SEEN:
                self._accounts.popitem(last=False)

    def account(self, handle: str) -> str:
        """The server's id of an author, or empty."""
        return self._accounts.get(handle, "")

    def keep(self, post: str, seen: Seen) -> None:
        """Remember a post."""
        self._posts[post] = seen
        if len(self._posts) > SEEN:
            self._posts.popitem(last=False)

    def name(self, url: str) -> None:
        """Remember that a message named this address of a picture."""
        self._media[url] = None
        if len(self._media) > SEEN:
            self._media.popitem(last=False)

    def names(self, url: str) -> bool:
        """Whether a message seen lately named this address."""
        return url in self._media

    def post(self, remote_id: str) -> Seen | None:
        """A post that was seen lately."""
        return self._posts.get(remote_id)
