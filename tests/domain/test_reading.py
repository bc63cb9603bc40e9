"""Titles and quotations: nothing of a text is lost by taking it apart."""

from hypothesis import given
from hypothesis import strategies as st

from workstation.domain.messages import Author, Kind, Mark, Message
from workstation.domain.reading import account_as_written, own_words, passages, remark, title_and_body, worded
from workstation.domain.text import LazyText

LINES = st.lists(st.sampled_from(["", "> quoted", ">> twice", "own words", " > indented", "a > b"]), max_size=8)


def message(text: str, *marks: Mark) -> Message:
    return Message(1, 1, "m", Kind.MAIL, Author("mail", "a", "a", "A"), text, 0, 0, marks=marks)


def say(text: LazyText) -> str:
    """In a language of its own."""
    return f"«{text.msgid.format(**text.values())}»"


def test_a_remark_of_the_desk_is_put_into_words_where_it_is_read() -> None:
    assert remark(message("Hello", Mark.TITLED, Mark.AUTOMATIC)) is None
    assert worded(message("Hello"), say) == "Hello"
    sealed = "«This message is encrypted. It cannot be read here.»"
    assert worded(message("", Mark.ENCRYPTED), say) == sealed
    assert worded(message("Order 17", Mark.TITLED, Mark.ENCRYPTED), say) == f"Order 17\n\n{sealed}"
    assert worded(message("spam", Mark.AUTOMATIC, Mark.BANNED), say) == "«We are banned from this room.» spam"
    assert worded(message("", Mark.AUTOMATIC, Mark.LEFT), say) == "«We are no longer in this room.»"
    assert worded(message("Den", Mark.HELD, Mark.INVITED), say) == "«Invitation to the room “Den”»"
    assert worded(message("Den", Mark.INVITED), say) == "«Invitation to the room “Den”, accepted»"


@given(LINES)
def test_passages_together_are_the_text(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = list(passages(text))
    assert "\n".join(part for _, part in found) == text
    for quoted, part in found:
        assert all(line.startswith(">") == quoted for line in part.split("\n"))


@given(LINES)
def test_own_words_quote_nothing_unless_there_is_nothing_else(lines: list[str]) -> None:
    text = "\n".join(lines)
    own = own_words(text)
    if any(line.strip() and not line.startswith(">") for line in lines):
        assert not any(line.startswith(">") for line in own.split("\n"))
    else:
        assert own == text


def test_only_titled_messages_have_a_title() -> None:
    assert title_and_body(message("Subject\n\nBody\nmore", Mark.TITLED)) == ("Subject", "Body\nmore")
    assert title_and_body(message("Subject\n\nBody")) == ("", "Subject\n\nBody")
    assert title_and_body(message("Only a subject", Mark.TITLED)) == ("Only a subject", "")


def test_an_account_is_written_as_people_of_its_network_do() -> None:
    assert account_as_written("shop@social.example", "mastodon") == "@shop@social.example"
    assert account_as_written("@shop:matrix.example", "matrix") == "@shop:matrix.example"
    assert account_as_written("help@shop.example", "email") == "help@shop.example"
    assert account_as_written("Shop", "wordpress") == "Shop"
    assert account_as_written("", "mastodon") == ""
