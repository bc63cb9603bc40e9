"""Statuses as a Mastodon server sends them, made up: the same input for every contender.

Shape and size follow what servers send (about 2.2 kB each with the whole account in it); texts are combined from our
own sentences, so that words repeat as they do in real streams: a few often, most of them seldom.
"""

import json
import random
from datetime import UTC, datetime, timedelta

OPENINGS = (
    "My order {n} has not arrived yet",
    "Wo bleibt meine Bestellung {n}",
    "Waar blijft mijn pakket {n}",
    "Ma commande {n} est arrivée cassée",
    "¿Alguien me puede ayudar con el pedido {n}?",
    "طلبي رقم {n} لم يصل بعد",
    "ההזמנה {n} עדיין לא הגיעה",
    "注文{n}がまだ届きません",
    "订单{n}还没有到货",
    "मेरा ऑर्डर {n} अभी तक नहीं आया",
)
MIDDLES = (
    "and nobody answers the phone",
    "obwohl es für gestern versprochen war",
    "het volgnummer werkt niet",
    "le suivi ne bouge plus depuis trois jours",
    "y la página da error",
    "والتطبيق لا يعمل",
    "アプリも開けません",
    "app 也打不开",
    "the lid leaks all over my rucksack",
    "thank you so much for the quick repair",
)
WORDS = (
    "kettle",
    "lantern",
    "stove",
    "refund",
    "tent",
    "zipper",
    "parcel",
    "battery",
    "charger",
    "filter",
    "invoice",
    "map",
)
EPOCH = datetime(2026, 6, 1, tzinfo=UTC)


def _account(number: int) -> dict[str, object]:
    name = f"customer{number}"
    base = "https://practice.invalid"
    return {
        "id": str(100000 + number), "username": name, "acct": name, "display_name": f"Customer {number}",
        "locked": False, "bot": False, "discoverable": True, "indexable": False, "group": False,
        "created_at": "2025-01-01T00:00:00.000Z", "note": "<p>Someone who buys things and says so.</p>",
        "url": f"{base}/@{name}", "uri": f"{base}/users/{name}",
        "avatar": f"{base}/avatars/{number}.png", "avatar_static": f"{base}/avatars/{number}.png",
        "header": f"{base}/headers/{number}.png", "header_static": f"{base}/headers/{number}.png",
        "followers_count": number * 7 % 5000, "following_count": number % 300, "statuses_count": number % 900,
        "last_status_at": "2026-06-01", "hide_collections": None, "noindex": False, "emojis": [], "roles": [],
        "fields": [{"name": "Place", "value": "<p>Everywhere</p>", "verified_at": None}],
    }  # fmt: skip


def _moment(number: int) -> str:
    moment = EPOCH + timedelta(milliseconds=number)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def status(number: int, chance: random.Random) -> dict[str, object]:
    """The status with this number; its id grows with it."""
    order = chance.randrange(10**6)
    words = " ".join(chance.choices(WORDS, k=3))
    text = f"{chance.choice(OPENINGS).format(n=order)}, {chance.choice(MIDDLES)}: {words} {order % 997}"
    account = _account(chance.randrange(5000))
    remote = str(110_000_000_000_000_000 + number)
    return {
        "id": remote, "created_at": _moment(number),
        "in_reply_to_id": None, "in_reply_to_account_id": None, "sensitive": False, "spoiler_text": "",
        "visibility": "public", "language": chance.choice(("en", "de", "nl", "fr", "es", "ar", "he", "ja", "zh", "hi")),
        "uri": f"{account['uri']}/statuses/{remote}", "url": f"{account['url']}/{remote}",
        "replies_count": 0, "reblogs_count": 0, "favourites_count": 0, "quotes_count": 0, "edited_at": None,
        "favourited": False, "reblogged": False, "muted": False, "bookmarked": False,
        "content": f'<p>{text} <a href="https://practice.invalid/tags/{words.split()[0]}" class="mention hashtag" '
        f'rel="tag">#<span>{words.split()[0]}</span></a></p>',
        "filtered": [], "reblog": None, "application": None, "account": account, "media_attachments": [],
        "mentions": [], "tags": [{"name": words.split()[0], "url": f"https://practice.invalid/tags/{words.split()[0]}"}],
        "emojis": [], "quote": None, "card": None, "poll": None,
    }  # fmt: skip


def encoded(count: int, seed: int = 1, first: int = 0) -> list[bytes]:
    """`count` statuses as JSON, each on its own; deterministic by seed."""
    chance = random.Random(seed)
    return [json.dumps(status(first + n, chance), ensure_ascii=False).encode() for n in range(count)]


def pages(count: int, size: int = 40, seed: int = 1) -> list[bytes]:
    """The same as pages of a timeline: JSON arrays of `size` statuses."""
    single = encoded(count, seed)
    return [b"[" + b",".join(single[start : start + size]) + b"]" for start in range(0, count, size)]
