"""What each figure means, how it is computed, and since which version: every chart links here."""

import msgspec

from workstation.domain.text import LazyText, lazy


class Definition(msgspec.Struct, frozen=True):
    """One figure's definition; `number` is its place in the table of KPIs."""

    number: str
    title: LazyText
    formula: LazyText
    version: int = 1


ARRIVALS = Definition(
    "1",
    lazy("Requests by hour and weekday"),
    lazy(
        "Number of requests published in the last four weeks, by weekday and hour of your time zone. A request is the "
        "first message of an episode: a new thread, or a message more than 7 days after the case was solved. Edits "
        "and messages marked as spam are not counted; one message seen through two accounts counts once."
    ),
)
WAITING = Definition(
    "17",
    lazy("Waiting by channel and language"),
    lazy("Cases that are new or open and have a message without an answer. Snoozed and solved cases are not counted."),
)
AGEING = Definition(
    "19",
    lazy("How long customers have waited"),
    lazy("Waiting cases by the time since the first message without an answer: now − time on the network."),
)
OLDEST = Definition(
    "18",
    lazy("Waiting longest"),
    lazy("The largest time since the first message without an answer among waiting cases."),
)
TOPICS = Definition(
    "26",
    lazy("Topics of the week"),
    lazy("Number of cases of the last 7 days by tag. A case with two tags counts for both."),
)
HEALTH = Definition(
    "8",
    lazy("Channels"),
    lazy(
        "Lag is the time of arrival here − the time on the network of the latest live message. Lost is received − "
        "stored − merged − filtered − unreadable; it must be 0."
    ),
)
