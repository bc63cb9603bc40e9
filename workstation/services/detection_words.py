"""Words that tell a language by themselves in posts of a few words, where statistics have nothing to count yet.

Greetings, thanks, complaints and the small words of talk, written down for this desk; and words by which a language is
known that is written in Latin letters though it has its own.
"""

from functools import lru_cache

COMMON = {
    "en": """the and is are was what when where why how who this that with for you your my me we they please thanks
        thank hello hi hey yes not no order refund late still waiting broken help sorry great love awesome nice good
        morning bad have has been can could would should will do does did don't can't it's i'm i've won't any it""",
    "de": """der die das und ist sind war nicht kein keine ich wir sie ihr mein meine danke bitte hallo guten tag
        morgen abend ja nein doch wann warum wie wer wo bestellung lieferung paket rechnung kaputt geld zurück schon
        noch immer auch sehr gut schlecht toll super schön hilfe leider habe hat haben wird für mit auf bei über dank
        vielen grüße tschüss stimmt genau weiter kommt nichts etwas""",
    "fr": """le la les une est sont était pas je nous vous votre mon ma mes merci beaucoup bonjour bonsoir salut oui
        non quand pourquoi comment où qui quoi commande livraison colis facture cassé remboursement toujours encore
        très bien mal aide désolé s'il plaît c'est j'ai n'est avec pour dans sur au aux avez bonne journée génial
        nul voilà d'accord aucun ça""",
    "es": """el los las una es son está no pero yo nosotros ustedes usted mi mis gracias muchas hola buenos buenas
        días tardes noches sí cuándo cuando porqué cómo dónde quién qué pedido envío paquete factura roto reembolso
        siempre todavía muy bien mal ayuda siento favor con para por del al adiós genial vale claro nada nunca hay
        tengo tiene llega llegado sigo esperando saludos vergüenza quiero puedo""",
    "pt": """o os as uma é são está não mas eu nós vocês você meu minha obrigado obrigada muito olá oi bom boa dia
        tarde noite sim quando porque como onde quem pedido encomenda entrega pacote fatura quebrado reembolso sempre
        ainda bem mal ajuda desculpa com para por favor do da dos das ao tchau valeu nada nunca tenho tem chegou
        estou esperando até já isso aqui péssimo ótimo""",
    "it": """il lo gli una è sono era non ma io noi voi mio mia grazie mille ciao buongiorno buonasera sì quando
        perché come dove chi cosa ordine spedizione pacco fattura rotto rimborso sempre ancora molto bene male aiuto
        scusa scusate prego con per del della che di va ho hai abbiamo niente mai vergogna arrivato aspetto sto
        ottimo bello brutto saluti questo quello""",
    "nl": """de het een en is zijn was niet geen ik wij jullie mijn bedankt dank hallo hoi goedemorgen goedenavond
        ja nee wanneer waarom hoe waar wie wat bestelling levering pakket factuur kapot geld terug steeds nog altijd
        heel erg goed slecht hulp alstublieft alsjeblieft met voor op bij naar ook heb heeft hebben wordt doei groetjes
        lekker leuk mooi graag weet maar dat dit""",
    "pl": """i w nie jest są był dziękuję dzięki dzień dobry cześć hej witam tak kiedy dlaczego jak gdzie kto co
        zamówienie paczka przesyłka faktura zepsuty zwrot nadal zawsze bardzo dobrze źle pomoc proszę przepraszam z za
        na do się mam masz mamy super świetnie ale już jeszcze czekam nic nigdy pozdrawiam gdy ten to ta moje mój""",
    "uk": """і в не є був дякую добрий день вечір привіт так ні коли чому як де хто що замовлення посилка рахунок
        зламаний повернення досі завжди дуже добре погано допомога будь ласка вибачте з за на до мені мій ще вже чекаю
        нічого ніколи вітаю це та але""",
    "ru": """и в не есть был спасибо добрый день вечер привет здравствуйте да нет когда почему как где кто что заказ
        посылка счёт сломан возврат ещё всё всегда очень хорошо плохо помощь помогите пожалуйста извините с за на до
        мне мой уже жду ничего никогда это но""",
    "tr": """ve bir bu değil ben biz siz benim teşekkürler teşekkür ederim merhaba selam günaydın iyi günler akşamlar
        evet hayır ne zaman neden niçin nasıl nerede kim sipariş siparişim kargo fatura bozuk iade hâlâ hala her çok
        güzel kötü yardım lütfen üzgünüm ile için var yok mı mi mu mü tamam ama gelmedi bekliyorum hiç şey""",
    "id": """dan yang di ini itu tidak saya kami anda terima kasih halo hai selamat pagi siang malam ya kapan kenapa
        mengapa bagaimana dimana siapa apa pesanan kiriman paket faktur rusak pengembalian masih selalu sangat baik
        buruk bantuan tolong maaf dengan untuk belum sudah bisa mau ada nggak gak banget kok dong sih kak dari pada""",
    "ms": """dan yang ini itu tidak saya kami anda terima kasih helo selamat pagi petang malam ya bila kenapa mengapa
        bagaimana mana siapa apa pesanan bungkusan invois rosak bayaran balik masih selalu sangat baik bantuan tolong
        maaf dengan untuk belum sudah boleh mahu ada tak awak korang macam sebab""",
    "vi": """và là không tôi chúng bạn của cảm ơn xin chào vâng khi nào tại sao thế ở đâu ai gì đơn hàng giao gói hóa
        đơn hỏng hoàn tiền vẫn luôn rất tốt tệ giúp vui lòng lỗi với cho chưa rồi được có em anh chị ạ nhé shop mình""",
    "sv": """och är var inte jag vi ni min mitt tack så mycket hej god morgon kväll ja nej när varför hur vem vad
        beställning leverans paket faktura trasig pengar tillbaka fortfarande alltid väldigt bra dåligt hjälp snälla
        förlåt med för på till också har hade det den ett en men skäms kanske något""",
    "da": """og er var ikke jeg vi min mit tak mange hej godmorgen godaften ja nej hvornår hvorfor hvordan hvem hvad
        bestilling levering pakke faktura ødelagt penge tilbage stadig altid meget godt dårligt hjælp venligst undskyld
        med for på til også har havde det den et en men noget bliver kun af""",
    "nb": """og er var ikke jeg vi min mitt takk mange hei morn god morgen kveld ja nei når hvorfor hvordan hvem hva
        bestilling levering pakke faktura ødelagt penger tilbake fortsatt alltid veldig bra dårlig hjelp vennligst
        unnskyld beklager med for på til også har hadde det den et en men noe blir bare av""",
    "fi": """ja on oli ei minä me te minun kiitos paljon hei moi huomenta iltaa kyllä milloin miksi miten missä kuka
        mitä tilaus toimitus paketti lasku rikki rahat takaisin vielä aina hyvin hyvä huono apua anteeksi kanssa että
        mutta myös olen olet ole tämä se""",
    "cs": """a je jsou byl není já my vy můj moje děkuji díky dobrý den večer ahoj čau ano ne kdy proč jak kde kdo co
        objednávka balík zásilka faktura rozbitý peníze zpět stále vždy velmi dobře špatně pomoc prosím promiňte s pro
        na do se že ale už ještě čekám nic nikdy mám""",
    "hu": """és az egy nem van volt én mi köszönöm köszi szia sziasztok jó reggelt napot estét igen mikor miért hogyan
        hol ki mit rendelés csomag számla törött pénz vissza még mindig nagyon rossz segítség kérem kérlek bocsánat hogy
        de már ez soha semmi""",
    "ro": """și este sunt era nu eu noi voi mulțumesc mersi bună ziua seara salut da când cum unde cine comanda colet
        factura stricat banii înapoi încă mereu foarte bine rău ajutor vă rog scuze cu pentru pe la dar că am ai""",
    "ar": """شكرا مرحبا السلام عليكم نعم لا متى لماذا كيف أين من ماذا طلب طلبي شحنة فاتورة استرداد ما زال دائما جدا
        جيد سيء مساعدة آسف مع في على هل لو سمحت من فضلك الله هذا هذه لم لن أنا نحن عندي وين ليش شو الى إلى""",
    "fa": """سلام ممنون مرسی متشکرم بله نه کی چرا چطور کجا چه سفارش سفارشم بسته فاکتور خراب پول هنوز همیشه خیلی خوب بد
        کمک لطفا ببخشید با برای از است هست نیست من ما شما این آن را که می است؟ دارم خداحافظ""",
    "ur": """شکریہ سلام ہاں نہیں کب کیوں کیسے کہاں کون کیا آرڈر پارسل رقم واپس ابھی ہمیشہ بہت اچھا برا مدد معاف ہے ہیں
        میں کے کی کا سے کو یہ وہ اور ہم آپ""",
    "he": """תודה שלום בוקר טוב ערב כן לא מתי למה איך איפה מי מה הזמנה משלוח חבילה חשבונית שבור החזר עדיין תמיד מאוד רע
        עזרה בבקשה סליחה עם של את אני אנחנו זה""",
    "hi": """धन्यवाद शुक्रिया नमस्ते हाँ नहीं कब क्यों कैसे कहाँ कौन क्या ऑर्डर पार्सल पैसे वापस अभी हमेशा बहुत अच्छा
        बुरा मदद कृपया माफ़ है हैं था थी में के की का से को यह वह और मैं हम आप""",
    "mr": """धन्यवाद नमस्कार होय नाही कधी का कसे कुठे कोण काय आहे आहेत होते मी आम्ही तुम्ही आणि माझा माझी मदत कृपया""",
    "ca": """i és són no jo gràcies moltes hola bon dia bona tarda nit sí quan per què com on qui comanda enviament
        factura trencat encara sempre molt bé malament ajuda si us plau amb però també aquest això meu meva""",
}
"""By language; a word may stand in several."""

