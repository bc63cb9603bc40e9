"""Crisis hour: a wave of double charges that grows, and in the middle of it one message about leaking gas."""

from workstation.practice.courses.course import FOREIGN, OWN, Beat, Course, Persona

WAVE = 26
"""People who were charged twice."""
_CHARGED = {f"charged{number}": Persona(410 + number, FOREIGN if number % 3 == 2 else OWN, ("thanks",) if number % 2
                                        else ("followup", "thanks")) for number in range(WAVE)}  # fmt: skip


def _moment(number: int) -> float:
    """Slowly at first, then ever faster: seconds after the start."""
    return 3 + 220 * (1 - (1 - number / WAVE) ** 2)


CRISIS_HOUR = Course(
    "crisis-hour",
    {
        **_CHARGED,
        "gas": Persona(440, OWN, ("thanks",)),
        "praise": Persona(441, OWN),
        "parcel": Persona(442, OWN, ("thanks",)),
    },
    (
        *(Beat(_moment(number), name, "crisis_payment", number) for number, name in enumerate(_CHARGED)),
        Beat(60, "parcel", "question", 1),
        Beat(110, "gas", "crisis_stove", 0),
        Beat(140, "praise", "praise", 1),
    ),
)
