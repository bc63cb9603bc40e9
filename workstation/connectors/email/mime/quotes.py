"""What was quoted, marked as such: lines that begin with `> `, however the writer's program shows quotations."""

import re

MARKED = re.compile(r"((?:[>|] ?)+)(.*)", re.DOTALL)
QUOTE_LINE = re.compile(r"[ \t]?>")
DEPTH = 6
ATTRIBUTION_CAP = 300
BLOCK_WITHIN = 12
"""Lines in which the head of a quoted mail stands."""

DASHES = r"[-_–—]{2,}"
ORIGINAL = re.compile(
    rf"\s*{DASHES}\s*(?:original(?:e|nachricht)?|urspr[üu]ngliche|message d['’]origine|mensaje original"
    r"|messaggio originale|mensagem original|oorspronkelijk|oprindelig|opprinnelig|ursprungligt|alkuper[äa]inen"
    r"|wiadomo[śs][ćc] oryginalna|p[ůu]vodn[íi]|исходное|пересылаемое|orijinal|原始邮件|原始郵件|元のメッセージ|원본)"
    rf"[^\n]{{0,60}}?(?:{DASHES})?\s*\Z",
    re.IGNORECASE,
)
FORWARDED = re.compile(
    rf"\s*(?:{DASHES}\s*(?:forwarded|weitergeleitete|message transf[ée]r|mensaje reenviado|messaggio inoltrato"
    r"|mensagem encaminhada|doorgestuurd|videresendt|vidarebefordrat|пересылаемое|转发|轉寄|転送)[^\n]{0,60}"
    r"|(?:begin forwarded message|anfang der weitergeleiteten nachricht|début du message (?:réexpédié|transféré)"
    r"|inizio messaggio inoltrato|inicio del mensaje reenviado|начало переадресованного сообщения)\s*:?)\s*\Z",
    re.IGNORECASE,
)
NAMES = {
    "from": "from|von|de|da|van|från|fra|od|lähettäjä|lähettäjä|от|от кого|gönderen|kimden|发件人|寄件者|差出人"
    "|보낸 사람|feladó|remitente|από|מאת|من",
    "date": "sent|date|gesendet|datum|envoyé|envoyé le|enviado|enviado el|fecha|data|inviato|verzonden|skickat|sendt"
    "|dato|wysłano|odesláno|отправлено|дата|lähetetty|gönderilme|tarih|gönderildi|发送时间|日期|寄件日期|送信日時|日時"
    "|보낸 날짜|küldve|dátum|στάλθηκε|נשלח",
    "to": "to|an|à|para|a|aan|till|til|do|komu|кому|vastaanottaja|kime|alıcı|收件人|宛先|받는 사람|címzett|cc"
    "|kopie|kopia|копия",
    "subject": "subject|betreff|objet|asunto|oggetto|assunto|onderwerp|ämne|emne|temat|předmět|тема|aihe|konu|主题|主旨"
    "|件名|제목|tárgy|θέμα|נושא",
}
FIELD = {key: re.compile(rf"\s*\*{{0,2}}(?:{names})\*{{0,2}}\s*[:：]", re.IGNORECASE) for key, names in NAMES.items()}
WROTE = re.compile(
    r"(?:\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|skrev|napisał\(a\)|napisał|napsal\(a\)"
    r"|kirjoitti|yazdı|írta|scris|έγραψε)\b|написал(?:\(?а\)?)?|пишет|写道|寫道|さんは書きました|のメッセージ|님이 작성"
    r"|כתב|كتب)"
    r"[^\n]{0,60}[:：]?\s*\Z",
    re.IGNORECASE,
)
TIMED = re.compile(r"\d{1,2}[:.]\d\d|\d{4}|\d{1,2}\s?[月日]")


def marked(text: str, *, forwarded: bool = False) -> str:
    """The text with everything quoted behind `> `. `forwarded`: what follows the head of another mail is the matter
    itself, and stays.
    """
    lines = [_normal(line) for line in text.split("\n")]
    start = _begins(lines, forwarded=forwarded)
    if start >= 0:
        lines[start:] = [_quoted(line) for line in lines[start:]]
    _attributions(lines)
    return "\n".join(lines)


def _normal(line: str) -> str:
    """A quoted line in one way of writing: `> ` for every level."""
    if QUOTE_LINE.match(line) is None:
        return line
    found = MARKED.match(line.lstrip())
    if found is None:
        return line
    depth = min(found[1].count(">") + found[1].count("|"), DEPTH)
    return f"{'> ' * depth}{found[2]}".rstrip()


def _quoted(line: str) -> str:
    return f"> {line}".rstrip()


def _begins(lines: list[str], *, forwarded: bool) -> int:
    """Where the mail before stands in full, with its head but without marks; -1 where it does not."""
    for index, line in enumerate(lines):
        if len(line) > ATTRIBUTION_CAP or line.startswith("> "):
            continue
        if FORWARDED.match(line) is not None:
            return -1
        if ORIGINAL.match(line) is not None or _is_head(lines, index):
            return -1 if forwarded or not any(item.strip() for item in lines[:index]) else index
        if WROTE.search(line) and TIMED.search(_with_before(lines, index)) and not _marks_follow(lines, index):
            rest = any(item.strip() and not item.startswith(">") for item in lines[index + 1 :])
            return _first_of(lines, index) if rest and line.rstrip().endswith((":", "：")) else -1
    return -1


def _is_head(lines: list[str], index: int) -> bool:
    """From, date, and one more field of a head, close to each other."""
    if FIELD["from"].match(lines[index]) is None:
        return False
    near = [line for line in lines[index + 1 : index + BLOCK_WITHIN] if line.strip()][:6]
    kinds = {key for line in near for key in ("date", "to", "subject") if FIELD[key].match(line)}
    return "date" in kinds and len(kinds) >= 2


def _with_before(lines: list[str], index: int) -> str:
    return " ".join(lines[max(0, index - 2) : index + 1])


def _marks_follow(lines: list[str], index: int) -> bool:
    following = [line for line in lines[index + 1 : index + 4] if line.strip()]
    return bool(following) and following[0].startswith(">")


def _first_of(lines: list[str], index: int) -> int:
    """The first line of an attribution that was broken into several."""
    first = index
    while first > max(0, index - 2) and lines[first - 1].strip() and not TIMED.search(lines[first]):
        first -= 1
    return first


def _attributions(lines: list[str]) -> None:
    """Who wrote what is quoted below belongs to the quotation."""
    for index in range(1, len(lines)):
        if not lines[index].startswith(">") or lines[index - 1].startswith(">"):
            continue
        last = index - 1
        if not lines[last].strip() and last > 0:
            last -= 1
        line = lines[last].rstrip()
        if not line or line.startswith(">") or not line.endswith((":", "：")) or len(line) > ATTRIBUTION_CAP:
            continue
        told = _with_before(lines, last)
        if not (WROTE.search(line) or "@" in told) or not (TIMED.search(told) or "@" in told or WROTE.search(line)):
            continue
        for place in range(_first_of(lines, last), index):
            lines[place] = _quoted(lines[place])
