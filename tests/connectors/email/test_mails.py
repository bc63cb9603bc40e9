"""Bytes to readable mail: charsets, structures, names, dates, whatever people's programs write."""

import base64
from base64 import encodebytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.connectors.email.letters import mail, parts, raw
from workstation.connectors.email.mime.addresses import Address, addresses, identifiers, when
from workstation.connectors.email.mime.charsets import decode
from workstation.connectors.email.mime.headers import parameterised, words
from workstation.connectors.email.mime.mail import Mail, UnreadableError, read
from workstation.net.plain import TEXT_CAP


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        ("Grüße".encode(), "iso-8859-1", "Grüße"),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße"),
        ("Grüße".encode("cp1252"), "", "Grüße"),
        ("“Zoë”".encode("cp1252"), "iso-8859-1", "“Zoë”"),
        ("Grüße".encode("cp1252"), "unknown-8bit", "Grüße"),
        ("Grüße".encode("cp1252"), "x-nonsense", "Grüße"),
        ("镕基".encode("gb18030"), "gb2312", "镕基"),
        ("すみません".encode("iso-2022-jp"), "", "すみません"),
        ("①すみません".encode("cp932"), "shift_jis", "①すみません"),
        ("스티해".encode("cp949"), "ks_c_5601-1987", "스티해"),
        ("Привет, как дела".encode("cp1251"), "windows-1251", "Привет, как дела"),
        ("Привет, как ваши дела".encode("cp1251"), "", "Привет, как ваши дела"),
        ("Привет".encode("koi8-r"), "koi8-r", "Привет"),
        ("שלום".encode("cp1255"), "windows-1255", "שלום"),
        ("Grüße".encode("utf-7"), "utf-7", "Grüße"),
        ("Grüße".encode("utf-16"), "utf-8", "Grüße"),
        (b"abc", "zlib", "abc"),
        (b"\\u0041", "unicode_escape", "\\u0041"),
    ],
)
def test_charsets_as_they_occur(data: bytes, label: str, text: str) -> None:
    assert decode(data, label) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?R3LD?= =?utf-8?b?vMOfZQ==?=", "Grüße"),
        (b"=?UTF-8?Q?a?=\r\n =?UTF-8?Q?b?=", "ab"),
        (b"Re: =?iso-8859-1?Q?Gr=FC=DFe?= an =?utf-8*de?q?Zo=C3=AB?=!", "Re: Grüße an Zoë!"),
        (b"pre=?utf-8?q?=C3=BC?=post", "preüpost"),
        (b"=?utf-8?q?two words here?=", "two words here"),
        (b"=?utf-8?b?R3LDvMOfZQ?=", "Grüße"),
        (b"=?NONE?B?VEVTVA=?=", "TEST"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("latin-1"), "Grüße"),
        (b"=?utf-8?x?what?=", "=?utf-8?x?what?="),
        (b"=?gb2312?B?w/fM7A==?=", "明天"),
    ],
)
def test_encoded_words_even_where_they_must_not_stand(value: bytes, text: str) -> None:
    assert words(value) == text


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b'attachment; filename="a b.pdf"', "a b.pdf"),
        (b"attachment; filename=This is.pdf", "This is.pdf"),
        (b"attachment; filename*=utf-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf"),
        (b"attachment; filename*0*=iso-8859-1''Gr%FC; filename*1=\"ss.\"; filename*2*=pdf", "Grüss.pdf"),
        (b'attachment; filename="=?utf-8?b?R3LDvMOfZS5wZGY=?="', "Grüße.pdf"),
        (b'attachment; FILENAME="quo\\"te;.pdf"', 'quo"te;.pdf'),
    ],
)
def test_names_of_files(value: bytes, name: str) -> None:
    assert parameterised(value)[1]["filename"] == name


