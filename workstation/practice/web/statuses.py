"""Statuses: publish, read, edit, delete, favour, boost, keep, pin."""

from collections.abc import Callable

from workstation.practice import markup, reactions
from workstation.practice.model import VISIBILITIES, Account, Media, Status
from workstation.practice.network import Network, Post
from workstation.practice.web.call import Answer, Call, RefusedError, Route, invalid, not_found
from workstation.practice.web.media import preparing

MEDIA_PER_STATUS = 4
CONTEXT_LIMIT = 4_096


def _checked_text(call: Call, media: tuple[Media, ...]) -> str:
    text, spoiler = call.given.text("status"), call.given.text("spoiler_text")
    if not text.strip() and not media:
        raise invalid("Text can't be blank")
    limit = call.network.options.limit_characters
    if markup.length(text) + markup.length(spoiler) > limit:
        raise invalid(f"Text character limit of {limit} exceeded")
    return text


def _attached(call: Call) -> tuple[Media, ...]:
    wanted = call.given.identifiers("media_ids")
    if len(wanted) > MEDIA_PER_STATUS:
        raise invalid("Cannot attach more than 4 files")
    found = [call.network.media[item] for item in wanted if item in call.network.media]
    if any(preparing(media) for media in found):
        raise invalid("Cannot attach files that have not finished processing. Try again in a moment!")
    return tuple(media for media in found if media.account_id == call.account.id)


def create(call: Call) -> Answer:
    """Publish a status, once per Idempotency-Key where the key is honoured."""
    network, given, account = call.network, call.given, call.account
    key = call.headers.get("Idempotency-Key", "")
    line = call.desk.attempt(key, given.text("status"), given.text("in_reply_to_id"))
    if key and network.idempotency:
        known = call.desk.known(account.id, key, network.clock.now_ms())
        if known is not None and known in network.statuses:
            return Answer(network.render.status(network.statuses[known], call.box))
    for absent in ("poll", "scheduled_at", "quoted_status_id"):
        if given.text(absent):
            raise invalid(f"This practice network has no {absent}")
    media = _attached(call)
    text = _checked_text(call, media)
    parent = None
    if given.text("in_reply_to_id"):
        parent = network.statuses.get(given.identifier("in_reply_to_id") or 0)
        if parent is None or not network.can_see(parent, account):
            raise RefusedError(404, "The post you are trying to reply to does not appear to exist.")
    visibility = given.text("visibility") or "public"
    if visibility not in VISIBILITIES:
        raise invalid("Visibility is not included in the list")
    application = call.token.application if call.token else ""
    status = network.post(
        account,
        Post(
            text=text,
            visibility=visibility,
            reply_to=parent,
            language=given.text("language") or account.language,
            spoiler=given.text("spoiler_text"),
            sensitive=given.flag("sensitive") or bool(given.text("spoiler_text")),
            media=media,
            application=application,
        ),
    )
    line.created.append(status.id)
    if key:
        call.desk.learn(account.id, key, status.id, network.clock.now_ms())
    return Answer(network.render.status(status, call.box))


def read(call: Call) -> Answer:
    """Return one status."""
    return Answer(call.network.render.status(call.status(), call.box))


def read_many(call: Call) -> Answer:
    """Return those of the named statuses that exist."""
    found = [call.network.statuses.get(item) for item in call.given.identifiers("id")[:40]]
    visible = [status for status in found if status and call.network.can_see(status, call.viewer)]
    return Answer([call.network.render.status(status, call.box) for status in visible])


def _own(call: Call) -> Status:
    status = call.status()
    if status.account is not call.account:
        raise not_found()
    return status


def edit(call: Call) -> Answer:
    """Replace the text of an own status."""
    status = _own(call)
    media = _attached(call) if call.given.has("media_ids") else status.media
    text = _checked_text(call, media)
    call.network.edit(
        status,
        text,
        spoiler=call.given.text("spoiler_text"),
        sensitive=call.given.flag("sensitive"),
        language=call.given.text("language") or None,
        media=media,
    )
    return Answer(call.network.render.status(status, call.box))


def delete(call: Call) -> Answer:
    """Delete an own status; the answer carries its source so that it can be drafted anew."""
    status = _own(call)
    entity = call.network.render.status(status, call.box) | {"text": status.text}
    call.network.delete(status)
    return Answer(entity)


def source(call: Call) -> Answer:
    """Return the text of an own status as it was typed."""
    status = _own(call)
    return Answer({"id": str(status.id), "text": status.text, "spoiler_text": status.spoiler})


