"""Ozone's reports, for accounts that are moderators: one message for each report, closed when its subject is.

Reports about one subject share a branch, so that they are one case; its author is the account that was reported.
"""

from collections.abc import Iterable

import msgspec

from workstation.connectors.bluesky import media, parse, xrpc
from workstation.connectors.bluesky import text as plain
from workstation.connectors.bluesky.addresses import DID, HANDLE, REPORT, profile_address, repo, web_address
from workstation.connectors.bluesky.directory import Subject
from workstation.connectors.bluesky.entities import given
from workstation.connectors.bluesky.media import UNREADABLE
from workstation.connectors.bluesky.ozone import EventView, SubjectStatuses, SubjectView, SubjectViews
from workstation.connectors.bluesky.parse import NETWORK, Parser, micros
from workstation.connectors.bluesky.session import Session
from workstation.domain.errors import GoneError
from workstation.domain.messages import Author, IncomingMessage, Kind, Mark, Reject, Visibility
from workstation.net.limits import Lane
from workstation.net.plain import harmless, one_line

CLOSED = frozenset({"tools.ozone.moderation.defs#reviewClosed", "tools.ozone.moderation.defs#reviewNone"})
WATCHED = 50
"""Subjects whose review is looked at in a turn."""
COMMENT_CAP = 5_000
NEVER = "1970-01-01T00:00:00.000Z"
"""The latest review where there was none yet."""
REPORTS = (("types", "tools.ozone.moderation.defs#modEventReport"),)

Raw = msgspec.Raw
Found = tuple[tuple[IncomingMessage, ...], tuple[Reject, ...], int]
_event = msgspec.json.Decoder(EventView)


