"""Numbers that customers name: of an order, a parcel, a ticket; found only where the text says so itself."""

import re

_LABEL = (
    r"order|bestell(?:ung|nummer|nr)?|auftrag|commande|pedido|ordine|bestelling|zam[oó]wieni[ae]|encomenda|sipari[sş]"
    r"|zakaz|заказ|замовлення|طلب|הזמנה|ऑर्डर|注文|订单|訂單|주문|parcel|paket|colis|ticket|invoice|rechnung|facture"
)
_LABELLED = re.compile(
    rf"(?:{_LABEL})[^\W\d]*\.?\s*(?:no|nr|num|number|nummer|番号|号|n[°º])?[.:]?\s*[:#№]?\s*((?:[A-Z]{{1,4}}-?)?\d{{3,14}})",
    re.IGNORECASE,
)
_SIGNED = re.compile(r"(?<![\w&/])[#№]\s?((?:[A-Z]{1,4}-?)?\d{3,14})\b")
_FURTHER = re.compile(r"\s*(?:[,/&+]|and|und|et|y|e|en|i|ve|و)\s*[#№]?\d{3}")
"""A second number right after the first: which one is meant is for a person to say."""
_LETTERED = re.compile(r"(?<![\w/#@-])([A-Z]{2,4}-?\d{4,12})\b")
LOOKED_AT = 4_000
"""Characters of a message that are searched."""


def order_number(texts: tuple[str, ...]) -> str:
    """The one order number that a customer's messages name; empty for none, and for several: a person decides then.

    A bare number is none: it may be a price, a year or a telephone number.
    """
    found: dict[str, None] = {}
    for text in texts:
        head = text[:LOOKED_AT]
        for pattern in (_LABELLED, _SIGNED, _LETTERED):
            for hit in pattern.finditer(head):
                if _FURTHER.match(head, hit.end()):
                    return ""
                found[hit[1]] = None
    return next(iter(found)) if len(found) == 1 else ""