LATINISED = {
    "hi": """hai nahi nahin kya kyun kyon kaise kaisa bhai yaar acha accha theek thik mera meri mere aap tum hum karo
        karna kar raha rahi rahe abhi bahut bohot paisa paise wapas kab kahan koi kuch matlab hoga gaya gayi mujhe
        aapka aapki haan namaste shukriya dhanyavaad chahiye bilkul sirf lekin aur""",
    "ar": """ana enta enti mish mesh mafi fein feen wein wen leish leh lesh shu shukran 3ala 3andi m3a 7abibi 7abibti
        habibi inshallah wallah yalla el7amdulillah hamdulillah marhaba ahlan kifak kifik keefak bas kteer ktir ya3ni
        sa7 la2 sho 3am mu 9adi 3lach labas bzaf wach chokran""",
    "ru": """privet spasibo pozhaluysta pozhalujsta zdravstvuyte zdravstvuite kak dela pochemu kogda gde moy zakaz
        bolshoe ochen khorosho horosho ploho nichego eto chto esche yeshche uzhe menya mne net ya vy ne do svidaniya
        dengi pomogite""",
    "uk": """dyakuyu diakuiu dobryi den pryvit chomu koly harazd zamovlennya bud laska duzhe meni nemaye shche""",
    "el": """kalimera kalispera efharisto efxaristo euxaristo parakalo ti kaneis pos eisai den einai giati pote pou
        re malaka kala nai oxi ohi paraggelia mou sou""",
    "ja": """arigatou arigato gozaimasu gozaimashita konnichiwa konbanwa ohayou sumimasen gomen nasai desu masu kudasai
        onegai shimasu onegaishimasu watashi boku doko nani itsu naze dou shite hai iie mada""",
    "ko": """annyeong annyeonghaseyo haseyo kamsahamnida gamsahamnida gomawo jebal wae eodi eonje juseyo hwanbul neomu
        joayo sarang hae""",
    "zh": """nihao ni hao xiexie xie zaijian zai jian duibuqi weishenme shenme shihou women wo de dingdan meiyou keyi
        qing wen tuikuan hen ma""",
    "fa": """salam merci mamnoon mamnun chera chetor chetori kojast khoob khub kheili kheyli nist hast baraye man shoma
        lotfan sefaresh kard khodahafez mikham nemidoonam""",
    "he": """toda todah raba shalom boker tov erev lama eifo matai bevakasha slicha ani lo ken hazmana""",
    "th": """sawasdee sawatdee khrap krap khop khun khob khopkhun kha mai pen rai aroy""",
    "bn": """kemon acho achen dhonnobad keno kothay kobe ami tumi apni amar tomar hobe bhalo khub kintu taka""",
    "ur": """shukria shukriya nahi hai kya kyun mera aap bohat janab""",
}  # fmt: skip
"""Languages with letters of their own, in Latin ones, as people type them on a telephone."""


@lru_cache(maxsize=1)
def common() -> dict[str, frozenset[str]]:
    """The languages that each common word belongs to."""
    return _by_word(COMMON)


@lru_cache(maxsize=1)
def latinised() -> dict[str, frozenset[str]]:
    """The languages that each word in foreign letters belongs to."""
    return _by_word(LATINISED)


def _by_word(lists: dict[str, str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for language, words in lists.items():
        for word in words.split():
            found.setdefault(word, set()).add(language)
    return {word: frozenset(languages) for word, languages in found.items()}
