"""Accounts: who they are, what they wrote, and what the asker thinks of them."""

from collections.abc import Callable

from workstation.practice import social
from workstation.practice.model import Account, Mailbox
from workstation.practice.network import Network
from workstation.practice.web.call import Answer, Call, Route, invalid, not_found

MUTE_MOST_SECONDS = 10 * 365 * 86_400


def verify(call: Call) -> Answer:
    """Return the asker with what only the asker sees."""
    return Answer(call.network.render.credentials(call.account))


def update(call: Call) -> Answer:
    """Change the asker's own profile."""
    account, given = call.account, call.given
    if len(given.text("display_name")) > 30:
        raise invalid("Display name is too long (maximum is 30 characters)")
    account.display_name = given.text("display_name", account.display_name)
    account.note = given.text("note", account.note)
    call.network.touch(account)
    return verify(call)


def read(call: Call) -> Answer:
    """Return one account."""
    return Answer(call.network.render.account(call.target()))


def read_many(call: Call) -> Answer:
    """Return those of the named accounts that exist."""
    found = [call.network.accounts.get(item) for item in call.given.identifiers("id")[:80]]
    return Answer([call.network.render.account(account) for account in found if account])


def lookup(call: Call) -> Answer:
    """Return the account at an address."""
    name, _, domain = call.given.text("acct").removeprefix("@").partition("@")
    account = call.network.find_account(name, domain)
    if account is None:
        raise not_found()
    return Answer(call.network.render.account(account))


def search(call: Call) -> Answer:
    """Return accounts whose address or name holds what is asked for."""
    return Answer([call.network.render.account(account) for account in matching(call, call.given.text("q"))])


def matching(call: Call, text: str) -> list[Account]:
    """Return at most 80 accounts, as many as were asked for, local ones first."""
    wanted = text.strip().lower().removeprefix("@")
    limit = call.given.page(40, 80).limit
    if not wanted:
        return []
    found = [
        account
        for account in call.network.accounts.values()
        if wanted in account.acct.lower() or wanted in account.display_name.lower()
    ]
    found.sort(key=lambda account: (account.acct.lower() != wanted, bool(account.domain), account.id))
    return found[:limit]


def statuses(call: Call) -> Answer:
    """Return a page of what an account wrote."""
    network, given, account = call.network, call.given, call.target()
    page = given.page()
    if given.flag("pinned"):
        pinned = [network.statuses[item] for item in account.pinned if item in network.statuses]
        return call.statuses(pinned[::-1], page)
    whole = network.page(account.statuses, page.__class__(10_000, page.max_id, page.since_id, page.min_id), call.viewer)
    chosen = [
        status
        for status in whole
        if not (given.flag("only_media") and not status.media)
        and not (given.flag("exclude_replies") and status.in_reply_to_account not in (None, account.id))
        and not (given.flag("exclude_reblogs") and status.reblog_of)
        and not (given.text("tagged") and given.text("tagged").lower() not in status.tags)
    ]
    return call.statuses(chosen[-page.limit :] if page.min_id is not None else chosen[: page.limit], page)


def relationships(call: Call) -> Answer:
    """Return what the asker thinks of the named accounts."""
    box = call.own
    found = [call.network.accounts.get(item) for item in call.given.identifiers("id")]
    return Answer([social.relationship(call.network, box, account) for account in found if account])


def _changing(change: Callable[[Network, Mailbox, Account], None]) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        other = call.target()
        if other is call.account:
            raise invalid("You cannot do this to yourself")
        change(call.network, call.own, other)
        return Answer(social.relationship(call.network, call.own, other))

    return handler


def follow(call: Call) -> Answer:
    """Follow an account."""
    reblogs, notify = call.given.flag("reblogs", True), call.given.flag("notify")
    return _changing(lambda net, box, other: social.follow(net, box, other, reblogs=reblogs, notify=notify))(call)


def mute(call: Call) -> Answer:
    """Mute an account."""
    notifications = call.given.flag("notifications", True)
    seconds = min(MUTE_MOST_SECONDS, call.given.integer("duration", 0))

    def change(network: Network, box: Mailbox, other: Account) -> None:
        social.mute(network, box, other, notifications=notifications, seconds=seconds)

    return _changing(change)(call)


def note(call: Call) -> Answer:
    """Write a private note about an account."""
    call.own.relations.notes[call.target().id] = call.given.text("comment")[:2_000]
    return Answer(social.relationship(call.network, call.own, call.target()))