class Queue:
    """Reports of one moderation service; `proxy` is its name in requests (DID#atproto_labeler)."""

    def __init__(self, session: Session, parser: Parser, proxy: str) -> None:
        self._session = session
        self._parser = parser
        self.proxy = proxy

    async def read(self, raws: Iterable[Raw], lane: Lane) -> Found:
        """Events of reports as messages, with what they are about; unreadable ones as rejects."""
        events: list[EventView] = []
        rejects: list[Reject] = []
        for raw in raws:
            try:
                found = _event.decode(raw)
                _subject(found)
                events.append(found)
            except UNREADABLE:
                rejects.append(parse.reject(raw, "report"))
        views = await self._subjects([_subject(event).key for event in events], lane)
        return tuple(self._message(event, views.get(_subject(event).key)) for event in events), tuple(rejects), 0

    async def _subjects(self, keys: list[str], lane: Lane) -> dict[str, SubjectView]:
        names = list(dict.fromkeys(keys))
        found: dict[str, SubjectView] = {}
        for start in range(0, len(names), 50):
            params = tuple(("subjects", name) for name in names[start : start + 50])
            response = await self._session.query("tools.ozone.moderation.getSubjects", params, lane, proxy=self.proxy)
            for view in xrpc.decoded(response, SubjectViews, "getSubjects").subjects:
                found[view.subject] = view
        return found

    def _message(self, event: EventView, view: SubjectView | None) -> IncomingMessage:
        subject = _subject(event)
        remote_id = f"{REPORT}{event.id}"
        self._parser.directory.report(remote_id, subject)
        author = self._reported(event, subject, view)
        reporter = event.creator_handle if HANDLE.fullmatch(event.creator_handle) else event.created_by
        kind = one_line(event.event.report_type.rpartition("#")[2].removeprefix("reason"), 60)
        head = " · ".join(filter(None, (one_line(f"⚑ @{reporter} → @{author.handle}", 600), kind)))
        comment = harmless(event.event.comment[:COMMENT_CAP]).strip()
        status = view.status if view is not None else None
        closed = status is not None and status.review_state in CLOSED
        return IncomingMessage(
            remote_id=remote_id,
            kind=Kind.REPORT,
            author=author,
            text=plain.joined(head, comment, self._quote(view, author, subject)),
            created_at=micros(event.created_at),
            branch=f"{REPORT}{subject.key}",
            address=web_address(subject.uri) or profile_address(subject.did),
            visibility=Visibility.INTERNAL,
            marks=(*((Mark.RESOLVED,) if closed else ()), *((Mark.HIDDEN,) if status and status.takendown else ())),
            subject=subject.uri,
        )

    def _reported(self, event: EventView, subject: Subject, view: SubjectView | None) -> Author:
        if view is not None and given(view.profile):
            try:
                found = self._parser.profile(view.profile)
                if found.remote_id == subject.did:
                    return found
            except UNREADABLE:
                pass
        known = self._parser.stranger(subject.did)
        handle = event.subject_handle.lower()
        if known.handle == known.remote_id and HANDLE.fullmatch(handle):
            return Author(NETWORK, subject.did, handle, handle, known.url)
        return known

    @staticmethod
    def _quote(view: SubjectView | None, author: Author, subject: Subject) -> str:
        """What the reported record says; the network no longer shows one that was taken down, Ozone does."""
        if view is not None and view.record is not None and given(view.record.value):
            try:
                record = parse.decoded_record(view.record.value)
            except UNREADABLE:
                pass
            else:
                said = plain.to_text(record.text, media.facets(record.facets))
                return plain.quoted(f"@{author.handle}:", said)
        return plain.quoted(subject.uri, "") if subject.uri and not web_address(subject.uri) else ""

    async def reviewed(self, since: str, lane: Lane) -> tuple[Found, str]:
        """Reports about subjects reviewed after `since` (ISO, empty: only note the latest), and the latest time."""
        params = (("sortField", "lastReviewedAt"), ("sortDirection", "desc"), ("limit", str(WATCHED)))
        response = await self._session.query("tools.ozone.moderation.queryStatuses", params, lane, proxy=self.proxy)
        statuses = xrpc.decoded(response, SubjectStatuses, "queryStatuses").subject_statuses
        latest = max((status.last_reviewed_at for status in statuses), key=micros, default=NEVER)
        latest = max(latest or NEVER, since or NEVER, key=micros)
        if not since:
            return ((), (), 0), latest
        messages: list[IncomingMessage] = []
        rejects: list[Reject] = []
        for status in statuses:
            if micros(status.last_reviewed_at) <= micros(since):
                continue
            key = status.subject.uri or status.subject.did
            found, bad, _ = await self.about(key, lane)
            messages += found
            rejects += bad
        return (tuple(messages), tuple(rejects), 0), latest

    async def about(self, key: str, lane: Lane) -> Found:
        """All reports about a subject, as they stand now."""
        params = (*REPORTS, ("subject", key), ("limit", "100"))
        response = await self._session.query("tools.ozone.moderation.queryEvents", params, lane, proxy=self.proxy)
        raws, _ = parse.page(response.body, "queryEvents")
        return await self.read(reversed(raws), lane)

    async def report(self, remote_id: str, lane: Lane) -> Found:
        """One report as it stands now; GoneError."""
        known = self._parser.directory.subject(remote_id)
        if known is None:
            known = await self.subject(remote_id)
        messages, rejects, _ = await self.about(known.key, lane)
        itself = tuple(message for message in messages if message.remote_id == remote_id)
        return (itself, (), 0) if itself else ((), rejects[:1], 0)

    async def _asked(self, remote_id: str) -> EventView:
        number = remote_id.removeprefix(REPORT)
        if not number.isdecimal():
            raise GoneError
        response = await self._session.query(
            "tools.ozone.moderation.getEvent", (("id", number),), Lane.WRITE, proxy=self.proxy
        )
        return xrpc.decoded(response, EventView, "getEvent")

    async def subject(self, remote_id: str) -> Subject:
        """What a report is about; GoneError."""
        known = self._parser.directory.subject(remote_id)
        if known is not None:
            return known
        try:
            return _subject(await self._asked(remote_id))
        except ValueError:
            raise GoneError from None


def _subject(event: EventView) -> Subject:
    """What an event is about; ValueError where it is neither a record nor an account."""
    found = event.subject
    did = repo(found.uri) or found.did
    if not DID.fullmatch(did):
        raise ValueError("no subject")
    return Subject(did, found.uri, found.cid)
