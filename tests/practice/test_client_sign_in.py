"""Sign-in as a browser and Mastodon.py go through it."""

import re
import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonIllegalArgumentError, MastodonUnauthorizedError

from tests.practice_network import PracticeNetwork
from workstation.practice.credentials import OUT_OF_BAND, s256

LOOPBACK = "http://127.0.0.1/callback"


def _register(practice: PracticeNetwork, **values: str) -> dict[str, str]:
    form = {"client_name": "Desk under test", "redirect_uris": f"{LOOPBACK}\n{OUT_OF_BAND}", "scopes": "read write"}
    made: dict[str, str] = requests.post(f"{practice.base_url}/api/v1/apps", data=form | values, timeout=60).json()
    return made


def test_out_of_band_code(practice: PracticeNetwork) -> None:
    scopes = ["read", "write"]
    identifier, secret = Mastodon.create_app("Desk under test", api_base_url=practice.base_url, scopes=scopes)
    client = Mastodon(identifier, secret, api_base_url=practice.base_url)
    assert client.oauth_authorization_server_info().code_challenge_methods_supported == ["S256"]
    address = client.auth_request_url(scopes=scopes, allow_http=True)
    page = requests.get(address, timeout=60)
    assert "Desk under test" in page.text
    assert "PRACTICE" in page.text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.text))
    shown = requests.post(f"{practice.base_url}/oauth/authorize", fields | {"username": "larkmoor_care"}, timeout=60)
    code = re.search(r'<code id="code">([^<]+)</code>', shown.text)
    assert code is not None
    token = client.log_in(code=code[1], scopes=scopes, allow_http=True)
    assert client.me().username == "larkmoor_care"
    assert client.app_verify_credentials().name == "Desk under test"
    client.revoke_access_token(allow_http=True)
    after = Mastodon(access_token=token, api_base_url=practice.base_url)
    with pytest.raises(MastodonUnauthorizedError):
        after.me()
    with pytest.raises((MastodonAPIError, MastodonIllegalArgumentError)):  # a code is good for one time
        client.log_in(code=code[1], scopes=scopes, allow_http=True)
    client.session.close()
    after.session.close()


@pytest.mark.parametrize("verifier_fits", [True, False])
def test_loopback_redirect_with_proof_of_possession(practice: PracticeNetwork, verifier_fits: bool) -> None:
    application = _register(practice)
    verifier, redirect = secrets.token_urlsafe(48), "http://127.0.0.1:50123/callback"
    asked = {
        "client_id": application["client_id"],
        "redirect_uri": redirect,
        "scope": "read write:statuses",
        "response_type": "code",
        "state": "s t&te",
        "code_challenge": s256(verifier),
        "code_challenge_method": "S256",
    }
    page = requests.get(f"{practice.base_url}/oauth/authorize", asked, timeout=60)
    assert page.status_code == 200
    answer = requests.post(
        f"{practice.base_url}/oauth/authorize", asked | {"username": "moderator"}, timeout=60, allow_redirects=False
    )
    assert answer.status_code == 302
    back = urlsplit(answer.headers["Location"])
    query = parse_qs(back.query)
    assert (back.netloc, back.path, query["state"]) == ("127.0.0.1:50123", "/callback", ["s t&te"])
    form = {
        "grant_type": "authorization_code",
        "code": query["code"][0],
        "client_id": application["client_id"],
        "client_secret": application["client_secret"],
        "redirect_uri": redirect,
        "code_verifier": verifier if verifier_fits else "another",
    }
    token = requests.post(f"{practice.base_url}/oauth/token", form, timeout=60)
    if verifier_fits:
        assert token.json()["scope"] == "read write:statuses"
        assert token.json()["token_type"] == "Bearer"
    else:
        assert (token.status_code, token.json()["error"]) == (400, "invalid_grant")


def test_refusal_and_wrong_requests(practice: PracticeNetwork) -> None:
    application = _register(practice)
    asked = {
        "client_id": application["client_id"],
        "redirect_uri": LOOPBACK,
        "scope": "read",
        "response_type": "code",
    }
    refused = requests.post(
        f"{practice.base_url}/oauth/authorize", asked | {"decision": "deny"}, timeout=60, allow_redirects=False
    )
    assert "error=access_denied" in refused.headers["Location"]
    for wrong in (
        {"client_id": "nobody"},
        {"redirect_uri": "https://elsewhere.invalid/"},
        {"scope": "admin:read"},
        {"response_type": "token"},
        {"code_challenge": "x", "code_challenge_method": "plain"},
    ):
        assert requests.get(f"{practice.base_url}/oauth/authorize", asked | wrong, timeout=60).status_code in (400, 401)
    assert "error" in _register(practice, scopes="everything")
    assert "error" in _register(practice, client_name="")
