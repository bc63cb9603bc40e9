"""Timelines, lists, conversations, bookmarks and favourites."""

from collections.abc import Callable

from workstation.practice.model import Conversation, Status, UserList
from workstation.practice.timeline import Page, Timeline
from workstation.practice.web.call import Answer, Call, Route, invalid, not_found

SCAN = 20_000


def home(call: Call) -> Answer:
    """Return a page of what those whom the asker follows wrote."""
    page = call.given.page()
    return call.statuses(call.network.page(call.own.home, page, call.viewer), page)


def public(call: Call) -> Answer:
    """Return a page of everything public, or only of local or remote authors, or only with media."""
    given = call.given
    local, remote, media = given.flag("local"), given.flag("remote"), given.flag("only_media")

    def fits(status: Status) -> bool:
        if (local and status.account.domain) or (remote and not status.account.domain):
            return False
        return not status.account.silenced and not (media and not status.media)

    return _filtered(call, call.network.public, fits)


def tag(call: Call) -> Answer:
    """Return a page of the statuses with a hashtag, combined with others by any[], all[] and none[]."""
    given = call.given
    name = call.path["hashtag"].lower()
    extra = {key: {item.lower() for item in given.many(key)} for key in ("any", "all", "none")}
    timelines = call.network.tags
    timeline = timelines.get(name, Timeline(1))
    if extra["any"]:
        merged = Timeline(SCAN)
        for item in sorted({status for other in {name, *extra["any"]} for status in timelines.get(other, ())}):
            merged.add(item)
        timeline = merged

    def fits(status: Status) -> bool:
        tags = set(status.tags)
        if (given.flag("local") and status.account.domain) or (given.flag("remote") and not status.account.domain):
            return False
        if given.flag("only_media") and not status.media:
            return False
        return extra["all"] <= tags and not extra["none"] & tags

    return _filtered(call, timeline, fits)


def _filtered(call: Call, timeline: Timeline, fits: Callable[[Status], bool]) -> Answer:
    page = call.given.page()
    upward = page.min_id is not None
    chosen: list[Status] = []
    cursor = page
    while len(chosen) < page.limit:
        whole = Page(200, cursor.max_id, cursor.since_id, cursor.min_id)
        part = call.network.page(timeline, whole, call.viewer)
        ordered = part[::-1] if upward else part
        chosen += [status for status in ordered if fits(status)]
        if len(part) < whole.limit:
            break
        last = ordered[-1].id
        cursor = Page(page.limit, page.max_id, page.since_id, last) if upward else Page(page.limit, last, page.since_id)
    chosen = chosen[: page.limit]
    return call.statuses(chosen[::-1] if upward else chosen, page)


def _list(call: Call, name: str = "id") -> UserList:
    item = call.network.lists.get(call.named(name))
    if item is None or item.owner != call.account.id:
        raise not_found()
    return item


def list_timeline(call: Call) -> Answer:
    """Return a page of what the members of a list wrote."""
    page = call.given.page()
    return call.statuses(call.network.page(_list(call).statuses, page, call.viewer), page)


def lists(call: Call) -> Answer:
    """Return the asker's lists."""
    owner = call.account.id
    return Answer([call.network.render.list(item) for item in call.network.lists.values() if item.owner == owner])


def list_read(call: Call) -> Answer:
    """Return one list."""
    return Answer(call.network.render.list(_list(call)))


def list_create(call: Call) -> Answer:
    """Make a list."""
    title = call.given.text("title").strip()
    if not title:
        raise invalid("Title can't be blank")
    identifier = max(call.network.lists, default=0) + 1
    item = UserList(identifier, call.account.id, title, call.given.text("replies_policy") or "list")
    item.exclusive = call.given.flag("exclusive")
    call.network.lists[identifier] = item
    return Answer(call.network.render.list(item))


def list_update(call: Call) -> Answer:
    """Change a list."""
    item = _list(call)
    item.title = call.given.text("title", item.title)
    item.replies_policy = call.given.text("replies_policy", item.replies_policy)
    item.exclusive = call.given.flag("exclusive", item.exclusive)
    return Answer(call.network.render.list(item))


