"""What the network says and we do not read, each with the reason; and `unmapped`, which finds what is neither.

Keys as in the lexicons (app.bsky, com.atproto, tools.ozone, August 2026) and as recorded. A key that is read is a field
of a struct in `entities` or `jetstream` and stands nowhere here.
"""

from collections.abc import Iterator, Mapping

import msgspec

from workstation.connectors.bluesky import entities, jetstream, ozone
from workstation.connectors.bluesky.addresses import POST

Reasons = Mapping[str, str]
"""Reason to keys, separated by spaces."""

COUNTS = "numbers of reactions change all the time and no decision of the desk depends on them"
PROFILE = "belongs to the author's profile page, which opens in the browser"
TYPE = "the place in which it stands says what it is"
SIGNATURE = "lets mirrors of the network verify what they copy; its server is trusted"
OWN_PAGES = "settings of the account's own apps"
ALGORITHM = "how a feed chose the post, which concerns its maker"
PREVIEW = "part of a card that opens in the browser; the desk shows title and address"
OLD = "replaced by another field in 2023, before the network was open"
THIRD = "added by other software: records may hold anything"
REPEATED = "says again what another field says"
FILE = "only needed to fetch the original, which the desk never does"
UNSEEN = "the desk decides by its own cases what is unread"
ACCOUNT = "an account's state is seen where its posts are looked at"
WATCHING = "whom we follow and who follows us, not a matter of messages"
CAPTIONS = "a film is not played here"
OTHER_KINDS = "belongs to other kinds of events, which are counted and not kept"
REVIEW = "details of the moderators' own tool, which opens in the browser"
PRIVATE = "personal data that answering does not need; not read, so never stored"
ACTIONS = "what moderators set besides; the desk shows whether a report is closed"

IGNORED: Mapping[str, Reasons] = {
    "Event": {ACCOUNT: "account", TYPE: "$type"},
    "Identity": {REPEATED: "did seq time"},
    "Commit": {SIGNATURE: "rev"},
    "PostRecord": {
        OLD: "entities",
        THIRD: "lol record_type bridgyOriginalText bridgyOriginalUrl fullText fullUrl fediverseId via $bridge source"
        " originalUrl original_url appview client reactions space.pokesky",
    },
    "SubjectRecord": {TYPE: "$type", THIRD: "record_type", WATCHING: "via"},
    "GateRecord": {TYPE: "$type createdAt", OWN_PAGES: "allow"},
    "GateView": {REPEATED: "uri cid", OWN_PAGES: "lists", TYPE: "$type"},
    "ReplyRef": {TYPE: "$type"},
    "Ref": {TYPE: "$type"},
    "Facet": {TYPE: "$type"},
    "ByteSlice": {TYPE: "$type"},
    "Feature": {},
    "Label": {SIGNATURE: "ver sig cid uri", OWN_PAGES: "cts exp", TYPE: "$type"},
    "SelfLabels": {TYPE: "$type"},
    "Profile": {
        COUNTS: "followsCount postsCount",
        PROFILE: "description descriptionFacets banner createdAt indexedAt pronouns website pinnedPost"
        " joinedViaStarterPack associated verification status debug",
        TYPE: "$type",
    },
    "ActorViewer": {
        WATCHING: "following followedBy knownFollowers activitySubscription",
        OWN_PAGES: "mutedByList blockingByList mutedOnlyReposts mutedOnlyQuoteposts",
        TYPE: "$type",
    },
    "PostView": {
        COUNTS: "bookmarkCount replyCount repostCount likeCount quoteCount",
        OWN_PAGES: "debug",
        TYPE: "$type",
    },
    "PostViewer": {
        OWN_PAGES: "bookmarked threadMuted embeddingDisabled pinned",
        COUNTS: "knownLikers",
        TYPE: "$type",
    },
    "FeedItem": {REPEATED: "reply", ALGORITHM: "feedContext reqId", TYPE: "$type"},
    "Reason": {SIGNATURE: "cid"},
    "Notification": {UNSEEN: "isRead", REPEATED: "reasonSubject", OTHER_KINDS: "starterPack", TYPE: "$type"},
    "Notifications": {UNSEEN: "seenAt", OWN_PAGES: "priority"},
    "Feed": {},
    "Posts": {COUNTS: "hitsTotal"},
    "ThreadNode": {COUNTS: "threadContext", PRIVATE: "author"},
    "Thread": {REPEATED: "threadgate"},
    "Embed": {CAPTIONS: "captions presentation", REPEATED: "cid"},
    "Picture": {TYPE: "$type"},
    "Ratio": {TYPE: "$type"},
    "Blob": {TYPE: "$type"},
    "Link": {},
    "External": {
        PREVIEW: "description thumb associatedRefs createdAt updatedAt readingTime labels source associatedProfiles",
        TYPE: "$type",
    },
    "Quoted": {
        SIGNATURE: "cid",
        COUNTS: "replyCount repostCount likeCount quoteCount bookmarkCount listItemCount joinedWeekCount"
        " joinedAllTimeCount",
        PROFILE: "indexedAt createdAt creator did description descriptionFacets avatar purpose policies viewer"
        " acceptsInteractions contentMode",
        REPEATED: "embeds labels notFound blocked detached",
    },
    "Record": {TYPE: "$type"},
    "SignedIn": {
        PRIVATE: "email emailConfirmed emailAuthFactor",
        ACCOUNT: "status",
    },
    "DidDocument": {SIGNATURE: "@context id verificationMethod", REPEATED: "alsoKnownAs"},
    "Service": {},
    "Described": {REPEATED: "handle handleIsCorrect", OWN_PAGES: "collections"},
    "EventView": {REVIEW: "subjectBlobCids subjectBlobs modTool", TYPE: "$type"},
    "ModEvent": {REVIEW: "isReporterMuted sticky", TYPE: ""},
    "SubjectStatus": {
        REVIEW: "id subjectBlobCids subjectRepoHandle comment muteUntil muteReportingUntil lastReviewedBy"
        " lastReportedAt lastAppealedAt appealed suspendUntil tags accountStats recordsStats priorityScore"
        " accountStrike ageAssuranceState ageAssuranceUpdatedBy hosting createdAt",
        TYPE: "$type",
    },
    "Subject": {
        REVIEW: "value blobCids indexedAt repo moderation convoId messageId relatedRecords email emailConfirmedAt"
        " invitesDisabled invitedBy invites inviteNote deactivatedAt threatSignatures labels",
    },
}

