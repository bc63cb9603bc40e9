"""Which thread a mail belongs to: by the ids that it answers; by its subject only between the same people; pure."""

import re

from workstation.connectors.email.compose import ANSWERS
from workstation.connectors.email.directory import Directory, id_of
from workstation.connectors.email.mime.mail import FORWARD, Mail

TAG = re.compile(r"\s*\[[^\]]{1,40}\]\s*")


def threaded(mail: Mail, remote_id: str, directory: Directory) -> tuple[str, str]:
    """The branch (id of its first mail) and what is answered (id or empty).

    The branch is empty where only one mail is named that was not seen lately: the desk knows where that one belongs.
    """
    named = (*mail.bounced_references, mail.bounced, *mail.references, mail.in_reply_to)
    chain = [item for item in dict.fromkeys(id_of(item) for item in named if item) if item != remote_id]
    parent = id_of(mail.in_reply_to) if mail.in_reply_to else ""
    if mail.bounced:
        parent = id_of(mail.bounced)
    if not parent or parent == remote_id:
        parent = chain[-1] if chain else ""
    branch = next((found for item in reversed(chain) if (found := directory.branch(item))), "")
    if not branch and chain:
        if len(chain) == 1:
            return "", parent
        branch = chain[0]
    if not chain and is_answer(mail.subject):
        # Without any id to go by, the same people on the same subject are taken to go on talking.
        branch = next((found for key in keys(mail) if (found := directory.talked(key))), "")
    branch = branch or remote_id
    directory.file(remote_id, branch)
    for key in keys(mail):
        directory.talk(key, branch)
    return branch, parent


def is_answer(subject: str) -> bool:
    """Whether a subject says that it answers one."""
    return ANSWERS.match(subject) is not None and FORWARD.match(subject) is None


def forgotten(mail: Mail, directory: Directory) -> bool:
    """Whether a mail answers one that it does not name, and that was not seen lately."""
    if mail.references or mail.in_reply_to or mail.bounced or not is_answer(mail.subject):
        return False
    return bool(keys(mail)) and not any(directory.talked(key) for key in keys(mail))


def matter(subject: str) -> str:
    """A subject without the marks of answers, lists and forwarding."""
    bare = subject
    for _ in range(10):
        found = ANSWERS.match(bare) or FORWARD.match(bare) or TAG.match(bare)
        if found is None:
            break
        bare = bare[found.end() :]
    return bare.strip()


def keys(mail: Mail) -> tuple[str, ...]:
    """What a mail is found by when an answer names no id: the subject and each pair of people."""
    subject = " ".join(matter(mail.subject).casefold().split())
    if len(subject) < 4:
        return ()
    people = [item.key for item in mail.to[:10]]
    return tuple("\n".join((*sorted((mail.sender.key, other)), subject)) for other in people)
