"""Whether a machine wrote a mail on its own: absence notices, failed deliveries, lists, newsletters; pure."""

import re

from workstation.connectors.email.mime.headers import Head, parameterised

PRECEDENCE = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
DAEMON = re.compile(r"(?:mailer-daemon|postmaster|mail-daemon|mailerdaemon|bounces?(?:[+=-].*)?)\Z", re.IGNORECASE)
UNANSWERED = re.compile(
    r"(?:.*[._+-])?(?:no[._-]?reply|do[._-]?not[._-]?reply|nicht[._-]?antworten|ne[._-]?pas[._-]?repondre|no[._-]?responder"
    r"|non[._-]?rispondere|unattended|nobody|devnull)(?:[._+-].*)?\Z",
    re.IGNORECASE,
)
ABSENT = re.compile(
    r"\s*(?:out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?(?:reply|response|antwort)|automatische antwort"
    r"|abwesenheits(?:notiz|nachricht|assistent)|abwesend|réponse automatique|absence du bureau|respuesta automática"
    r"|fuera de la oficina|risposta automatica|resposta automática|automatisch antwoord|autosvar|automaattinen vastaus"
    r"|autom[aá]tick[áa] odpov|odpowiedź automatyczna|автоматический ответ|otomatik yanıt"
    r"|自动答复|自動回覆|自動返信|不在)",
    re.IGNORECASE,
)
FAILED = re.compile(
    r"\s*(?:undeliver(?:able|ed)|delivery (?:status notification|has failed|failure|delayed|to the following)"
    r"|mail delivery"
    r"|returned mail|failure notice|unzustellbar|nicht zustellbar|échec de la remise|non remis|no se puede entregar"
    r"|mancato recapito|warning: (?:could not send|message))",
    re.IGNORECASE,
)
OWN_FIELDS = ("x-autoreply", "x-autorespond", "x-autoresponder", "x-auto-reply", "x-failed-recipients")


def automatic(head: Head, kind: str, parameters: dict[str, str], sender: str) -> bool:
    """Whether it must not be answered by a machine."""
    said = parameterised(head.raw("auto-submitted"))[0]
    if said and said != "no":
        return True
    if head.plain("precedence").lower() in PRECEDENCE or any(head.has(name) for name in OWN_FIELDS):
        return True
    if head.has("list-id") or head.has("list-unsubscribe") or head.has("list-post"):
        return True
    if suppressed(head.plain("x-auto-response-suppress")):
        return True
    if failed(head, kind, parameters, sender):
        return True
    return ABSENT.match(head.text("subject")) is not None


def suppressed(told: str) -> bool:
    """Exchange asks that nothing be sent back; its own people's mail asks only for no receipts."""
    return bool({"all", "autoreply", "oof"} & {item.strip().lower() for item in told.split(",")})


def failed(head: Head, kind: str, parameters: dict[str, str], sender: str) -> bool:
    """Whether it tells that a mail was not delivered."""
    if kind == "multipart/report" and parameters.get("report-type", "delivery-status").lower() in {
        "delivery-status",
        "disposition-notification",
    }:
        return True
    local = sender.partition("@")[0]
    if DAEMON.match(local) is not None and (FAILED.match(head.text("subject")) or local.lower().startswith("mail")):
        return True
    return head.plain("return-path") == "<>" and FAILED.match(head.text("subject")) is not None


def unanswered(address: str) -> bool:
    """Whether an address says by its name that nobody reads what is sent there."""
    local = address.partition("@")[0]
    return UNANSWERED.match(local) is not None or DAEMON.match(local) is not None
