"""The words of the command line that are values of the domain."""

from workstation.domain.outbox import Act

CASE_ACTIONS = ("claim", "release", "resolve", "reopen")
ACTIONS = (*CASE_ACTIONS, *(act.value for act in Act if act not in (Act.POST, Act.REPLY)))
"""What `act` takes: things done to the case, and things done on the network."""

WHAT = ("messages", "cases")
FORMATS = ("csv", "jsonl")
