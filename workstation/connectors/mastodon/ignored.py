"""What the API offers and we do not read, each with the reason; and `unmapped`, which finds what is neither.

Keys as documented up to Mastodon 4.7 (docs.joinmastodon.org/entities) and as recorded. A key that is read is a field of
a struct in `entities` or `instance` and stands nowhere here.
"""

import re
from collections.abc import Iterator, Mapping

import msgspec

from workstation.connectors.mastodon import entities, instance

Reasons = Mapping[str, str]
"""Reason to keys, separated by spaces."""

COUNTS = "numbers of reactions change all the time and no decision of the desk depends on them"
PROFILE = "belongs to the author's profile page, which opens in the browser"
PRESENTATION = "how the server's own pages look; here texts are plain and pictures load on a click"
OWN_PAGES = "settings of the server's own pages and apps"
OTHER_ADDRESS = "another address of what is already known by one"
REPEATED = "says again what another field says"
PRIVATE = "personal data that answering does not need; not read, so never stored"
FEDERATION = "how servers trust each other, not a matter of messages"
HISTORY = "figures over time; the desk keeps its own"
QUOTING = "who may quote; the desk does not quote"
COLLECTIONS = "collections of accounts are no messages"
POLL_STATE = "a poll is shown by its options; votes change all the time"
LIMITS = "limits of what the desk does not send (pictures, polls, profiles)"
LEGAL = "texts of the server for its visitors"
OAUTH = "ways of signing in that are not used"
UNSEEN = "the desk decides by its own cases what is unread"
FILTERS = "the account's personal filters must not hide customers' messages"

