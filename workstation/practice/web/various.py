"""Smaller endpoints that clients ask for: search, markers, preferences, tags, and what this network has none of."""

from workstation.practice.clock import iso
from workstation.practice.web.accounts import matching
from workstation.practice.web.call import Answer, Call, Route

SCAN = 5_000


def search(call: Call) -> Answer:
    """Return accounts, statuses and hashtags that hold the words asked for."""
    given = call.given
    text, kind = given.text("q").strip(), given.text("type")
    limit = given.page(20, 40).limit
    render = call.network.render
    accounts = matching(call, text)[:limit] if kind in ("", "accounts") else []
    tags = []
    if kind in ("", "hashtags") and text:
        wanted = text.lower().removeprefix("#")
        tags = [name for name in call.network.tags if wanted in name][:limit]
    statuses = []
    if kind in ("", "statuses") and text:
        by_address = text.rsplit("/", 1)[-1] if text.startswith("http") else ""
        if by_address.isascii() and by_address.isdigit() and int(by_address) in call.network.statuses:
            statuses = [call.network.statuses[int(by_address)]]
        else:
            recent = list(call.network.statuses.values())[-SCAN:]
            statuses = [status for status in reversed(recent) if text.lower() in status.text.lower()][:limit]
    visible = [status for status in statuses if call.network.can_see(status, call.viewer)]
    return Answer(
        {
            "accounts": [render.account(account) for account in accounts],
            "statuses": [render.status(status, call.box) for status in visible],
            "hashtags": [_tag(call, name) for name in tags],
        }
    )


def _tag(call: Call, name: str) -> dict[str, object]:
    following = call.box is not None and name in call.box.relations.followed_tags
    url = f"{call.network.base_url}/tags/{name}"
    return {"id": name, "name": name, "url": url, "history": [], "following": following, "featuring": False}


def tag(call: Call) -> Answer:
    """Return a hashtag."""
    return Answer(_tag(call, call.path["name"].lower()))


def tag_follow(call: Call) -> Answer:
    """Follow a hashtag."""
    call.own.relations.followed_tags.add(call.path["name"].lower())
    return tag(call)


def tag_unfollow(call: Call) -> Answer:
    """Take it back."""
    call.own.relations.followed_tags.discard(call.path["name"].lower())
    return tag(call)


def followed_tags(call: Call) -> Answer:
    """Return the hashtags that the asker follows."""
    return Answer([_tag(call, name) for name in sorted(call.own.relations.followed_tags)])


def markers(call: Call) -> Answer:
    """Return how far the asker has read."""
    wanted = call.given.many("timeline")
    return Answer({name: _marker(call, name) for name in call.own.markers if name in wanted})


def set_markers(call: Call) -> Answer:
    """Note how far the asker has read."""
    box, now = call.own, call.network.clock.now_ms()
    for name in ("home", "notifications"):
        value = call.given.values.get(name)
        if isinstance(value, dict) and str(value.get("last_read_id", "")).isdigit():
            version = box.markers[name][1] + 1 if name in box.markers else 1
            box.markers[name] = (str(value["last_read_id"]), version, now)
    return Answer({name: _marker(call, name) for name in box.markers})


def _marker(call: Call, name: str) -> dict[str, object]:
    last, version, at = call.own.markers[name]
    return {"last_read_id": last, "version": version, "updated_at": iso(at)}


def preferences(call: Call) -> Answer:
    """Return the asker's preferences."""
    return Answer(
        {
            "posting:default:visibility": "public",
            "posting:default:sensitive": False,
            "posting:default:language": call.account.language or None,
            "reading:expand:media": "default",
            "reading:expand:spoilers": False,
            "reading:autoplay:gifs": False,
        }
    )


def _nothing(_call: Call) -> Answer:
    return Answer([])


ROUTES = (
    Route("GET", "/api/v2/search", search, "read:search"),
    Route("GET", "/api/v1/tags/{name}", tag),
    Route("POST", "/api/v1/tags/{name}/follow", tag_follow, "write:follows"),
    Route("POST", "/api/v1/tags/{name}/unfollow", tag_unfollow, "write:follows"),
    Route("GET", "/api/v1/followed_tags", followed_tags, "read:follows"),
    Route("GET", "/api/v1/markers", markers, "read:statuses"),
    Route("POST", "/api/v1/markers", set_markers, "write:statuses"),
    Route("GET", "/api/v1/preferences", preferences, "read:accounts"),
    Route("GET", "/api/v1/custom_emojis", _nothing),
    Route("GET", "/api/v1/announcements", _nothing),
    Route("GET", "/api/v1/filters", _nothing, "read:filters"),
    Route("GET", "/api/v2/filters", _nothing, "read:filters"),
    Route("GET", "/api/v1/trends/tags", _nothing),
    Route("GET", "/api/v1/trends/statuses", _nothing),
    Route("GET", "/api/v1/trends/links", _nothing),
    Route("GET", "/api/v1/suggestions", _nothing, "read"),
    Route("GET", "/api/v2/suggestions", _nothing, "read"),
    Route("GET", "/api/v1/domain_blocks", _nothing, "read:blocks"),
    Route("GET", "/api/v1/scheduled_statuses", _nothing, "read:statuses"),
)
