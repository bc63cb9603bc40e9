"""The register of every place that can hold people's texts, names, handles, ids or addresses.

A test walks the schema: each column of text or bytes is in PLACES or in HARMLESS, with a reason, or the test fails.
An erasure is driven by this register, so whoever adds a table with people's text adds a line here and nothing else:
rows of OWNED tables go with the message, case or account they belong to, and all other columns are masked.
"""

from enum import StrEnum

import msgspec


class Reach(StrEnum):
    """What an erasure does with a column."""

    GOES = "goes"
    """The person's rows are deleted; in rows of others there is nothing of them."""
    MASK = "mask"
    """The person's rows are deleted or blanked; where others name the person, the text is masked."""
    MASK_JSON = "mask_json"
    """The same, string by string, so that it stays JSON."""
    REFERENCE = "reference"
    """An id that the network gave a message: replaced by a keyed number where it names an erased message."""
    SEALED = "sealed"
    """Hashed as it is: a body that names the person goes as a whole, its hash stays."""
    ROW = "row"
    """What cannot be masked, or makes no sense then: the row is deleted where it names the person."""
    INDEX = "index"
    """The search index: entries are taken out one by one, then the index is merged and the file written anew."""


class Place(msgspec.Struct, frozen=True):
    """One column, and how an erasure reaches it."""

    table: str
    column: str
    reach: Reach


def _of(table: str, **columns: Reach) -> tuple[Place, ...]:
    return tuple(Place(table, column, reach) for column, reach in columns.items())


_G, _M, _J, _R = Reach.GOES, Reach.MASK, Reach.MASK_JSON, Reach.REFERENCE

PLACES: tuple[Place, ...] = (
    *_of("authors", remote_id=_G, handle=_G, name=_M, url=_M, avatar_url=_M, folded=_G),
    *_of(
        "messages",
        remote_id=_R, text=_M, branch=_R, reply_to=_R, address=_M, spoiler=_M, media=_J, mentions=_J, subject=_R,
    ),
    *_of("revisions", text=_M, spoiler=_M),
    *_of("search", text=Reach.INDEX),
    *_of("early_deletions", remote_id=_R),
    *_of("rejects", place=Reach.ROW, remote_id=_R),
    *_of("sources", key=_M, cursor_value=_M, past_position=_M),
    *_of("cases", branch=_R, tags=_J),
    *_of("case_tags", tag=_M),
    *_of("notes", text=_M),
    *_of("audits", detail=_J),
    *_of("drafts", text=_M, spoiler=_M, written=_M),
    *_of(
        "outbox",
        target=_R, account=_M, text=_M, spoiler=_M, options=_J, remote_id=_R, address=_M, detail=_J,
    ),
    *_of("posts", text=_M, spoiler=_M, parts=_J, address=_M),
    *_of("post_pictures", name=_M, alt=_M),
    *_of("reviews", original=_M, spoiler=_M, remark=_M),
    *_of("firings", name=_M, did=_J),
    *_of("sightings", state=_J),
    *_of("families", title=_M, tags=_J, folder=_M),
    *_of("variants", text=_M),
    *_of("articles", title=_M, text=_M, link=_M),
    *_of("article_index", title=_M, text=_M),
    *_of("guidelines", text=_M),
    *_of("channels", settings=_J),
    *_of("issues", title=_M, text=_M),
    *_of("escalations", address=_M),
    *_of("holds", reason=_M),
    *_of("evidence", body=Reach.SEALED),
    *_of("segments", source=Reach.ROW, target=Reach.ROW),
    *_of("terms", source=Reach.ROW, target=Reach.ROW, note=Reach.ROW, forbidden=Reach.ROW),
    *_of("own_words", word=Reach.ROW),
    *_of("translations", text=Reach.ROW),
    *_of("erasures", authors=_G, terms=_G),
    *_of("exports", path=_G, authors=_G),
)  # fmt: skip

OWNED: tuple[tuple[str, str, str], ...] = (
    ("revisions", "message", "message"),
    ("message_sources", "message", "message"),
    ("masked", "message", "message"),
    ("reviews", "message", "message"),
    ("reviews", "case_id", "case"),
    ("firings", "message", "message"),
    ("firings", "case_id", "case"),
    ("sightings", "message", "message"),
    ("holdings", "message", "message"),
    ("holdings", "case_id", "case"),
    ("notes", "case_id", "case"),
    ("audits", "case_id", "case"),
    ("claims", "case_id", "case"),
    ("case_tags", "case_id", "case"),
    ("case_links", "case_id", "case"),
    ("case_links", "other", "case"),
    ("escalations", "case_id", "case"),
    ("family_replies", "case_id", "case"),
    ("not_same", "one", "author"),
    ("not_same", "other", "author"),
    ("author_languages", "author", "author"),
    ("corrected_languages", "message", "message"),
    ("detected_languages", "message", "message"),
    ("holds", "case_id", "case"),
    ("holds", "author", "author"),
)
"""Tables whose rows belong to a message, a case or an account, by which column, and go with it."""