IGNORED: Mapping[str, Reasons] = {
    "Account": {
        COUNTS: "following_count statuses_count last_status_at",
        PROFILE: "note fields created_at locked group header header_static header_description avatar_description"
        " show_media show_media_replies show_featured hide_collections memorial limited suspended moved",
        PRESENTATION: "emojis roles",
        OTHER_ADDRESS: "uri",
        OWN_PAGES: "discoverable indexable noindex source state mute_expires_at email_subscriptions",
        COLLECTIONS: "feature_approval",
        FEDERATION: "invalid_handle",
        "additions of Pleroma, GoToSocial, Pixelfed and others to profiles": "pleroma akkoma fqn acct_full local theme"
        " custom_css enable_rss source_url pronouns website is_admin settings role",
    },
    "CredentialAccount": {
        COUNTS: "followers_count following_count statuses_count last_status_at",
        PROFILE: "note fields created_at locked bot group avatar header header_static header_description"
        " avatar_description show_media show_media_replies show_featured hide_collections memorial limited suspended"
        " moved",
        PRESENTATION: "emojis roles",
        OTHER_ADDRESS: "uri",
        OWN_PAGES: "discoverable indexable noindex source state mute_expires_at email_subscriptions",
        COLLECTIONS: "feature_approval",
        FEDERATION: "invalid_handle",
        "additions of Pleroma, GoToSocial, Pixelfed and others to profiles": "pleroma akkoma fqn local theme custom_css"
        " enable_rss settings is_admin",
    },
    "Status": {
        COUNTS: "replies_count reblogs_count favourites_count quotes_count",
        PRESENTATION: "emojis card application",
        OWN_PAGES: "muted bookmarked pinned",
        REPEATED: "in_reply_to_account_id tags",
        QUOTING: "quote_approval",
        COLLECTIONS: "tagged_collections",
        FILTERS: "filtered",
        "only in the answer to a deletion: the text as it was typed": "text",
        "additions of GoToSocial, Akkoma, Pixelfed, Friendica and glitch": "interaction_policy content_type local_only"
        " akkoma friendica emoji_reactions reactions quote_id bookmark_category thread_id place liked_by parent",
    },
    "Mention": {},
    "MediaAttachment": {
        OTHER_ADDRESS: "preview_remote_url text_url",
        "additions of Pixelfed and Pleroma": "mime license filter_class is_nsfw pleroma hls_manifest orientation"
        " optimized_url",
    },
    "Meta": {
        PRESENTATION: "focus colors",
        "length and encoding of sound and film, which play in the browser": "length duration fps audio_encode"
        " audio_bitrate audio_channels frame_rate bitrate",
        REPEATED: "width height size aspect",
    },
    "Size": {
        REPEATED: "size aspect",
        "length and encoding of sound and film, which play in the browser": "frame_rate duration bitrate",
    },
    "Poll": {
        POLL_STATE: "id expires_at expired multiple votes_count voters_count voted own_votes",
        PRESENTATION: "emojis",
    },
    "Option": {POLL_STATE: "votes_count"},
    "Quote": {"a quoted post that is not in the answer is not fetched unasked": "quoted_status_id"},
    "Notification": {
        REPEATED: "account created_at",
        "groups are for likes and boosts, which are not read": "group_key notifications_count"
        " most_recent_notification_id page_min_id page_max_id latest_page_notification_at sample_account_ids status_id",
        "of reports only the fact counts: they are read from the moderators' list": "report",
        "matters between servers and with the server's moderators": "event relationship_severance_event"
        " moderation_warning annual_report",
        COLLECTIONS: "collection",
        PRESENTATION: "fallback emoji emoji_url",
        UNSEEN: "pleroma unread filtered",
    },
    "Conversation": {UNSEEN: "unread", REPEATED: "accounts", "additions of Pleroma": "pleroma"},
    "Context": {"says that more answers are being fetched; the thread is read again before sending": "async_refresh"},
    "Relationship": {
        "acts change muting and blocking only": "following showing_reblogs notifying languages followed_by blocked_by"
        " muting_notifications muting_expires_at requested requested_by domain_blocking endorsed note subscribing"
        " block_expires_at",
    },
    "AdminReport": {
        "who closed a report is the moderators' matter": "action_taken_by_account action_taken_at",
        "whether the other server was told": "forwarded",
        COLLECTIONS: "collections",
    },
    "AdminAccount": {
        PRIVATE: "email ip ips locale invite_request created_by_application_id invited_by_account_id",
        REPEATED: "username domain created_at role",
        "accounts that wait for approval are the server's own matter": "confirmed approved",
    },
    "Rule": {REPEATED: "id hint translations"},
    "Report": {
        "the answer to a report only has to arrive": "id action_taken action_taken_at category comment forwarded"
        " created_at status_ids rule_ids rules_ids collection_ids target_account",
    },
    "Role": {PRESENTATION: "id name color highlighted", LIMITS: "collection_limit"},
    "StatusSource": {REPEATED: "spoiler_text content_type"},
    "Application": {
        "what we registered ourselves": "id name website redirect_uri redirect_uris client_secret_expires_at",
        "push needs a server of its own": "vapid_key",
    },
    "Token": {
        "tokens of Mastodon do not expire": "token_type created_at expires_in refresh_token id_token me",
    },
    "Failure": {"the first reason is shown": "details error_type identifier"},
    "AuthorizationServer": {
        OAUTH: "issuer revocation_endpoint userinfo_endpoint response_types_supported response_modes_supported"
        " grant_types_supported token_endpoint_auth_methods_supported service_documentation jwks_uri",
    },
    "InstanceV2": {
        LEGAL: "description rules contact",
        PRESENTATION: "thumbnail icon languages",
        HISTORY: "usage",
        OWN_PAGES: "registrations wrapstodon api_versions",
        "additions of GoToSocial, Pleroma and Akkoma": "debug terms terms_text pleroma akkoma"
        " random_stats custom_css feature_quote",
    },
    "InstanceV1": {
        LEGAL: "description short_description description_text short_description_text email contact_account rules",
        PRESENTATION: "thumbnail languages thumbnail_type thumbnail_static thumbnail_static_type thumbnail_description",
        HISTORY: "stats",
        OWN_PAGES: "registrations approval_required invites_enabled",
        LIMITS: "poll_limits upload_limit avatar_upload_limit background_upload_limit banner_upload_limit"
        " description_limit chat_limit background_image",
        "additions of GoToSocial, Pleroma and Akkoma": "debug terms terms_text pleroma akkoma"
        " soapbox random_stats vapid_public_key custom_css",
    },
    "Configuration": {
        LIMITS: "accounts polls emojis reactions",
        OWN_PAGES: "translation timelines_access oidc_enabled",
        "push needs a server of its own": "vapid",
        FEDERATION: "limited_federation",
    },
    "StatusLimits": {LIMITS: "supported_mime_types"},
    "MediaLimits": {
        "only pictures are attached, as they are": "video_size_limit video_frame_rate_limit video_matrix_limit",
        LIMITS: "image_matrix_limit",
    },
    "Urls": {LEGAL: "status about privacy_policy terms_of_service", OTHER_ADDRESS: "web"},
    "NodeInfo": {
        "only the software counts": "version protocols services usage openRegistrations metadata",
    },
    "NodeSoftware": {REPEATED: "repository homepage"},
    "NodeLink": {},
    "NodeLinks": {},
}