NESTED: Mapping[str, Mapping[str, str]] = {
    "Event": {"commit": "Commit", "identity": "Identity"},
    "Commit": {"record": "PostRecord"},
    "PostRecord": {"reply": "ReplyRef", "facets": "Facet", "embed": "Embed", "labels": "SelfLabels"},
    "ReplyRef": {"root": "Ref", "parent": "Ref"},
    "SubjectRecord": {"subject": "Ref"},
    "Facet": {"index": "ByteSlice", "features": "Feature"},
    "SelfLabels": {"values": "Label"},
    "Profile": {"labels": "Label", "viewer": "ActorViewer"},
    "PostView": {
        "author": "Profile",
        "record": "PostRecord",
        "embed": "Embed",
        "viewer": "PostViewer",
        "labels": "Label",
        "threadgate": "GateView",
    },
    "GateView": {"record": "GateRecord"},
    "FeedItem": {"post": "PostView", "reason": "Reason"},
    "Reason": {"by": "Profile"},
    "Notification": {"author": "Profile", "labels": "Label"},
    "Notifications": {"notifications": "Notification"},
    "Feed": {"feed": "FeedItem"},
    "Posts": {"posts": "PostView"},
    "Thread": {"thread": "ThreadNode"},
    "ThreadNode": {"post": "PostView", "parent": "ThreadNode", "replies": "ThreadNode"},
    "Embed": {
        "images": "Picture",
        "items": "Picture",
        "external": "External",
        "record": "Quoted",
        "media": "Embed",
        "video": "Blob",
        "aspectRatio": "Ratio",
    },
    "Picture": {"image": "Blob", "aspectRatio": "Ratio"},
    "Blob": {"ref": "Link"},
    "Quoted": {"author": "Profile", "value": "PostRecord", "record": "Quoted"},
    "SignedIn": {"didDoc": "DidDocument"},
    "Described": {"didDoc": "DidDocument"},
    "DidDocument": {"service": "Service"},
    "EventView": {"event": "ModEvent", "subject": "Subject"},
    "SubjectStatus": {"subject": "Subject"},
}

STRUCTS: Mapping[str, tuple[type[msgspec.Struct], ...]] = {
    "Event": (jetstream.Event,),
    "Commit": (jetstream.Commit,),
    "Identity": (jetstream.Identity,),
    "Notifications": (entities.Page,),
    "Feed": (entities.Page,),
    "Posts": (entities.Page,),
}
KEYS: Mapping[str, str] = {"Described": "did didDoc"}
"""Read in another way than by a struct in `entities`."""


def unmapped(entity: str, found: object) -> list[str]:
    """Paths of keys in an entity (or a list of it) that are neither read nor ignored with a reason."""
    return list(_walk(entity, found, entity))


def _walk(entity: str, found: object, path: str) -> Iterator[str]:
    if isinstance(found, list):
        for item in found:
            yield from _walk(entity, item, path)
        return
    if not isinstance(found, dict):
        return
    if entity == "Commit" and found.get("collection") != POST:
        found = {key: value for key, value in found.items() if key != "record"}  # counted, never looked into
    known = _known(entity)
    for key, value in found.items():
        if key not in known:
            yield f"{path}.{key}"
            continue
        nested = NESTED.get(entity, {}).get(key)
        if nested is not None:
            yield from _walk(nested, value, f"{path}.{key}")


def _known(entity: str) -> set[str]:
    structs = STRUCTS.get(entity) or tuple(filter(None, (getattr(room, entity, None) for room in (entities, ozone))))
    read = {field.encode_name for struct in structs for field in msgspec.structs.fields(struct)}
    read |= set(KEYS.get(entity, "").split()) | set(NESTED.get(entity, ()))
    return read | {key for keys in IGNORED[entity].values() for key in keys.split()}