def endorse(call: Call) -> Answer:
    """Feature an account on one's page."""
    call.own.relations.endorsed.add(call.target().id)
    return Answer(social.relationship(call.network, call.own, call.target()))


def unendorse(call: Call) -> Answer:
    """Take it back."""
    call.own.relations.endorsed.discard(call.target().id)
    return Answer(social.relationship(call.network, call.own, call.target()))


def _gathered(choose: Callable[[Call], list[int]]) -> Callable[[Call], Answer]:
    def handler(call: Call) -> Answer:
        page = call.given.page(40, 80)
        ids = sorted(choose(call), reverse=True)
        if page.max_id is not None:
            ids = [item for item in ids if item < page.max_id]
        lower = page.min_id or page.since_id
        if lower is not None:
            ids = [item for item in ids if item > lower]
        ids = ids[: page.limit]
        return call.paged([call.network.render.account(call.network.accounts[item]) for item in ids], ids, page)

    return handler


def _followers(call: Call) -> list[int]:
    box = call.network.boxes.get(call.target().id)
    return list(box.relations.followed_by) if box else []


def _following(call: Call) -> list[int]:
    box = call.network.boxes.get(call.target().id)
    return list(box.relations.following) if box else []


def lists_of(call: Call) -> Answer:
    """Return the asker's lists that an account is on."""
    member, owner = call.target().id, call.account.id
    lists = [item for item in call.network.lists.values() if item.owner == owner and member in item.members]
    return Answer([call.network.render.list(item) for item in lists])


ROUTES = (
    Route("GET", "/api/v1/accounts/verify_credentials", verify, "read:accounts"),
    Route("PATCH", "/api/v1/accounts/update_credentials", update, "write:accounts"),
    Route("GET", "/api/v1/accounts/lookup", lookup),
    Route("GET", "/api/v1/accounts/search", search, "read:accounts"),
    Route("GET", "/api/v1/accounts/relationships", relationships, "read:follows"),
    Route("GET", "/api/v1/accounts", read_many),
    Route("GET", "/api/v1/accounts/{id}", read),
    Route("GET", "/api/v1/accounts/{id}/statuses", statuses),
    Route("GET", "/api/v1/accounts/{id}/followers", _gathered(_followers)),
    Route("GET", "/api/v1/accounts/{id}/following", _gathered(_following)),
    Route("GET", "/api/v1/accounts/{id}/lists", lists_of, "read:lists"),
    Route("GET", "/api/v1/accounts/{id}/featured_tags", lambda _call: Answer([])),
    Route("POST", "/api/v1/accounts/{id}/follow", follow, "write:follows"),
    Route("POST", "/api/v1/accounts/{id}/unfollow", _changing(social.unfollow), "write:follows"),
    Route("POST", "/api/v1/accounts/{id}/remove_from_followers", _changing(social.remove_follower), "write:follows"),
    Route("POST", "/api/v1/accounts/{id}/mute", mute, "write:mutes"),
    Route("POST", "/api/v1/accounts/{id}/unmute", _changing(social.unmute), "write:mutes"),
    Route("POST", "/api/v1/accounts/{id}/block", _changing(social.block), "write:blocks"),
    Route("POST", "/api/v1/accounts/{id}/unblock", _changing(social.unblock), "write:blocks"),
    Route("POST", "/api/v1/accounts/{id}/note", note, "write:accounts"),
    Route("POST", "/api/v1/accounts/{id}/endorse", endorse, "write:accounts"),
    Route("POST", "/api/v1/accounts/{id}/unendorse", unendorse, "write:accounts"),
    Route("POST", "/api/v1/accounts/{id}/pin", endorse, "write:accounts"),
    Route("POST", "/api/v1/accounts/{id}/unpin", unendorse, "write:accounts"),
    Route("GET", "/api/v1/mutes", _gathered(lambda call: list(call.own.relations.muting)), "read:mutes"),
    Route("GET", "/api/v1/blocks", _gathered(lambda call: list(call.own.relations.blocking)), "read:blocks"),
    Route("GET", "/api/v1/endorsements", _gathered(lambda call: list(call.own.relations.endorsed)), "read:accounts"),
    Route("GET", "/api/v1/follow_requests", lambda _call: Answer([]), "read:follows"),
)
