"""Three rules to begin with; what they say is ours to translate, what they look for is the desk's own."""

from workstation.domain.rules import Rule, Severity
from workstation.domain.text import LazyText, lazy

EXAMPLES: tuple[tuple[LazyText, LazyText, Rule], ...] = (
    (
        lazy("Refunds first"),
        lazy("Tags whoever asks for their money and moves the case up"),
        Rule("refunds", "", 'kind:mention (refund OR "money back" OR erstattung)', False, ("refund",), priority=5),
    ),
    (
        lazy("Fold what machines write"),
        lazy("Cards of bots are shown folded; a click opens them"),
        Rule("bots", "", "is:bot", False, collapse=True),
    ),
    (
        lazy("Tell me when it burns"),
        lazy("An urgent notice for words that cannot wait"),
        Rule(
            "urgent", "", "has:case (lawyer OR injured OR recall OR police)", False, ("urgent",), priority=10,
            notify=Severity.URGENT,
        ),
    ),
)  # fmt: skip
"""What it is called, what it is for, and the rule, which is named when it is taken up."""