@pytest.mark.parametrize(
    ("field", "found"),
    [
        (b"Alice <alice@X.test>", [Address("alice@x.test", "Alice")]),
        (b"alice@x.test (Alice)", [Address("alice@x.test", "Alice")]),
        (b'"Smith, Al" <a@x.test>, b@y.test', [Address("a@x.test", "Smith, Al"), Address("b@y.test")]),
        (
            b"Team: a@x.test, B <b@x.test>;, c@x.test",
            [Address("a@x.test"), Address("b@x.test", "B"), Address("c@x.test")],
        ),
        (b"undisclosed-recipients:;", []),
        (b"=?utf-8?q?M=C3=BCller=2C_Jo?= <jo@x.test>", [Address("jo@x.test", "Müller, Jo")]),
        (b"Pete(A nice \\) chap) <pete(his account)@x.test(his host)>", [Address("pete@x.test", "Pete")]),
        (b'"broken <a@x.test>, b@x.test', [Address("a@x.test", "broken"), Address("b@x.test")]),
        ("Jöhn <jöhn@mächine.test>".encode(), [Address("jöhn@mächine.test", "Jöhn")]),
    ],
)
def test_addresses(field: bytes, found: list[Address]) -> None:
    assert [Address(item.address, item.name.partition("(")[0]) for item in addresses(field)] == found


def test_ids_and_dates() -> None:
    assert identifiers(b"<a@b> <c@d>,\r\n <a@b> <broken.\r\n x@y>") == ("a@b", "c@d")
    assert identifiers(b"a@b c@d") == ("a@b", "c@d")
    assert len(identifiers(b" ".join(b"<%d@x>" % n for n in range(500)))) == 100
    assert when(b"Mon, 2 Jun 2025 12:00:00 +0200") == 1_748_858_400_000_000
    assert when(b"Wed, 15 Dec 2010    59:10 -0500") == 0
    assert when(b"1 Jan 1970 00:00:00 +0000") == 0
    assert when(b"rubbish") == 0


def test_a_plain_mail() -> None:
    found = mail("Where is it?\n-- \nAlice")
    assert found.subject == "Question"
    assert found.text == "Where is it?\n--\nAlice"
    assert found.message_id == "one@customer.test"
    assert not found.automatic
    assert found.files == ()


def test_flowed_text_is_put_together_and_keeps_its_quotations() -> None:
    text = "This is \nlong text.\n> quoted \n> text\n>> deeper\n\n-- \nme"
    assert mail(text, head="Content-Type: text/plain; format=flowed\n").text == (
        "This is long text.\n> quoted text\n> > deeper\n\n--\nme"
    )
    japanese = mail("日本 \n語", head="Content-Type: text/plain; format=flowed; delsp=yes; charset=utf-8\n")
    assert japanese.text == "日本語"


def test_the_version_that_reads_best_is_shown() -> None:
    head, body = parts(
        "alternative",
        "Content-Type: text/plain\n\nHello from the plain side, which says all there is to say.",
        "Content-Type: text/html\n\n<p>Hello from the <b>other</b> side, which says all there is to say.</p>",
    )
    assert mail(body, head=head).text == "Hello from the plain side, which says all there is to say."
    head, body = parts(
        "alternative",
        "Content-Type: text/plain\n\nYour program cannot show HTML.",
        f"Content-Type: text/html\n\n<p>{'A long letter. ' * 30}</p>",
    )
    assert mail(body, head=head).text.startswith("A long letter.")


def test_html_alone_is_read_and_its_quotation_marked() -> None:
    html = (
        "<div>Yes, please.</div><div>On Tue, 3 Jun 2025 at 10:22, Acme &lt;agent@desk.test&gt; wrote:<br></div>"
        "<blockquote>Shall we?</blockquote>"
    )
    found = mail(html, head="Content-Type: text/html; charset=utf-8\n")
    assert found.text == ("Yes, please.\n> On Tue, 3 Jun 2025 at 10:22, Acme <agent@desk.test> wrote:\n>\n> Shall we?")


