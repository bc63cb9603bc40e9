"""What is read of Ozone's answers (tools.ozone): events, subjects, and whether an account is a moderator."""

from workstation.connectors.bluesky.entities import ABSENT, Entity, Raw, named_type


class OzoneViewer(Entity, frozen=True):
    """The role of who asks."""

    role: str = ""


class OzoneConfig(Entity, frozen=True):
    """The answer of tools.ozone.server.getConfig."""

    viewer: OzoneViewer | None = None


class Subject(Entity, frozen=True):
    """What a report or event is about: a record (strongRef, recordView) or an account (repoRef, repoView)."""

    type: str = named_type()
    uri: str = ""
    cid: str = ""
    did: str = ""
    handle: str = ""


class ModEvent(Entity, frozen=True):
    """tools.ozone.moderation.defs#modEvent...; of reports."""

    type: str = named_type()
    comment: str = ""
    report_type: str = ""


class EventView(Entity, frozen=True):
    """tools.ozone.moderation.defs#modEventView and #modEventViewDetail."""

    id: int
    event: ModEvent
    subject: Subject
    created_by: str = ""
    created_at: str = ""
    creator_handle: str = ""
    subject_handle: str = ""


class SubjectStatus(Entity, frozen=True):
    """tools.ozone.moderation.defs#subjectStatusView."""

    subject: Subject
    review_state: str = ""
    takendown: bool = False
    last_reviewed_at: str = ""
    updated_at: str = ""


class SubjectStatuses(Entity, frozen=True):
    """The answer of queryStatuses."""

    subject_statuses: tuple[SubjectStatus, ...] = ()


class ReportedRecord(Entity, frozen=True):
    """tools.ozone.moderation.defs#recordViewDetail."""

    value: Raw = ABSENT


class SubjectView(Entity, frozen=True):
    """tools.ozone.moderation.defs#subjectView."""

    subject: str = ""
    status: SubjectStatus | None = None
    record: ReportedRecord | None = None
    profile: Raw = ABSENT


class SubjectViews(Entity, frozen=True):
    """The answer of getSubjects."""

    subjects: tuple[SubjectView, ...] = ()
