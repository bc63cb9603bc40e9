"""Real mails that lie beside the repository: each is read, or says why it cannot be."""

from pathlib import Path

import pytest

from workstation.connectors.email.mime.mail import UnreadableError, read

pytestmark = pytest.mark.needs_fixtures


def said(data: bytes) -> str:
    """What can be read of a mail, or why it cannot."""
    try:
        mail = read(data)
    except UnreadableError as error:
        return error.why
    return mail.subject + mail.text + "".join(file.name for file in mail.files)


def test_every_mail_is_readable_or_says_why_not(fixtures_dir: Path) -> None:
    found = sorted((fixtures_dir / "email").rglob("*.eml"))
    assert found
    for path in found:
        data = path.read_bytes()
        for form in (data, data.replace(b"\r\n", b"\n"), data.replace(b"\r\n", b"\r"), b"From x\n" + data):
            assert said(form).strip(), path
        for end in range(0, len(data), max(1, len(data) // 20)):
            said(data[:end])


@pytest.mark.parametrize(
    ("name", "subject", "text"),
    [
        ("multi_charset/japanese_iso_2022", "まみむめも", "すみません。"),
        ("multi_charset/ks_c_5601-1987", "test", "스티해"),
        ("error_emails/bad_encoded_subject", "TEST", "TEST"),
        ("error_emails/multiple_content_types", "Redacted", "foo"),
        ("rfc6532/utf8_headers", "Säying Hello", "body"),
        ("plain_emails/raw_email", "NOTE: 한국말로 하는 것", "대부분의 마찬가지로"),
    ],
)
def test_known_ones_read_as_they_were_written(fixtures_dir: Path, name: str, subject: str, text: str) -> None:
    path = fixtures_dir / "email" / f"{name}.eml"
    if not path.exists():
        pytest.skip(f"{name} is not here")
    mail = read(path.read_bytes())
    assert mail.subject == subject
    assert mail.text.startswith(text)


def test_reports_of_failed_deliveries_name_the_mail(fixtures_dir: Path) -> None:
    for path in (fixtures_dir / "email" / "multipart_report_emails").glob("*.eml"):
        mail = read(path.read_bytes())
        assert mail.automatic, path
        assert mail.bounced, path