@pytest.mark.parametrize(
    "block",
    [
        "From: Acme <agent@desk.test>\nSent: Monday, 2 June 2025 10:00\nTo: Alice\nSubject: Re: Question",
        "Von: Acme <agent@desk.test>\nGesendet: Montag, 2. Juni 2025 10:00\nAn: Alice\nBetreff: AW: Frage",
        "De : Acme <agent@desk.test>\nEnvoyé : lundi 2 juin 2025 10:00\nÀ : Alice\nObjet : RE: Question",
        "发件人: Acme\n发送时间: 2025年6月2日 10:00\n收件人: Alice\n主题: 回复: 问题",
        "-----Ursprüngliche Nachricht-----\nVon: Acme",
        "On 2 Jun 2025, at 10:00, Acme wrote:",
        "Le 2 juin 2025 à 10:00, Acme a écrit :",
        "Am 02.06.2025 um 10:00 schrieb Acme:",
    ],
)
def test_the_mail_before_is_a_quotation_in_every_language(block: str) -> None:
    text = mail(f"Thank you!\n\n{block}\n\nOld words\nmore old words").text
    ours, _, theirs = text.partition("\n\n")
    assert ours == "Thank you!"
    assert all(line.startswith(">") for line in theirs.split("\n"))
    assert "Old words" in theirs


def test_what_is_forwarded_is_the_matter_itself() -> None:
    block = "From: Bob <bob@x.test>\nSent: Monday\nTo: Alice\nSubject: Complaint\n\nIt broke."
    assert "\nIt broke." in mail(f"See below.\n\n{block}", subject="Fwd: Complaint").text
    begun = "---------- Forwarded message ---------\n" + block
    assert "\nIt broke." in mail(f"See below.\n\n{begun}").text


def test_files_are_listed_with_the_numbers_that_fetch_them() -> None:
    inner_head, inner = parts(
        "related",
        "Content-Type: text/html\n\n<p>Look</p><img src='cid:a'>",
        "Content-Type: image/png; name=p.png\nContent-ID: <a>\nContent-Transfer-Encoding: base64\n\naGVsbG8=",
        boundary="b1",
    )
    head, body = parts(
        "mixed",
        f"{inner_head}\n{inner}",
        "Content-Type: application/pdf\nContent-Disposition: attachment; filename=../../bill.pdf\n\nx",
        "Content-Type: text/calendar; method=REQUEST\n\nBEGIN:VCALENDAR\nSUMMARY:Meeting\nEND:VCALENDAR",
        "Content-Type: application/ms-tnef\n\nx",
        "Content-Type: message/rfc822\n\nFrom: b@x.test\nSubject: Inner / mail\n\nInner text",
    )
    found = mail(body, head=head)
    assert found.text == "Look"
    assert [(file.section, file.name) for file in found.files] == [
        ("1.2", "p.png"),
        ("2", "bill.pdf"),
        ("3", "invite.ics"),
        ("4", "winmail.dat"),
        ("5", "Inner mail.eml"),
    ]


def test_encrypted_and_signed_mails_say_so() -> None:
    head, body = parts(
        "encrypted",
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----",
        parameters='; protocol="application/pgp-encrypted"',
    )
    found = mail(body, head=head)
    assert (found.encrypted, found.text) == (True, "")
    inline = mail("Hello\n-----BEGIN PGP MESSAGE-----\nabc\n-----END PGP MESSAGE-----\n")
    assert (inline.encrypted, inline.text) == (True, "Hello")
    smime = mail("xxxx", head="Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\n")
    assert (smime.encrypted, smime.text) == (True, "")
    head, body = parts(
        "signed",
        "Content-Type: text/plain\n\nSigned words",
        "Content-Type: application/pgp-signature\n\n-----BEGIN PGP SIGNATURE-----",
    )
    signed = mail(body, head=head)
    assert (signed.encrypted, signed.text, signed.files) == (False, "Signed words", ())
    armour = "-----BEGIN PGP SIGNATURE-----\nx\n-----END PGP SIGNATURE-----"
    clear = f"-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nSigned\n{armour}"
    assert mail(clear).text == "Signed"


def test_enriched_text_is_text() -> None:
    assert mail("<bold>Hi</bold> <<there>", head="Content-Type: text/enriched\n").text == "Hi <there>"


