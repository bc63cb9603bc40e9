"""Whatever is asked, the network answers in order: no request makes it fail."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.practice_network import PracticeNetwork
from workstation.practice.moderation import Moderation
from workstation.practice.web import accounts, instance, media, notifications, oauth, statuses, timelines, various
from workstation.practice.web.call import Route
from workstation.practice.web.reports import Reports

AREAS = (instance, oauth, accounts, statuses, timelines, notifications, media, various)
VALUES: tuple[Any, ...] = (
    "",
    "0",
    "-1",
    "9" * 30,
    "١٢٣",
    "²",
    "null",
    "\u202e😀",
    "' OR 1=1",
    ["1", "x"],
    {"a": {"b": []}},
    None,
    True,
    1e99,
)
NAMES = (
    "limit",
    "max_id",
    "min_id",
    "since_id",
    "id",
    "account_id",
    "status_ids",
    "media_ids",
    "q",
    "acct",
    "types",
    "timeline",
    "home",
    "duration",
    "title",
    "account_ids",
    "status",
    "in_reply_to_id",
    "visibility",
    "comment",
    "category",
    "client_name",
    "redirect_uris",
    "scopes",
    "client_id",
    "code",
    "grant_type",
    "description",
    "type",
    "report_id",
    "any",
    "all",
    "poll",
)


def _routes() -> list[Route]:
    staff = Reports(Moderation.__new__(Moderation)).routes()
    return [route for area in AREAS for route in area.ROUTES] + list(staff)


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_no_value_makes_it_fail(practice: PracticeNetwork, value: Any) -> None:
    known = practice.post("hello", acct="ben_test")["id"]
    address = urlsplit(practice.base_url)
    assert address.hostname is not None
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    body = json.dumps(dict.fromkeys(NAMES, value)).encode()
    headers = {"Authorization": f"Bearer {practice.tokens['moderator']}", "Content-Type": "application/json"}
    try:
        for route in _routes():
            for identifier in (known, "0", "nonsense", "9" * 40):
                path = route.path
                for name in ("id", "hashtag", "name", "group_key"):
                    path = path.replace(f"{{{name}}}", identifier)
                connection.request(route.method, path, body, headers)
                answer = connection.getresponse()
                content = answer.read()
                assert answer.status < 500, (route.method, path, content)
                if answer.headers.get_content_type() == "application/json":
                    json.loads(content)
    finally:
        connection.close()


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{"),
        ("application/json", b"[" * 5_000),
        ("application/json", b"7"),
        ("application/json", b"\xff\xfe"),
        ("application/x-www-form-urlencoded", b"status[]=%ff&poll[options][]=1&a]=2"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("text/plain", b"status=hello"),
    ],
)
def test_no_body_makes_it_fail(practice: PracticeNetwork, content_type: str, body: bytes) -> None:
    address = urlsplit(practice.base_url)
    assert address.hostname is not None
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    headers = {"Authorization": f"Bearer {practice.tokens['agent']}", "Content-Type": content_type}
    try:
        connection.request("POST", "/api/v1/statuses", body, headers)
        answer = connection.getresponse()
        assert "error" in json.loads(answer.read())
        assert answer.status in (400, 422)
    finally:
        connection.close()


def test_an_unknown_address_is_an_error_object(practice: PracticeNetwork) -> None:
    address = urlsplit(practice.base_url)
    assert address.hostname is not None
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    try:
        connection.request("GET", "/api/v9/everything")
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())) == (404, {"error": "Not Found"})
    finally:
        connection.close()
