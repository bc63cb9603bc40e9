"""What an exported row says."""

from workstation.domain.messages import Author, Kind, Mark, Message
from workstation.services.commands.export import message_row


def row(text: str, *marks: Mark) -> str:
    author = Author("matrix", "@a:x", "a:x", "A")
    message = Message(1, 1, "$1", Kind.DIRECT, author, text, 0, 0, marks=marks)
    return str(message_row(message, {1: "m"})["text"])


def test_what_cannot_be_read_is_no_empty_row() -> None:
    assert row("Hello") == "Hello"
    assert row("", Mark.ENCRYPTED) == "This message is encrypted. It cannot be read here."
    assert row("The den", Mark.HELD, Mark.INVITED) == "Invitation to the room “The den”"
