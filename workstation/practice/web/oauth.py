"""Sign-in: client registration, the consent page, tokens (OAuth 2 with PKCE, loopback and out-of-band redirects)."""

from html import escape
from urllib.parse import urlencode

from workstation.practice.credentials import (
    OUT_OF_BAND,
    SCOPES,
    Grant,
    allowed_redirect,
)
from workstation.practice.model import Application
from workstation.practice.web.call import Answer, Call, RefusedError, Route, invalid
from workstation.practice.web.instance import TITLE

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>body{{font:16px system-ui;max-width:34rem;margin:4rem auto;padding:0 1rem;color:#17202a;background:#fff7e0}}
b.mark{{background:#8a5a00;color:#fff;padding:.1rem .5rem;border-radius:.4rem}}button{{font:inherit;padding:.5rem 1rem}}
code{{font-size:1.2rem;word-break:break-all}}</style>
<p><b class="mark">PRACTICE</b> {title}</p>{body}</html>"""


def register(call: Call) -> Answer:
    """Register a client."""
    given = call.given
    uris = tuple(uri for item in given.many("redirect_uris") for uri in item.split())
    scopes = tuple(given.text("scopes", "read").split())
    if not given.text("client_name").strip():
        raise invalid("Name can't be blank")
    if not uris:
        raise invalid("Redirect URI can't be blank")
    unknown = [scope for scope in scopes if scope not in SCOPES]
    if unknown:
        raise invalid("Scopes doesn't match configured on the server.")
    website = given.text("website") or None
    application = call.credentials.register(given.text("client_name"), website, uris, scopes)
    return Answer(
        _application(application)
        | {
            "client_id": application.client_id,
            "client_secret": application.client_secret,
            "client_secret_expires_at": 0,
        }
    )


def _application(application: Application) -> dict[str, object]:
    return {
        "id": str(application.id),
        "name": application.name,
        "website": application.website,
        "scopes": list(application.scopes),
        "redirect_uris": list(application.redirect_uris),
        "redirect_uri": "\n".join(application.redirect_uris),
        "vapid_key": "",
    }


def verify(call: Call) -> Answer:
    """Return the client that the token belongs to."""
    name = call.token.application if call.token else ""
    for application in call.credentials.applications.values():
        if application.name == name:
            return Answer(_application(application))
    scopes = sorted(call.token.scopes) if call.token else []
    return Answer({"id": "0", "name": name, "website": None, "scopes": scopes, "redirect_uris": []})


def _requested(call: Call) -> tuple[Application, str, tuple[str, ...]]:
    given = call.given
    application = call.credentials.applications.get(given.text("client_id"))
    if application is None:
        raise RefusedError(401, "invalid_client", error_description="Client authentication failed: unknown client.")
    redirect = given.text("redirect_uri")
    if not allowed_redirect(redirect, application.redirect_uris):
        raise RefusedError(
            400, "invalid_redirect_uri", error_description="The requested redirect uri is malformed or doesn't match."
        )
    scopes = tuple(given.text("scope", "read").split())
    narrowed = {scope.rsplit(":", 1)[0] for scope in application.scopes} | set(application.scopes)
    for scope in scopes:
        parents = {":".join(scope.split(":")[:n]) for n in range(1, scope.count(":") + 2)}
        if scope not in SCOPES or not parents & narrowed:
            raise RefusedError(400, "invalid_scope", error_description="The requested scope is not allowed.")
    return application, redirect, scopes


def consent(call: Call) -> Answer:
    """Show who asks for what; `force_login` and language are ignored, everybody here is already known."""
    application, _redirect, scopes = _requested(call)
    if call.given.text("response_type") != "code":
        raise RefusedError(400, "unsupported_response_type")
    if call.given.text("code_challenge") and call.given.text("code_challenge_method") != "S256":
        raise RefusedError(400, "invalid_code_challenge_method")
    names = ("client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method")
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(call.given.text(name))}">'
        for name in names
        if call.given.has(name)
    )
    choices = "".join(
        f'<option value="{escape(box.account.username)}">{escape(box.account.display_name)}</option>'
        for box in call.network.boxes.values()
    )
    body = (
        f"<h1>{escape(application.name)} asks to be connected</h1><p>It wants: {escape(' '.join(scopes))}</p>"
        f'<form method="post" action="/oauth/authorize">{hidden}<p><label>As <select name="username">{choices}'
        '</select></label></p><button name="decision" value="allow">Allow</button> '
        '<button name="decision" value="deny">Refuse</button></form>'
    )
    return _page(body)


def decide(call: Call) -> Answer:
    """Send the browser back with a code, or show the code where the client has no address."""
    application, redirect, scopes = _requested(call)
    given = call.given
    state = {"state": given.text("state")} if given.has("state") else {}
    if given.text("decision", "allow") != "allow":
        if redirect == OUT_OF_BAND:
            return _page("<h1>Refused</h1><p>Nothing was connected.</p>")
        denied = {"error": "access_denied", "error_description": "The resource owner denied the request."}
        return _redirect(redirect, denied | state)
    account = call.network.find_account(given.text("username"))
    if account is None or account.id not in call.network.boxes:
        raise invalid("No such person")
    grant = Grant(
        application.client_id, account.id, redirect, scopes, given.text("code_challenge"), call.network.clock.now_ms()
    )
    code = call.credentials.grant(grant)
    if redirect == OUT_OF_BAND:
        return _page(f'<h1>Copy this code</h1><p><code id="code">{code}</code></p>')
    return _redirect(redirect, {"code": code} | state)


def _page(body: str) -> Answer:
    return Answer(PAGE.format(title=TITLE, body=body).encode(), content_type="text/html")


def _redirect(uri: str, query: dict[str, str]) -> Answer:
    joint = "&" if "?" in uri else "?"
    return Answer(b"", 302, {"Location": f"{uri}{joint}{urlencode(query)}"}, "text/html")


def token(call: Call) -> Answer:
    """Give a token for a code, or for the client itself."""
    given, now = call.given, call.network.clock.now_ms()
    application = call.credentials.applications.get(given.text("client_id"))
    if application is None or given.text("client_secret") != application.client_secret:
        raise RefusedError(
            401, "invalid_client", error_description="Client authentication failed due to unknown client."
        )
    grant_type = given.text("grant_type")
    if grant_type == "client_credentials":
        scopes = tuple(given.text("scope", "read").split())
        made = call.credentials.issue(None, scopes, application.name, now)
        return _token(made.value, scopes, now)
    if grant_type != "authorization_code":
        raise RefusedError(400, "unsupported_grant_type")
    grant = call.credentials.redeem(
        given.text("code"), application.client_id, given.text("redirect_uri"), given.text("code_verifier"), now
    )
    if grant is None:
        raise RefusedError(
            400, "invalid_grant", error_description="The provided authorization grant is invalid, expired or used."
        )
    made = call.credentials.issue(grant.account_id, grant.scopes, application.name, now)
    return _token(made.value, grant.scopes, now)


def _token(value: str, scopes: tuple[str, ...], now_ms: int) -> Answer:
    body = {
        "access_token": value,
        "token_type": "Bearer",
        "scope": " ".join(scopes),
        "created_at": now_ms // 1000,
    }
    return Answer(body, headers={"Cache-Control": "no-store"})


def revoke(call: Call) -> Answer:
    """Make a token worthless; needs the client's own secret."""
    application = call.credentials.applications.get(call.given.text("client_id"))
    if application is None or call.given.text("client_secret") != application.client_secret:
        raise RefusedError(403, "unauthorized_client")
    call.credentials.revoke(call.given.text("token"))
    return Answer({})


def metadata(call: Call) -> Answer:
    """Return what this server's sign-in can do (RFC 8414)."""
    base = call.network.base_url
    return Answer(
        {
            "issuer": f"{base}/",
            "authorization_endpoint": f"{base}/oauth/authorize",
            "token_endpoint": f"{base}/oauth/token",
            "revocation_endpoint": f"{base}/oauth/revoke",
            "scopes_supported": list(SCOPES),
            "response_types_supported": ["code"],
            "response_modes_supported": ["query"],
            "grant_types_supported": ["authorization_code", "client_credentials"],
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            "code_challenge_methods_supported": ["S256"],
            "app_registration_endpoint": f"{base}/api/v1/apps",
        }
    )


ROUTES = (
    Route("POST", "/api/v1/apps", register),
    Route("GET", "/api/v1/apps/verify_credentials", verify, "read"),
    Route("GET", "/oauth/authorize", consent),
    Route("POST", "/oauth/authorize", decide),
    Route("POST", "/oauth/token", token),
    Route("POST", "/oauth/revoke", revoke),
    Route("GET", "/.well-known/oauth-authorization-server", metadata),
)
