"""First day: five customers, one after the other, each with something else to learn."""

from workstation.practice.courses.course import FOREIGN, OWN, Beat, Course, Persona

FIRST_DAY = Course(
    "first-day",
    {
        "parcel": Persona(401, OWN, ("thanks",)),
        "praise": Persona(402, OWN),
        "abroad": Persona(403, FOREIGN, ("thanks",)),
        "private": Persona(404, OWN, ("followup", "thanks")),
        "spam": Persona(405, OWN),
    },
    (
        Beat(1, "parcel", "question", 1),
        Beat(40, "praise", "praise", 0, picture=True),
        Beat(90, "abroad", "question", 3),
        Beat(150, "private", "direct", 1, visibility="direct"),
        Beat(200, "spam", "spam", 0),
    ),
)