def test_calendar_alone_is_told() -> None:
    head, body = parts("alternative", "Content-Type: text/calendar\n\nSUMMARY:Tea\nDTSTART;TZID=X:20250602T100000")
    assert mail(body, head=head).text == "Summary: Tea\nDtstart: 20250602T100000"


@pytest.mark.parametrize(
    "fields",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (rejected)"},
        {"Precedence": "bulk"},
        {"X_Auto_Response_Suppress": "OOF, DR"},
        {"X_Auto_Response_Suppress": "All"},
        {"List_Id": "<news.x.test>"},
        {"List_Unsubscribe": "<mailto:u@x.test>"},
        {"Subject": "Automatische Antwort: Frage"},
        {"Subject": "Out of Office: Re: Question"},
        {"Subject": "=?utf-8?q?R=C3=A9ponse_automatique=C2=A0=3A_Colis?="},
        {"From": "MAILER-DAEMON@x.test", "Subject": "Undelivered Mail Returned to Sender"},
    ],
)
def test_machines_are_known(fields: dict[str, str]) -> None:
    assert mail("x", **fields).automatic


def test_people_are_no_machines() -> None:
    assert not mail("I am out of office tomorrow, call me", Auto_Submitted="no").automatic
    assert not mail("x", X_Auto_Response_Suppress="DR, RN, NRN").automatic
    assert not mail("x", Subject="Delivery has failed twice!", From="bob@x.test").automatic


BOUNCE = (
    "Content-Type: text/plain\n\nYour mail could not be delivered.",
    (
        "Content-Type: message/delivery-status\n\nReporting-MTA: x.test\n\nFinal-Recipient: rfc822; nobody@x.test\n"
        "Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 no such user"
    ),
)


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_a_report_tells_which_mail_was_not_delivered(kind: str) -> None:
    original = (
        f"Content-Type: {kind}\n\nMessage-ID: <ours@desk.test>\nReferences: <root@x.test>\nSubject: Re: Question\n"
    )
    head, body = parts("report", *BOUNCE, original, parameters="; report-type=delivery-status")
    found = mail(body, head=head, From="MAILER-DAEMON@x.test", Subject="Undelivered")
    assert found.automatic
    assert found.bounced == "ours@desk.test"
    assert found.bounced_references == ("root@x.test",)
    assert "could not be delivered" in found.text
    assert "550 no such user" in found.text


@pytest.mark.parametrize(
    "data",
    [
        raw("hello").replace(b"\r\n", b"\n"),
        raw("hello").replace(b"\r\n", b"\r"),
        b"From alice Mon Jun  2 10:00:00 2025\n" + raw("hello"),
        b"\xef\xbb\xbf" + raw("hello"),
        b"\r\n\r\n" + raw("hello"),
        raw("hello").decode().encode("utf-16"),
        b"%d\n" % len(raw("hello")) + raw("hello") + b"<?xml version='1.0'?><plist></plist>",
        raw("hello", head="Not a field\n continued\n: empty\n"),
        raw("he\0llo"),
        raw("hello", head="X-Long: " + "x" * 300_000 + "\n"),
    ],
)
def test_files_and_line_ends_of_every_kind(data: bytes) -> None:
    found = read(data)
    assert (found.subject, found.text) == ("Question", "hello")