def list_delete(call: Call) -> Answer:
    """Throw a list away."""
    del call.network.lists[_list(call).id]
    return Answer({})


def list_accounts(call: Call) -> Answer:
    """Return the members of a list."""
    page = call.given.page(40, 80)
    ids = sorted(_list(call).members, reverse=True)
    ids = [item for item in ids if page.max_id is None or item < page.max_id][: page.limit]
    return call.paged([call.network.render.account(call.network.accounts[item]) for item in ids], ids, page)


def list_add(call: Call) -> Answer:
    """Put accounts that the asker follows on a list."""
    item = _list(call)
    for account in call.given.identifiers("account_ids"):
        if account not in call.network.accounts or account not in call.own.relations.following | {call.account.id}:
            raise not_found()
        if account in item.members:
            raise invalid("Account has already been taken")
        item.members.add(account)
    return Answer({})


def list_remove(call: Call) -> Answer:
    """Take accounts off a list."""
    _list(call).members.difference_update(call.given.identifiers("account_ids"))
    return Answer({})


def conversations(call: Call) -> Answer:
    """Return a page of the asker's direct conversations, keyed by their last status as on real servers."""
    page, box = call.given.page(), call.own
    by_status = {item.last_status: item for item in box.conversations.values()}
    keys = Timeline(SCAN)
    for key in sorted(by_status):
        keys.add(key)
    ids = list(keys.candidates(page))[: page.limit]
    ids = ids[::-1] if page.min_id is not None else ids
    body = [call.network.render.conversation(by_status[item], call.network.statuses.get(item), box) for item in ids]
    return call.paged(body, ids, page)


def _conversation(call: Call) -> Conversation:
    wanted = call.named()
    for item in call.own.conversations.values():
        if item.id == wanted:
            return item
    raise not_found()


def conversation_read(call: Call) -> Answer:
    """Mark a conversation as read."""
    item = _conversation(call)
    item.unread = False
    last = call.network.statuses.get(item.last_status)
    return Answer(call.network.render.conversation(item, last, call.own))


def conversation_remove(call: Call) -> Answer:
    """Take a conversation off one's list."""
    del call.own.conversations[_conversation(call).root]
    return Answer({})


def bookmarks(call: Call) -> Answer:
    """Return a page of what the asker kept."""
    return _marked(call, call.own.bookmarks)


def favourites(call: Call) -> Answer:
    """Return a page of what the asker favoured."""
    return _marked(call, call.own.favourites)


def _marked(call: Call, marks: dict[int, int]) -> Answer:
    timeline = Timeline(SCAN)
    for item in sorted(marks):
        timeline.add(item)
    page = call.given.page()
    return call.statuses(call.network.page(timeline, page, call.viewer), page)


ROUTES = (
    Route("GET", "/api/v1/timelines/home", home, "read:statuses"),
    Route("GET", "/api/v1/timelines/public", public),
    Route("GET", "/api/v1/timelines/tag/{hashtag}", tag),
    Route("GET", "/api/v1/timelines/list/{id}", list_timeline, "read:lists"),
    Route("GET", "/api/v1/lists", lists, "read:lists"),
    Route("POST", "/api/v1/lists", list_create, "write:lists"),
    Route("GET", "/api/v1/lists/{id}", list_read, "read:lists"),
    Route("PUT", "/api/v1/lists/{id}", list_update, "write:lists"),
    Route("DELETE", "/api/v1/lists/{id}", list_delete, "write:lists"),
    Route("GET", "/api/v1/lists/{id}/accounts", list_accounts, "read:lists"),
    Route("POST", "/api/v1/lists/{id}/accounts", list_add, "write:lists"),
    Route("DELETE", "/api/v1/lists/{id}/accounts", list_remove, "write:lists"),
    Route("GET", "/api/v1/conversations", conversations, "read:statuses"),
    Route("POST", "/api/v1/conversations/{id}/read", conversation_read, "write:conversations"),
    Route("DELETE", "/api/v1/conversations/{id}", conversation_remove, "write:conversations"),
    Route("GET", "/api/v1/bookmarks", bookmarks, "read:bookmarks"),
    Route("GET", "/api/v1/favourites", favourites, "read:favourites"),
)
