"""Which languages are written in which script, and letters that only some of these have."""

OF_SCRIPT: dict[str, tuple[str, ...]] = {
    "Hang": ("ko",), "Kana": ("ja",), "Thai": ("th",), "Grek": ("el",), "Hebr": ("he", "yi"), "Armn": ("hy",),
    "Geor": ("ka",), "Laoo": ("lo",), "Khmr": ("km",), "Mymr": ("my",), "Taml": ("ta",), "Telu": ("te",),
    "Knda": ("kn",), "Mlym": ("ml",), "Gujr": ("gu",), "Guru": ("pa",), "Orya": ("or",), "Sinh": ("si",),
    "Tibt": ("bo",), "Ethi": ("am",), "Thaa": ("dv",), "Hani": ("zh", "ja", "yue"), "Beng": ("bn", "as"),
    "Deva": ("hi", "mr", "ne", "sa"), "Arab": ("ar", "fa", "ur", "ps", "ug", "sd", "ku"),
    "Cyrl": ("ru", "uk", "bg", "be", "mk", "sr", "kk", "ky", "mn", "tg", "tt", "ba"), "Mong": ("mn",),
}  # fmt: skip

_LETTERS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "Cyrl": (
        ("іїєґ", ("uk", "be", "kk", "ky")),
        ("їєґ", ("uk",)),
        ("ыэё", ("ru", "be", "kk", "ky", "mn", "tt", "ba")),
        ("ўі", ("be", "uk", "kk")),
        ("ђћљњџј", ("sr", "mk")),
        ("ѓќѕ", ("mk",)),
        ("ңғұқәһүө", ("kk", "ky", "mn", "tt", "ba", "tg")),
    ),
    "Arab": (
        ("پچژگ", ("fa", "ur", "ps", "ug", "sd", "ku")),
        ("کی", ("fa", "ur", "ps", "sd", "ku")),
        ("ٹڈڑںےھ", ("ur", "sd")),
        ("ةىأإ", ("ar",)),
        ("ېۍټډړږښګڼ", ("ps",)),
    ),
    "Deva": (("ळ", ("mr", "sa", "ne")),),
}
"""Letters, and who writes them: a text with them is hardly in another language of the same script."""
_TELLS = 2.0

_MARKED = {
    "de": "äöüß", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü", "pt": "áâãàçéêíóôõúü", "it": "àèéìîòóù", "nl": "éëïóöüèá",
    "pl": "ąćęłńóśźż", "tr": "âçğıîöşüû", "vi": "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "sv": "åäöé", "da": "æøåé", "nb": "æøåéòô", "nn": "æøåéòô", "fi": "äöå", "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž", "hu": "áéíóöőúüű", "ro": "ăâîșțşţ", "hr": "čćđšž", "sr": "čćđšž", "bs": "čćđšž",
    "sl": "čšž", "et": "äõöüšž", "lv": "āčēģīķļņšūž", "lt": "ąčęėįšųūž", "ca": "àçéèíïóòúü", "gl": "áéíñóúü",
    "eu": "ñü", "is": "áðéíóúýþæö", "ga": "áéíóú", "cy": "âêîôûŵŷ", "eo": "ĉĝĥĵŝŭ", "sq": "ëç", "az": "çəğıöşü",
    "af": "êëéèôöûî", "en": "", "id": "é", "ms": "é", "fil": "ñ", "sw": "",
}  # fmt: skip
"""Latin letters beyond A to Z that a language writes with."""
_LACKS = -1.2
"""What a letter says against a language that does not write it; names bring such letters into every language."""

_TRADITIONAL = frozenset(
    "們個來這說時會對後過麼還沒為學國點開問題東嗎給兩發現見長頭電車請買賣錢單訂寄貨號碼機讓幫謝歡樂愛氣業務處應該當書"
    "話語讀寫聽覺親員圖場實際裡邊進遠遲運選間關門陽陰雲風飛魚鳥馬龍黃體驗證據網絡線紅綠藍銀鐵鐘錶衛視觀總統專製複雜舊"
    "價優惠貴賓顧產評論絕對誤壞損換補償責聯繫係復據傳輸試嚴許認識變動態麗歲歷經濟質量類別雙隻條張燈熱無義勝負戰爭"
)
_SIMPLIFIED = frozenset(
    "们个来这说时会对后过么还没为学国点开问题东吗给两发现见长头电车请买卖钱单订寄货号码机让帮谢欢乐爱气业务处应该当书"
    "话语读写听觉亲员图场实际里边进远迟运选间关门阳阴云风飞鱼鸟马龙黄体验证据网络线红绿蓝银铁钟表卫视观总统专制复杂旧"
    "价优惠贵宾顾产评论绝对误坏损换补偿责联系系复据传输试严许认识变动态丽岁历经济质量类别双只条张灯热无义胜负战争"
)


def letters_tell(script: str, text: str) -> dict[str, float]:
    """What letters say for the languages that write them and against the others of the script."""
    told: dict[str, float] = {}
    if script == "Latn":
        return {} if text.isascii() else _marked(text)
    small = text.lower()
    for letters, languages in _LETTERS.get(script, ()):
        if any(letter in small for letter in letters):
            for language in languages:
                told[language] = told.get(language, 0.0) + _TELLS
    return told


def _marked(text: str) -> dict[str, float]:
    letters = {letter for letter in text.lower() if letter.isalpha() and not letter.isascii()}
    told = {}
    for language, own in _MARKED.items():
        missing = sum(letter not in own for letter in letters)
        if missing:
            told[language] = _LACKS * min(missing, 4)
    return told


def chinese(text: str) -> str:
    """`zh-Hans` or `zh-Hant` by the characters that the two forms do not share; `zh` where none is in the text."""
    simplified = sum(text.count(letter) for letter in _SIMPLIFIED - _TRADITIONAL)
    traditional = sum(text.count(letter) for letter in _TRADITIONAL - _SIMPLIFIED)
    if simplified == traditional:
        return "zh"
    return "zh-Hans" if simplified > traditional else "zh-Hant"