STRUCTS: Mapping[str, tuple[type[msgspec.Struct], ...]] = {
    "Account": (entities.Account,),
    "CredentialAccount": (entities.Credentials,),
    "Status": (entities.Status,),
    "Mention": (entities.Mention,),
    "MediaAttachment": (entities.MediaAttachment,),
    "Meta": (entities.Meta,),
    "Size": (entities.Size,),
    "Poll": (entities.Poll,),
    "Option": (entities.Option,),
    "Quote": (entities.Quote,),
    "Notification": (entities.Notification,),
    "Conversation": (entities.Conversation,),
    "Context": (entities.Context,),
    "Relationship": (entities.Relationship,),
    "AdminReport": (entities.AdminReport,),
    "AdminAccount": (entities.AdminAccount,),
    "Rule": (entities.Rule,),
    "Report": (),
    "Role": (entities.Role,),
    "StatusSource": (entities.StatusSource,),
    "Application": (entities.Application,),
    "Token": (entities.Token,),
    "Failure": (entities.Failure,),
    "AuthorizationServer": (entities.AuthorizationServer,),
    "InstanceV2": (instance.InstanceV2,),
    "InstanceV1": (instance.InstanceV1,),
    "Configuration": (instance.Configuration,),
    "StatusLimits": (instance.StatusLimits,),
    "MediaLimits": (instance.MediaLimits,),
    "Urls": (instance.Urls,),
    "NodeInfo": (instance.NodeInfo,),
    "NodeSoftware": (instance.NodeSoftware,),
    "NodeLinks": (instance.NodeLinks,),
    "NodeLink": (instance.NodeLink,),
}

NESTED: Mapping[str, Mapping[str, str]] = {
    "CredentialAccount": {"role": "Role"},
    "Status": {
        "account": "Account",
        "reblog": "Status",
        "media_attachments": "MediaAttachment",
        "mentions": "Mention",
        "poll": "Poll",
        "quote": "Quote",
    },
    "MediaAttachment": {"meta": "Meta"},
    "Meta": {"original": "Size", "small": "Size"},
    "Poll": {"options": "Option"},
    "Quote": {"quoted_status": "Status"},
    "Notification": {"status": "Status"},
    "Conversation": {"last_status": "Status"},
    "Context": {"ancestors": "Status", "descendants": "Status"},
    "AdminReport": {
        "account": "AdminAccount",
        "target_account": "AdminAccount",
        "assigned_account": "AdminAccount",
        "statuses": "Status",
        "rules": "Rule",
    },
    "AdminAccount": {"account": "Account"},
    "InstanceV2": {"configuration": "Configuration"},
    "InstanceV1": {"configuration": "Configuration", "urls": "Urls"},
    "Configuration": {"statuses": "StatusLimits", "media_attachments": "MediaLimits", "urls": "Urls"},
    "NodeInfo": {"software": "NodeSoftware"},
    "NodeLinks": {"links": "NodeLink"},
}

ACCOUNT_ACTS = "block|unblock|mute|unmute"
ENDPOINTS: tuple[tuple[str, str], ...] = (
    (r"/api/v1/accounts/verify_credentials", "CredentialAccount"),
    (r"/api/v1/accounts/(lookup|search)", "Account"),
    (r"/api/v1/accounts/relationships", "Relationship"),
    (r"/api/v1/accounts/[^/]+/statuses", "Status"),
    (rf"/api/v1/accounts/[^/]+/({ACCOUNT_ACTS})", "Relationship"),
    (r"/api/v1/statuses/[^/]+/context", "Context"),
    (r"/api/v1/statuses/[^/]+/source", "StatusSource"),
    (r"/api/v1/statuses/[^/]+/(favourite|unfavourite|reblog|unreblog)", "Status"),
    (r"/api/v1/statuses(/\d+|/[0-9A-Za-z]+)?", "Status"),
    (r"/api/v1/timelines/(home|public|tag/[^/]+|list/[^/]+)", "Status"),
    (r"/api/v1/notifications(/\d+)?", "Notification"),
    (r"/api/v1/conversations", "Conversation"),
    (r"/api/v1/reports", "Report"),
    (r"/api/v1/admin/reports(/[^/]+(/(assign_to_self|unassign|resolve|reopen))?)?", "AdminReport"),
    (r"/api/v1/admin/accounts/[^/]+(/(action|enable|unsensitive|unsilence|unsuspend))?", "AdminAccount"),
    (r"/api/v1/apps(/verify_credentials)?", "Application"),
    (r"/api/v1/instance", "InstanceV1"),
    (r"/api/v2/instance", "InstanceV2"),
    (r"/\.well-known/nodeinfo", "NodeLinks"),
    (r"/nodeinfo/[\d.]+", "NodeInfo"),
    (r"/\.well-known/oauth-authorization-server", "AuthorizationServer"),
    (r"/oauth/token", "Token"),
)
"""Addresses whose answers are read, with the entity in them (or a list of it)."""