def history(call: Call) -> Answer:
    """Return every version of a status."""
    return Answer(call.network.render.history(call.status()))


def context(call: Call) -> Answer:
    """Return what a status answers, oldest first, and what answers it, depth first."""
    network, status = call.network, call.status()
    ancestors: list[Status] = []
    parent = network.statuses.get(status.in_reply_to or 0)
    while parent is not None and len(ancestors) < CONTEXT_LIMIT:
        ancestors.append(parent)
        parent = network.statuses.get(parent.in_reply_to or 0)
    descendants: list[Status] = []
    waiting = list(reversed(status.replies or ()))
    while waiting and len(descendants) < CONTEXT_LIMIT:
        reply = network.statuses.get(waiting.pop())
        if reply is not None:
            descendants.append(reply)
            waiting += reversed(reply.replies or ())
    return Answer(
        {
            name: [network.render.status(item, call.box) for item in items if network.can_see(item, call.viewer)]
            for name, items in (("ancestors", ancestors[::-1]), ("descendants", descendants))
        }
    )


def boost(call: Call) -> Answer:
    """Boost a public status."""
    status = call.status()
    original = status.reblog_of or status
    if original.visibility not in ("public", "unlisted"):
        raise RefusedError(403, "This action is not allowed")
    return Answer(call.network.render.status(call.network.reblog(call.account, original), call.box))


def unboost(call: Call) -> Answer:
    """Take a boost back."""
    status = call.status()
    original = status.reblog_of or status
    own = call.network.statuses.get((original.reblogged_by or {}).get(call.account.id, 0))
    if own is not None:
        call.network.delete(own)
    return Answer(call.network.render.status(original, call.box))


def _reaction(change: Callable[[Network, Account, Status], None]) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        status = call.status()
        try:
            change(call.network, call.account, status.reblog_of or status)
        except reactions.ReactionRefusedError as error:
            raise invalid(str(error)) from error
        return Answer(call.network.render.status(status, call.box))

    return handler


def favourited_by(call: Call) -> Answer:
    """Return who favoured a status."""
    return _people(call, list(call.status().favourited_by or ()))


def reblogged_by(call: Call) -> Answer:
    """Return who boosted a status."""
    return _people(call, list(call.status().reblogged_by or ()))


def _people(call: Call, ids: list[int]) -> Answer:
    page = call.given.page(40, 80)
    accounts = [call.network.accounts[item] for item in ids if item in call.network.accounts]
    return Answer([call.network.render.account(account) for account in accounts[: page.limit]])


ROUTES = (
    Route("POST", "/api/v1/statuses", create, "write:statuses"),
    Route("GET", "/api/v1/statuses", read_many),
    Route("GET", "/api/v1/statuses/{id}", read),
    Route("PUT", "/api/v1/statuses/{id}", edit, "write:statuses"),
    Route("DELETE", "/api/v1/statuses/{id}", delete, "write:statuses"),
    Route("GET", "/api/v1/statuses/{id}/source", source, "read:statuses"),
    Route("GET", "/api/v1/statuses/{id}/history", history),
    Route("GET", "/api/v1/statuses/{id}/context", context),
    Route("GET", "/api/v1/statuses/{id}/card", lambda _call: Answer({})),
    Route("GET", "/api/v1/statuses/{id}/favourited_by", favourited_by),
    Route("GET", "/api/v1/statuses/{id}/reblogged_by", reblogged_by),
    Route("POST", "/api/v1/statuses/{id}/reblog", boost, "write:statuses"),
    Route("POST", "/api/v1/statuses/{id}/unreblog", unboost, "write:statuses"),
    Route("POST", "/api/v1/statuses/{id}/favourite", _reaction(reactions.favourite), "write:favourites"),
    Route("POST", "/api/v1/statuses/{id}/unfavourite", _reaction(reactions.unfavourite), "write:favourites"),
    Route("POST", "/api/v1/statuses/{id}/bookmark", _reaction(reactions.bookmark), "write:bookmarks"),
    Route("POST", "/api/v1/statuses/{id}/unbookmark", _reaction(reactions.unbookmark), "write:bookmarks"),
    Route("POST", "/api/v1/statuses/{id}/pin", _reaction(reactions.pin), "write:accounts"),
    Route("POST", "/api/v1/statuses/{id}/unpin", _reaction(reactions.unpin), "write:accounts"),
    Route("POST", "/api/v1/statuses/{id}/mute", _reaction(reactions.mute_thread), "write:mutes"),
    Route("POST", "/api/v1/statuses/{id}/unmute", _reaction(reactions.unmute_thread), "write:mutes"),
)
