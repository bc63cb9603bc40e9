"""What the network says of itself: limits, addresses, rules, software."""

from workstation.practice.model import DOMAIN
from workstation.practice.web.call import Answer, Call, Route

TITLE = "Meridian practice network"
VERSION = "4.4.2+practice"
DESCRIPTION = (
    "A practice network. Everybody on it is invented, every message is scripted, and nothing that is written here "
    "leaves this computer."
)
IMAGE_TYPES = ["image/jpeg", "image/png", "image/gif", "image/webp"]
RULES = [
    {"id": "1", "text": "This is practice: try everything.", "hint": "Nobody real is reading.", "translations": {}},
    {"id": "2", "text": "No advertising that nobody asked for.", "hint": "", "translations": {}},
    {"id": "3", "text": "No harassment, not even of invented people.", "hint": "", "translations": {}},
]


def _configuration(call: Call) -> dict[str, object]:
    network = call.network
    return {
        "accounts": {
            "max_featured_tags": 10,
            "max_pinned_statuses": 5,
            "max_display_name_length": 30,
            "max_note_length": 500,
            "max_profile_fields": 4,
            "profile_field_name_limit": 255,
            "profile_field_value_limit": 255,
        },
        "statuses": {
            "max_characters": network.options.limit_characters,
            "max_media_attachments": 4,
            "characters_reserved_per_url": 23,
        },
        "media_attachments": {
            "supported_mime_types": IMAGE_TYPES,
            "description_limit": 1500,
            "image_size_limit": 16_777_216,
            "image_matrix_limit": 33_177_600,
            "video_size_limit": 0,
            "video_frame_rate_limit": 0,
            "video_matrix_limit": 0,
        },
        "polls": {
            "max_options": 4,
            "max_characters_per_option": 50,
            "min_expiration": 300,
            "max_expiration": 2_629_746,
        },
        "translation": {"enabled": False},
    }


def streaming_url(call: Call) -> str:
    """Return where the live streams are."""
    return call.network.base_url.replace("http", "ws", 1)


def version_1(call: Call) -> Answer:
    """Return the Instance of version 1."""
    network = call.network
    contact = network.find_account("moderator")
    return Answer(
        {
            "uri": DOMAIN,
            "title": TITLE,
            "short_description": DESCRIPTION,
            "description": DESCRIPTION,
            "email": "practice@practice.invalid",
            "version": VERSION,
            "urls": {"streaming_api": streaming_url(call)},
            "stats": {
                "user_count": len(network.accounts),
                "status_count": len(network.statuses),
                "domain_count": 4,
            },
            "thumbnail": f"{network.base_url}/thumbnail.png",
            "languages": list(network.options.languages),
            "registrations": False,
            "approval_required": False,
            "invites_enabled": False,
            "configuration": _configuration(call),
            "contact_account": network.render.account(contact) if contact else None,
            "rules": RULES,
        }
    )


def version_2(call: Call) -> Answer:
    """Return the Instance of version 2."""
    network = call.network
    contact = network.find_account("moderator")
    base = network.base_url
    about = {
        "streaming": streaming_url(call),
        "status": None,
        "about": f"{base}/about",
        "privacy_policy": f"{base}/about",
        "terms_of_service": None,
    }
    access = {"local": "public", "remote": "public"}
    return Answer(
        {
            "domain": DOMAIN,
            "title": TITLE,
            "version": VERSION,
            "source_url": f"{base}/about",
            "description": DESCRIPTION,
            "usage": {"users": {"active_month": len(network.accounts)}},
            "thumbnail": {"url": f"{base}/thumbnail.png", "blurhash": None, "versions": {}},
            "icon": [],
            "languages": list(network.options.languages),
            "configuration": _configuration(call)
            | {
                "urls": about,
                "vapid": {"public_key": ""},
                "limited_federation": False,
                "timelines_access": {"live_feeds": access, "hashtag_feeds": access, "trending_link_feeds": access},
            },
            "registrations": {
                "enabled": False,
                "approval_required": False,
                "reason_required": False,
                "message": None,
                "min_age": None,
                "url": None,
            },
            "api_versions": {"mastodon": 6},
            "contact": {
                "email": "practice@practice.invalid",
                "account": network.render.account(contact) if contact else None,
            },
            "rules": RULES,
        }
    )


def nodeinfo_links(call: Call) -> Answer:
    """Return where nodeinfo is."""
    href = f"{call.network.base_url}/nodeinfo/2.0"
    return Answer({"links": [{"rel": "http://nodeinfo.diaspora.software/ns/schema/2.0", "href": href}]})


def nodeinfo(call: Call) -> Answer:
    """Return nodeinfo 2.0."""
    people = len(call.network.accounts)
    return Answer(
        {
            "version": "2.0",
            "software": {"name": "mastodon", "version": VERSION},
            "protocols": ["activitypub"],
            "services": {"outbound": [], "inbound": []},
            "usage": {
                "users": {"total": people, "activeMonth": people, "activeHalfyear": people},
                "localPosts": len(call.network.statuses),
            },
            "openRegistrations": False,
            "metadata": {"nodeName": TITLE, "nodeDescription": DESCRIPTION},
        }
    )


ROUTES = (
    Route("GET", "/api/v1/instance", version_1),
    Route("GET", "/api/v2/instance", version_2),
    Route("GET", "/api/v1/instance/rules", lambda _call: Answer(RULES)),
    Route("GET", "/api/v1/instance/peers", lambda _call: Answer([])),
    Route("GET", "/api/v1/instance/activity", lambda _call: Answer([])),
    Route(
        "GET",
        "/api/v1/instance/extended_description",
        lambda _call: Answer({"updated_at": "2025-01-01T00:00:00Z", "content": f"<p>{DESCRIPTION}</p>"}),
    ),
    Route("GET", "/.well-known/nodeinfo", nodeinfo_links),
    Route("GET", "/nodeinfo/2.0", nodeinfo),
    Route("GET", "/health", lambda _call: Answer(b"OK", content_type="text/plain")),
    Route("GET", "/api/v1/streaming/health", lambda _call: Answer(b"OK", content_type="text/plain")),
    Route("GET", "/about", lambda _call: Answer(f"{TITLE}\n\n{DESCRIPTION}\n".encode(), content_type="text/plain")),
)