@pytest.mark.parametrize("data", [b"", b" \r\n\0\0", bytes(range(256)) * 50])
def test_what_is_no_mail_says_why(data: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(data)
    assert caught.value.why


def test_broken_structures_show_what_is_there() -> None:
    lost = 'Content-Type: multipart/mixed; boundary="gone"\n'
    assert mail("no boundary at all", head=lost).text == "no boundary at all"
    assert "first" in mail("--other\n\nfirst\n--other--", head=lost).text
    unended = 'Content-Type: multipart/mixed; boundary="b"\n'
    assert mail("--b\n\nfirst\n--b\n\nsecond", head=unended).text == "first\n\nsecond"
    twice = 'Content-Type: text/plain\nContent-Type: multipart/alternative; boundary="b"\n'
    assert mail("--b\n\nfoo\n--b--", head=twice).text == "foo"
    packed = base64.b64encode("Grüße".encode()).decode()
    wrapped = "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n"
    assert mail(f"{packed[:3]}\n {packed[3:]}!\n", head=wrapped).text == "Grüße"
    prose = mail("This is prose, not base64.", head=wrapped)
    assert prose.text == "This is prose, not base64."


def test_files_packed_into_the_text_are_files() -> None:
    found = mail("See file.\nbegin 644 note.txt\n#86)C\n`\nend\nBye")
    assert found.text == "See file.\n\nBye"
    assert [(file.section, file.name) for file in found.files] == [("1!", "note.txt")]


def test_nothing_is_ever_too_deep_or_too_much() -> None:
    nested = "".join(f'Content-Type: multipart/mixed; boundary="b{depth}"\n\n--b{depth}\n' for depth in range(500))
    assert isinstance(read(b"From: a@b.test\n" + nested.encode() + b"\nhello"), Mail)
    circular = "Content-Type: message/rfc822\n\n" * 500
    assert isinstance(read(b"From: a@b.test\n" + circular.encode() + b"\nhello"), Mail)
    many = mail("--b\n\nx\n" * 5_000, head='Content-Type: multipart/mixed; boundary="b"\n')
    assert len(many.text) < 2_000
    long = mail("word " * 100_000)
    assert len(long.text) <= TEXT_CAP


FIELDS = st.sampled_from(
    [b"From: a@b.test", b"Subject: =?utf-8?q?x", b"Content-Type: multipart/mixed; boundary=b", b"--b", b"--b--", b"",
     b"Content-Type: text/html", b"<div><table>", b"Content-Transfer-Encoding: base64", b"aGVsbG8", b"> quoted",
     b"On 1 May 2025 at 10:00, a@b.test wrote:", b"begin 644 x", b"end", b"Content-Type: message/rfc822", b"\xff\xfe",
     b"Content-Disposition: attachment; filename*0*=x''%", b"-----BEGIN PGP MESSAGE-----", b" folded", b"\0", b"\r"]
)  # fmt: skip


@given(st.lists(st.one_of(FIELDS, st.binary(max_size=30)), max_size=40), st.sampled_from([b"\r\n", b"\n", b"\r"]))
def test_any_bytes_are_a_mail_or_say_why_not(lines: list[bytes], end: bytes) -> None:
    try:
        found = read(end.join(lines))
    except UnreadableError:
        return
    assert len(found.text) <= TEXT_CAP
    assert "\0" not in found.text + found.subject + found.sender.address
    found.text.encode("utf-8")
    found.subject.encode("utf-8")


@pytest.mark.parametrize(
    ("data", "label", "text"),
    [
        (b"\x1b$B-!-j\x1b(B (\x1b(I126\x1b(B)", "iso-2022-jp", "①㈱ (ｱｲｶ)"),
        ("Здравствуйте, где мой заказ?".encode("koi8-r"), "", "Здравствуйте, где мой заказ?"),
        ("שלום, איפה ההזמנה שלי".encode("cp1255"), "", "שלום, איפה ההזמנה שלי"),
        ("注文はどこですか。".encode("euc_jp"), "unknown-8bit", "注文はどこですか。"),
        ("주문이 어디에 있나요".encode("cp949"), "", "주문이 어디에 있나요"),
        ("Привет".encode("mac_cyrillic"), "x-mac-cyrillic", "Привет"),
        ("Grüße".encode() + b"\xe9", "utf-8", "Grüße\ufffd"),
    ],
)
def test_charsets_without_a_label_that_helps(data: bytes, label: str, text: str) -> None:
    assert decode(data, label) == text


@pytest.mark.parametrize("charset", ["gbk", "koi8-r", "shift_jis", "windows-1250"])
def test_heads_in_bare_bytes_are_read_as_the_text_is_labelled(charset: str) -> None:
    words = {
        "gbk": "您好，我的订单",
        "koi8-r": "Где заказ",
        "shift_jis": "注文です",
        "windows-1250": "Příliš žluťoučký",
    }
    said = words[charset]
    letter = f"From: {said} <z@x.test>\nSubject: {said}\nContent-Type: text/plain; charset={charset}\n\n{said}"
    found = read(letter.encode(charset))
    assert (found.sender.name, found.subject, found.text) == (said, said, said)


def test_packed_text_with_words_below_it_that_are_not() -> None:
    packed = encodebytes("Grüße aus Köln, wo ist mein Päckchen?".encode()).decode()
    head = "Content-Transfer-Encoding: base64\n"
    footer = "\n_____\nOur list\nlist@x.test\n"
    assert mail(packed + footer, head=head).text.startswith("Grüße aus Köln, wo ist mein Päckchen?\n\n_____\nOur list")
    assert mail(packed + "\n" + packed, head=head).text.count("Päckchen") == 2


def test_what_a_mail_says_that_has_no_text() -> None:
    event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Besuch\\, kurz\nLOCATION:Raum 1\nEND:VEVENT\nEND:VCALENDAR\n"
    invitation = mail(event, head="Content-Type: text/calendar; method=REQUEST\n")
    assert invitation.text == "Summary: Besuch, kurz\nLocation: Raum 1"
    assert [file.name for file in invitation.files] == ["invite.ics"]
    packed = encodebytes(raw("It broke.", Subject="Complaint")).decode()
    head = "Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n"
    forwarded = mail(packed, head=head)
    assert (forwarded.text, [file.name for file in forwarded.files]) == ("> Alice: Complaint", ["Complaint.eml"])


def test_a_name_that_is_quoted_in_part() -> None:
    found = mail(From='"A \\"B\\" C" (sales) <z@x.test>').sender
    assert (found.name, found.address) == ('A "B" C (sales)', "z@x.test")
    assert mail(From="SHOP\\zoe <z@x.test>").sender.name == "SHOP\\zoe"


@pytest.mark.parametrize(
    "head",
    [
        "Subject: Automatyczna odpowiedź: Order\n", "Subject: Fuori ufficio: Order\n", "Subject: 자동 회신: Order\n",
        "Subject: تلقائي\nX-Autogenerated: Reply\n", "Subject: رد تلقائي: Order\n", "Delivered-To: Autoresponder\n",
        "X-Apple-Action: VACATION/42\n", "X-Mail-Autoreply: yes\n", "Preference: auto_reply\n",
    ],
)  # fmt: skip
def test_machines_say_so_in_many_ways(head: str) -> None:
    assert read(f"From: b@x.test\n{head}\nI am away".encode()).automatic


@pytest.mark.parametrize(
    "head", ["Subject: Re: Out of office chairs?\n", "Auto-Submitted: no\n", "Precedence: first-class\n"]
)
def test_people_are_not_machines(head: str) -> None:
    assert not read(f"From: b@x.test\n{head}\nWhere is it?".encode()).automatic


def test_a_receipt_and_a_complaint_belong_to_the_mail_that_they_are_about() -> None:
    head, body = parts(
        "report",
        "Content-Type: text/plain\n\nYour mail was read.",
        "Content-Type: message/disposition-notification\n\nOriginal-Message-ID: <ours@desk.test>\n"
        "Disposition: manual-action/MDN-sent-manually; displayed",
        parameters="; report-type=disposition-notification",
    )
    receipt = mail(body, head=head)
    assert (receipt.automatic, receipt.bounced) == (True, "ours@desk.test")
    head, body = parts(
        "report",
        "Content-Type: text/plain\n\nAn abuse report.",
        "Content-Type: message/feedback-report\n\nFeedback-Type: abuse",
        "Content-Type: message/rfc822\n\nMessage-ID: <ours@desk.test>\nSubject: Offer\n\nBuy",
        parameters="; report-type=feedback-report",
    )
    complaint = mail(body, head=head)
    assert (complaint.automatic, complaint.bounced) == (True, "ours@desk.test")
