"""Records that an operation writes, and events of moderation; pure. The same operation always makes the same."""

from collections.abc import Mapping, Sequence

import msgspec

from workstation.connectors.bluesky import labels
from workstation.connectors.bluesky.addresses import BLOCK, LIKE, POST, REPOST, THREADGATE
from workstation.connectors.bluesky.directory import Subject
from workstation.connectors.bluesky.facets import facets
from workstation.domain.errors import InvalidError, UnsupportedError
from workstation.domain.outbox import Act, Operation
from workstation.domain.text import N_

MOST_HIDDEN = 300
"""Answers that one thread can hide (app.bsky.feed.threadgate)."""
MOST_PICTURES = 4
TOO_MANY_HIDDEN = N_("a thread can hide {most} answers, and this one does already")
BAD_PICTURE = N_("a picture was not handed over to this server")
NO_LABEL = N_("say which label")
OWN_TID = frozenset({Act.POST, Act.REPLY, Act.FAVOURITE, Act.BOOST, Act.BLOCK})
"""Acts that make a record of their own."""
COLLECTIONS = {
    Act.POST: POST,
    Act.REPLY: POST,
    Act.FAVOURITE: LIKE,
    Act.UNFAVOURITE: LIKE,
    Act.BOOST: REPOST,
    Act.UNBOOST: REPOST,
    Act.BLOCK: BLOCK,
    Act.UNBLOCK: BLOCK,
}
REASONS = {
    "spam": "com.atproto.moderation.defs#reasonSpam",
    "violation": "com.atproto.moderation.defs#reasonViolation",
    "misleading": "com.atproto.moderation.defs#reasonMisleading",
    "sexual": "com.atproto.moderation.defs#reasonSexual",
    "rude": "com.atproto.moderation.defs#reasonRude",
    "other": "com.atproto.moderation.defs#reasonOther",
}
EVENTS = {
    Act.RESOLVE_REPORT: "modEventAcknowledge",
    Act.ESCALATE_REPORT: "modEventEscalate",
    Act.LABEL: "modEventLabel",
    Act.UNLABEL: "modEventLabel",
    Act.TAKE_DOWN: "modEventTakedown",
    Act.REVERSE_TAKE_DOWN: "modEventReverseTakedown",
}

Record = dict[str, object]


class Answered(msgspec.Struct, frozen=True):
    """What an answer names: the post, and the first one of its thread."""

    parent: str
    parent_cid: str
    root: str
    root_cid: str


def text(operation: Operation) -> str:
    """The text as it is sent: a warning, for which there is no field, stands before it unless a label says the same."""
    said = operation.text.strip()
    spoiler = " ".join(operation.spoiler.split())
    return f"{spoiler}\n\n{said}" if spoiler and spoiler.casefold() not in labels.OWN else said


def post(operation: Operation, created: str, dids: Mapping[str, str], answered: Answered | None) -> Record:
    """A post or an answer."""
    said = text(operation)
    made: Record = {"$type": POST, "text": said, "createdAt": created}
    if found := facets(said, dids):
        made["facets"] = found
    if operation.language:
        made["langs"] = [operation.language]
    if answered is not None:
        made["reply"] = {
            "root": {"uri": answered.root, "cid": answered.root_cid},
            "parent": {"uri": answered.parent, "cid": answered.parent_cid},
        }
    if operation.spoiler.strip():
        values = [{"val": labels.own(operation.spoiler)}]
        made["labels"] = {"$type": "com.atproto.label.defs#selfLabels", "values": values}
    if pictures := _pictures(operation.options.get("media", "")):
        made["embed"] = {"$type": "app.bsky.embed.images", "images": pictures}
    return made


def _pictures(named: str) -> list[Record]:
    found = [attached(name) for name in named.split(",") if name]
    if len(found) > MOST_PICTURES:
        raise InvalidError(why=str(len(found)))
    return found


def handed_over(blob: msgspec.Raw, alt: str, width: int, height: int) -> str:
    """The name of a picture that was handed over: all that a post says of it, in hexadecimal, without a comma."""
    made: Record = {"alt": alt, "image": blob}
    if width and height:
        made["aspectRatio"] = {"width": width, "height": height}
    return msgspec.json.encode(made).hex()


def attached(name: str) -> Record:
    """The picture that a name stands for; InvalidError where it is none of ours."""
    try:
        return msgspec.json.decode(bytes.fromhex(name), type=dict[str, object])
    except (ValueError, msgspec.MsgspecError):
        raise InvalidError(why=BAD_PICTURE) from None


def reaction(collection: str, uri: str, cid: str, created: str) -> Record:
    """A like or repost."""
    return {"$type": collection, "subject": {"uri": uri, "cid": cid}, "createdAt": created}


def block(did: str, created: str) -> Record:
    """A block, which is public."""
    return {"$type": BLOCK, "subject": did, "createdAt": created}


def gate(before: Mapping[str, object] | None, root: str, answer: str, created: str, *, hide: bool) -> Record | None:
    """The thread's gate with an answer hidden or shown again; None where it says so already."""
    made: Record = dict(before) if before is not None else {"$type": THREADGATE, "post": root, "createdAt": created}
    listed = made.get("hiddenReplies")
    hidden = [item for item in listed if isinstance(item, str)] if isinstance(listed, Sequence) else []
    if (answer in hidden) is hide:
        return None
    if hide and len(hidden) >= MOST_HIDDEN:
        raise InvalidError(why=TOO_MANY_HIDDEN.format(most=MOST_HIDDEN))
    made["hiddenReplies"] = [*hidden, answer] if hide else [item for item in hidden if item != answer]
    return made


def subject(about: Subject) -> Record:
    """What a report or event is about: a record in one version, or an account."""
    if about.uri:
        return {"$type": "com.atproto.repo.strongRef", "uri": about.uri, "cid": about.cid}
    return {"$type": "com.atproto.admin.defs#repoRef", "did": about.did}


def report(operation: Operation, about: Subject) -> Record:
    """A report to the moderators."""
    category = operation.options.get("category", "other")
    made: Record = {"reasonType": REASONS.get(category, REASONS["other"]), "subject": subject(about)}
    if comment := operation.options.get("comment", "").strip() or operation.text.strip():
        made["reason"] = comment[:2_000]
    return made


def event(operation: Operation, about: Subject, own: str) -> Record:
    """An event of moderation; its id makes that it is taken once only."""
    name = EVENTS.get(operation.act)
    if name is None:
        raise UnsupportedError
    made: Record = {"$type": f"tools.ozone.moderation.defs#{name}"}
    if comment := operation.options.get("comment", "").strip():
        made["comment"] = comment[:10_000]
    if operation.act in {Act.LABEL, Act.UNLABEL}:
        values = [value.strip() for value in operation.options.get("label", "").split(",") if value.strip()]
        if not values:
            raise InvalidError(why=NO_LABEL)
        made["createLabelVals"] = values if operation.act is Act.LABEL else []
        made["negateLabelVals"] = values if operation.act is Act.UNLABEL else []
    if operation.act is Act.TAKE_DOWN and operation.options.get("hours", "").isdecimal():
        made["durationInHours"] = int(operation.options["hours"])
    return {"event": made, "subject": subject(about), "createdBy": own, "externalId": operation.id}
