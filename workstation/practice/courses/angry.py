"""Angry customer: somebody who is not to be lost, in public first; they calm down if they are heard."""

from workstation.practice.courses.course import OWN, Beat, Course, Persona

ANGRY_CUSTOMER = Course(
    "angry-customer",
    {
        "angry": Persona(451, OWN, ("angry", "followup", "thanks")),
        "chorus": Persona(452, OWN, ("thanks",)),
        "question": Persona(453, OWN, ("thanks",)),
    },
    (
        Beat(1, "angry", "complaint", 3),
        Beat(45, "question", "question", 6),
        Beat(75, "chorus", "complaint", 1),
    ),
)
