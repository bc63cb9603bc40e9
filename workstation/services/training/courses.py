"""The courses as the trainee meets them: what each step asks for, with which key, and when it is done."""

from collections.abc import Callable

import msgspec

from workstation.domain.cases import Outcome, Status
from workstation.domain.text import N_, LazyText, lazy
from workstation.services.training.record import Record

Done = Callable[[Record], bool]
DANGER = "crisis_stove"
WAVE = "crisis_payment"


class Step(msgspec.Struct, frozen=True):
    """One step: what to do, why, and the actions whose keys do it."""

    text: LazyText
    why: LazyText
    actions: tuple[str, ...]
    done: Done


class Course(msgspec.Struct, frozen=True):
    """A course of the practice network, by the same name."""

    name: str
    title: LazyText
    about: LazyText
    icon: str
    minutes: int
    steps: tuple[Step, ...]


def _step(text: str, why: str, actions: str, done: Done) -> Step:
    return Step(lazy(text), lazy(why), tuple(actions.split()), done)


def _answered(count: int) -> Done:
    return lambda record: sum(bool(case.answers) for case in record.cases.values()) >= count


def _kind_answered(*kinds: str) -> Done:
    return lambda record: any(case.answers for case in record.of_kind(*kinds))


def _ended(outcome: Outcome) -> Done:
    return lambda record: any(case.outcome is outcome for case in record.cases.values())


def _solved(count: int) -> Done:
    return lambda record: sum(case.status is Status.SOLVED for case in record.cases.values()) >= count


FIRST_DAY = Course(
    "first-day",
    lazy(N_("First day")),
    lazy(N_("Five customers, one after the other: read, take, answer, tag, resolve. Nobody is in a hurry.")),
    "graduation-cap",
    8,
    (
        _step(
            N_("Go to the first column, choose its message and open it."),
            N_("Whoever has waited longest stands first."),
            "column.1 card.next card.open",
            lambda record: any(case.looked_at for case in record.cases.values()),
        ),
        _step(
            N_("Take the case."),
            N_("Everybody else sees at once that somebody is on it."),
            "case.claim",
            lambda record: any(case.claimed for case in record.cases.values()),
        ),
        _step(
            N_("Answer from a template, fill in what it leaves open, and send."),
            N_("The template comes in the customer’s language."),
            "composer.template composer.placeholder composer.send",
            _answered(1),
        ),
        _step(
            N_("Tag the case with what it was about."),
            N_("Tags are what the live figures count, and what columns can be made of."),
            "case.tag",
            lambda record: any(case.tags for case in record.cases.values()),
        ),
        _step(
            N_("Resolve the case as answered."),
            N_("If the customer writes again within a week, it opens again by itself."),
            "case.resolve",
            _solved(1),
        ),
        _step(
            N_("A customer writes in another language: answer them in it."),
            N_("Check what the composer says above the text: in which language, as whom, how public."),
            "case.reply composer.template composer.language",
            _answered(2),
        ),
        _step(
            N_("Somebody has sent a direct message. Answer it, and keep it private."),
            N_("The composer asks before an answer becomes more public than the question."),
            "case.reply composer.visibility composer.send",
            _kind_answered("direct"),
        ),
        _step(
            N_("Praise and advertising need no answer: resolve one of them without a reply."),
            N_("A case without an outcome would wait for ever."),
            "case.resolve",
            _ended(Outcome.NO_REPLY_NEEDED),
        ),
    ),
)
CRISIS_HOUR = Course(
    "crisis-hour",
    lazy(N_("Crisis hour")),
    lazy(N_("Everybody was charged twice, and everybody writes. In the middle of it is one message that cannot wait.")),
    "triangle-alert",
    10,
    (
        _step(
            N_("Take the first of them, and tag it, so that the wave has a name."),
            N_("A tag makes a column of the wave, and keeps it out of the others."),
            "case.claim case.tag",
            lambda record: any(case.tags for case in record.of_kind(WAVE)),
        ),
        _step(
            N_("Answer the first one with care: this answer will be used again and again."),
            N_("Say what happened, what you do about it, and until when."),
            "composer.template composer.send",
            _kind_answered(WAVE),
        ),
        _step(
            N_("Somebody smells gas. Find that message and answer it before all others."),
            N_("A flood hides what is dangerous: look for what is different. Searching helps."),
            "go.search case.reply composer.send",
            _kind_answered(DANGER),
        ),
        _step(
            N_("Answer ten customers."),
            N_("Who waits does not know that others wait too."),
            "composer.template composer.send_resolve",
            _answered(10),
        ),
        _step(
            N_("Resolve one of the wave as a known issue."),
            N_("Then it can be told apart afterwards."),
            "case.resolve",
            _ended(Outcome.KNOWN_ISSUE),
        ),
        _step(
            N_("Do not forget the question that has nothing to do with it."),
            N_("Every crisis has somebody who only wants to know where their parcel is."),
            "case.reply composer.send",
            _kind_answered("question"),
        ),
    ),
)
ANGRY_CUSTOMER = Course(
    "angry-customer",
    lazy(N_("Angry customer")),
    lazy(N_("One customer has had enough, and everybody reads along. Being heard comes before being helped.")),
    "message-square",
    8,
    (
        _step(
            N_("Open the complaint and look at the customer’s history."),
            N_("Nobody wants to explain it a third time."),
            "card.open case.history",
            lambda record: any(case.looked_at for case in record.of_kind("complaint")),
        ),
        _step(
            N_("Take the case, and leave a note of what you find out."),
            N_("If somebody else has to go on, they know what you know."),
            "case.claim case.note",
            lambda record: any(case.notes for case in record.of_kind("complaint")),
        ),
        _step(
            N_("Answer in your own words: name what went wrong, then what happens next."),
            N_("They will tell you if they feel that it was a template."),
            "case.reply composer.send",
            _kind_answered("complaint"),
        ),
        _step(
            N_("Promise a time, and keep it."),
            N_("The promise stays on the card until it is kept."),
            "case.promise",
            lambda record: any(case.promised for case in record.cases.values()),
        ),
        _step(
            N_("They answer angrily. Answer once more, calmly."),
            N_("The second answer is the one that decides."),
            "case.reply composer.send",
            lambda record: any(case.answers > 1 for case in record.of_kind("complaint")),
        ),
        _step(
            N_("Resolve the case only when the customer has what they need."),
            N_("Resolved too early, it comes back angrier."),
            "case.resolve",
            lambda record: any(
                case.answers > 1 and case.status is Status.SOLVED for case in record.of_kind("complaint")
            ),
        ),
    ),
)
COURSES: dict[str, Course] = {course.name: course for course in (FIRST_DAY, CRISIS_HOUR, ANGRY_CUSTOMER)}