UNREAD: tuple[tuple[str, str], ...] = (
    (
        r"/api/v1/accounts/[^/]+/(follow|unfollow|endorse|unendorse|pin|unpin|note|remove_from_followers)",
        "the desk follows and recommends nobody",
    ),
    (
        r"/api/v1/accounts/[^/]+/(followers|following|featured_tags|lists|(in_)?collections|identity_proofs)",
        PROFILE,
    ),
    (r"/api/v1/accounts/(update_credentials|familiar_followers)", PROFILE),
    (r"/api/v1/accounts(/[^/]+)?", PROFILE),
    (r"/api/v1/(profile|preferences|markers|push/subscription|suggestions)(/.*)?", OWN_PAGES),
    (r"/api/v1/(directory|endorsements|featured_tags)(/.*)?", OWN_PAGES),
    (r"/api/v2/suggestions", OWN_PAGES),
    (
        r"/api/v1/(blocks|mutes|bookmarks|favourites|domain_blocks|follow_requests|followed_tags|lists|tags)(/.*)?",
        "lists of the account's own pages",
    ),
    (r"/api/v[12]/filters(/.*)?", FILTERS),
    (
        r"/api/v1/statuses/[^/]+/(history|card|translate|favourited_by|reblogged_by|quotes(/.*)?|interaction_policy)",
        "the desk keeps revisions itself and translates by its own provider",
    ),
    (r"/api/v1/statuses/[^/]+/(pin|unpin|mute|unmute|bookmark|unbookmark)", OWN_PAGES),
    (r"/api/v1/scheduled_statuses(/.*)?", "the outbox keeps what is to be sent later"),
    (r"/api/v[12]/media(/.*)?", "pictures are not sent"),
    (r"/api/v1/polls/.*", POLL_STATE),
    (r"/api/v2/notifications(/.*)?", "grouped notifications: mentions are never grouped"),
    (r"/api/v1/notifications/(clear|dismiss|unread_count|policy|requests.*)", UNSEEN),
    (r"/api/v1/notifications/[^/]+/dismiss", UNSEEN),
    (r"/api/v1/conversations/[^/]+(/read)?", UNSEEN),
    (r"/api/v1/admin/accounts(/[^/]+/(approve|reject))?", "accounts are acted on one at a time, by id"),
    (r"/api/v2/admin/accounts", "accounts are acted on one at a time, by id"),
    (r"/api/v1/admin/(domain_|email_domain_|canonical_email_|ip_|tags).*", FEDERATION),
    (r"/api/v1/admin/(trends|measures|dimensions|retention).*", HISTORY),
    (r"/api/v1/(trends|announcements|custom_emojis|annual_reports|collections)(/.*)?", PRESENTATION),
    (r"/api/v1/instance/.+", LEGAL),
    (r"/api/v1_alpha/.*", "not stable yet"),
    (r"/api/v[12]/search", PROFILE),
    (r"/api/v1/timelines/link", PRESENTATION),
    (r"/api/v1/emails/confirmations", OWN_PAGES),
    (r"/oauth/(revoke|userinfo|authorize)", OAUTH),
    (r"/(health|auth(/.*)?|about(/.*)?|api/v1/streaming(/.*)?)?", "no entity, or events, which STREAMED names"),
    (r"/api/(proofs|web/.*|oembed)", OWN_PAGES),
)
"""Addresses that are never asked, with the reason."""

STREAMED: Mapping[str, str] = {
    "update": "Status",
    "status.update": "Status",
    "notification": "Notification",
    "conversation": "Conversation",
}


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
    if entity != "Failure" and "error" in found and "id" not in found:
        yield from _walk("Failure", found, "Failure")
        return
    if entity == "Status" and "scheduled_at" in found:
        return  # a post that waits on the server: the desk makes none, its outbox waits here
    known = _known(entity)
    for key, value in found.items():
        nested = NESTED.get(entity, {}).get(key)
        if nested is not None:
            yield from _walk(nested, value, f"{path}.{key}")
        elif key not in known:
            yield f"{path}.{key}"


def _known(entity: str) -> set[str]:
    read = {field.encode_name for struct in STRUCTS[entity] for field in msgspec.structs.fields(struct)}
    return read | {key for keys in IGNORED[entity].values() for key in keys.split()}


def entity_at(path: str) -> str | None:
    """The entity in the answers of an address; empty where it is never asked, None where it is unheard of."""
    path = "/" + path.strip("/")
    for pattern, entity in ENDPOINTS:
        if re.fullmatch(pattern, path):
            return entity
    return "" if any(re.fullmatch(pattern, path) for pattern, _ in UNREAD) else None