HARMLESS: dict[str, str] = {
    "desk": "settings of the desk by name, and the key of the tombstones",
    "messages.kind": "one of our words", "messages.language": "BCP 47", "messages.visibility": "one of our words",
    "messages.operation": "our own number of an operation",
    "channels.kind": "one of our words", "channels.name": "what the desk calls its own account",
    "channels.server": "the desk's own account", "channels.user": "the desk's own account",
    "channels.secret": "a reference, never a secret",
    "rejects.source": "a key of sources", "rejects.code": "one of our words",
    "authors.network": "one of our words",
    "cases.status": "one of our words", "cases.outcome": "one of our words", "cases.holder": "one of our words",
    "cases.language": "BCP 47",
    "claims": "hashes and random numbers",
    "notes.operation": "our own number of an operation",
    "audits.what": "one of our words",
    "drafts.key": "what the draft belongs to, by our own numbers", "drafts.language": "BCP 47",
    "drafts.visibility": "one of our words", "drafts.beside": "a language, our own words and numbers",
    "outbox.operation": "our own number of an operation", "outbox.act": "one of our words",
    "outbox.visibility": "one of our words", "outbox.language": "BCP 47", "outbox.state": "one of our words",
    "outbox.error": "one of our words",
    "reviews.operation": "our own number of an operation", "reviews.ended": "one of our words",
    "firings.rule": "our own number of a rule",
    "holdings": "our own numbers of rules, templates and operations, and our words",
    "families.key": "our own name of a template", "families.shortcut": "a few letters of ours",
    "shelves": "names and folders of the team’s own articles",
    "articles.shelf": "a name of ours", "articles.path": "a file of the team’s own articles",
    "articles.language": "BCP 47",
    "posts.stage": "one of our words", "posts.language": "BCP 47", "posts.zone": "a time zone",
    "post_pictures.kind": "a media type", "post_pictures.data": "a picture that the desk posts itself",
    "families.source": "the name of a template file",
    "variants.language": "BCP 47", "variants.formality": "one of our words",
    "variants.made_for": "a short hash of a template of ours",
    "case_links.kind": "one of our words", "issues.state": "one of our words",
    "escalations.operation": "our own number of an operation",
    "changes.origin": "our own number of an operation", "changes.what": "our own numbers of rows",
    "tombstones.key": "keyed hash", "veils.key": "keyed hash", "masked.hash": "keyed hash",
    "evidence.act": "one of our words", "evidence.digest": "hash of a body that holds 128 random bits",
    "evidence.link": "hash", "evidence.gone": "one of our words",
    "segments.source_language": "BCP 47", "segments.target_language": "BCP 47",
    "terms.source_language": "BCP 47", "terms.target_language": "BCP 47",
    "own_words.language": "BCP 47",
    "author_languages.language": "BCP 47",
    "detected_languages": "BCP 47, numbers and our words",
    "corrected_languages.language": "BCP 47", "corrected_languages.was": "BCP 47",
    "sign_offs": "how the team and its agents sign", "signed.text": "how the team and its agents sign",
    "translations.key": "hash", "translations.provider": "one of our words",
    "provider_usage": "names of providers and counts",
}  # fmt: skip
"""Columns of text or bytes, or whole tables, in which nothing of a person can be; each with the reason."""

FILES: dict[str, str] = {
    "desk.sqlite3": "the database: PLACES",
    "desk.sqlite3-wal": "its journal: emptied into it at the end of an erasure",
    "desk.sqlite3-shm": "an index of the journal: numbers of pages",
    "desk.sqlite3*.bak": "copies from before a change of format: erased from like the database, or deleted",
    "*.toml": "columns, layouts, rules and settings: handles in filters and titles are masked",
    "*.toml.broken": "what could not be read of these: masked",
    "frame.ini": "colours and rectangles of the window; masked like the others",
    "cache/": "thumbnails by a hash of their address: those of the person are deleted",
    "logs/": "structured, without texts; masked all the same where a handle is found",
    "exports/": "and every other file that an export of ours wrote, as the table `exports` knows them",
    "lock.sqlite3, desk.sqlite3.lock, owner.json": "locks: empty, or the port of the running program",
}
"""Files that can hold something of a person, and what an erasure does with each; `services.forgetting` walks them."""
