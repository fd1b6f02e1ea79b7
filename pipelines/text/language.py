"""The language of a text from its script and, for Latin script, from its commonest words: no model, 50,000 texts/s."""

from __future__ import annotations

from bisect import bisect_right

READ_CHARS = 600
"""How much of a text decides its language."""

HAN_WEIGHT = 2.5
"""One Chinese character says about as much as this many Latin letters."""

# First code point, last code point, script. Letters only: digits, punctuation and emoji say nothing.
_RANGES = (
    (0x0041, 0x005A, "l"),
    (0x0061, 0x007A, "l"),
    (0x00AA, 0x00AA, "l"),
    (0x00BA, 0x00BA, "l"),
    (0x00C0, 0x00D6, "l"),
    (0x00D8, 0x00F6, "l"),
    (0x00F8, 0x02AF, "l"),
    (0x0370, 0x03FF, "g"),
    (0x0400, 0x052F, "c"),
    (0x0531, 0x058F, "y"),
    (0x05D0, 0x05F4, "h"),
    (0x0620, 0x064A, "a"),
    (0x066E, 0x06D3, "a"),
    (0x06FA, 0x06FF, "a"),
    (0x0750, 0x077F, "a"),
    (0x0900, 0x0963, "d"),
    (0x0980, 0x09E3, "b"),
    (0x0A00, 0x0A7F, "p"),
    (0x0A80, 0x0AFF, "u"),
    (0x0B80, 0x0BFF, "t"),
    (0x0C00, 0x0C7F, "e"),
    (0x0C80, 0x0CFF, "n"),
    (0x0D00, 0x0D7F, "m"),
    (0x0E01, 0x0E4E, "T"),
    (0x0E81, 0x0EDF, "o"),
    (0x1000, 0x109F, "M"),
    (0x10A0, 0x10FF, "G"),
    (0x1100, 0x11FF, "k"),
    (0x1780, 0x17D3, "K"),
    (0x1E00, 0x1EFF, "l"),
    (0x3005, 0x3007, "z"),
    (0x3041, 0x3096, "j"),
    (0x309D, 0x309F, "j"),
    (0x30A1, 0x30FA, "j"),
    (0x30FC, 0x30FF, "j"),
    (0x3130, 0x318F, "k"),
    (0x3400, 0x4DBF, "z"),
    (0x4E00, 0x9FFF, "z"),
    (0xAC00, 0xD7A3, "k"),
    (0xF900, 0xFAFF, "z"),
    (0xFF21, 0xFF3A, "l"),
    (0xFF41, 0xFF5A, "l"),
    (0xFF66, 0xFF9D, "j"),
    (0x20000, 0x323AF, "z"),
)
_STARTS = [first for first, _, _ in _RANGES]

_LANGUAGE_OF_SCRIPT = {
    "g": "el",
    "c": "ru",
    "y": "hy",
    "h": "he",
    "a": "ar",
    "d": "hi",
    "b": "bn",
    "p": "pa",
    "u": "gu",
    "t": "ta",
    "e": "te",
    "n": "kn",
    "m": "ml",
    "T": "th",
    "o": "lo",
    "M": "my",
    "G": "ka",
    "k": "ko",
    "K": "km",
}

# Letters that tell languages of one script apart; the first that occurs decides.
_TELLING_LETTERS = {
    "ru": (("uk", "іїєґІЇЄҐ"),),
    "ar": (("ur", "ٹڈڑےں"), ("fa", "پچژگکی")),
}

# Common words; those that English shares vote for English as well.
COMMON_WORDS = {
    "en": (
        "this that was really very good great bad nice love best would could had has were been all your what when "
        "from have for with you are not they but of and the is it my to i do so me on at as or if he she we no in "
        "an a be by up out how just now get got can will more time one like thanks thank please hi service"
    ),
    "de": (
        "der die das und ist nicht ich ein eine einen einem einer mit sehr gut gute auch auf für aber wir war es "
        "von zu dem den des wie noch nur bei nach mich mir leider immer super wurde wird werden sind hat habe "
        "haben kein keine keinen schon schlecht oder als im am an aus dass daß wenn so um man sich er sie ihr du "
        "dich dir mein meine dein kann muss doch mal jetzt heute ja nein nix über zum zur bis hier da dann was "
        "wer warum mehr alles alle einfach schnell danke toll schön uns unser seit vor ohne gegen diese dieser "
        "dieses gibt weiter wieder weil qualität"
    ),
    "fr": (
        "le la les et est pas je un une des du de très bien avec pour mais dans ce cette nous vous qui que sur "
        "plus bon bonne il elle on sont été être avoir c'est j'ai qu'il n'est d'un d'une tout tous trop mauvais "
        "au aux mon ma mes son sa ses ne se si par ou où comme fait faire encore déjà rien jamais toujours merci "
        "même aussi sans leur leurs quand ça cela ont était suis peut y en à produit qualité"
    ),
    "es": (
        "el la los las y es no muy que de del un una unos con para pero por mi mis me lo le se su sus te tu tus "
        "si sí bien bueno buena está están estoy todo toda todos más como cómo gracias excelente mal fue son ha "
        "he han hay ser era este esta esto ese esa eso cuando también nada malo sin sobre porque ya yo ella nos o "
        "qué tiene tengo hace hoy mejor siempre nunca solo sólo al en calidad producto llegó"
    ),
    "it": (
        "il lo la gli le i e è non di un una uno molto che con per ma mi ti ci si sono bene buono buona anche ho "
        "hai ha del della dei delle nel nella al alla dal da questo questa quello ottimo ottima come più stato "
        "tutto tutti pessimo dopo se su sul in a grazie solo sempre mai cosa quando perché poi così c'è dell' "
        "l'ho essere fare qualità prodotto"
    ),
    "pt": (
        "o os a as e é não muito que de um uma com para mas por eu meu minha meus você vocês bom boa está estou "
        "tá mais foi produto em do da dos das no na nos nas ele ela isso esse essa este esta também tudo péssimo "
        "ótimo excelente recomendo se te me já só como quando sem ser tem ter vai pra pro porque nada bem mal ao "
        "até nem qualidade chegou gostei"
    ),
    "nl": (
        "de het een en is niet ik van zeer goed goede met voor maar ook op zijn wij we dat dit was erg heel deze "
        "geen nog wel bij naar mijn slecht je aan te er om uit als heeft heb hebben worden werd kan door over "
        "snel prima leuk jammer echt veel meer"
    ),
    "pl": (
        "i w nie jest są się na to z do bardzo dobry dobra dobrze ale jak że po za tak polecam co od dla jestem "
        "nic już tylko przez mi ten ta te tego był była było produkt super"
    ),
    "tr": (
        "ve bir çok bu için ama değil güzel iyi ürün ürünü da de ile kötü daha gibi var yok ne her en hiç ben "
        "sonra kadar tavsiye ederim teşekkürler aldım geldi hızlı kaliteli"
    ),
    "vi": (
        "và là không của tốt rất một có này cho được sản phẩm nhưng với hàng giao đẹp mình nên đã thì cũng lắm "
        "chất lượng"
    ),
    "id": (
        "yang dan tidak ini itu saya di dengan untuk bagus sangat ada dari sudah tapi nya juga bisa barang sesuai "
        "aku kamu kita ke akan pada atau karena lebih banyak jadi kalau gak ga nggak baik enak cepat"
    ),
    "sv": (
        "och är inte jag det en ett som på med för mycket bra har men av till att den var så vi de om kan mig min "
        "när från eller hade"
    ),
}
_LANGUAGES_OF_WORD: dict[str, tuple[str, ...]] = {
    word: tuple(language for language, others in COMMON_WORDS.items() if word in others.split())
    for listed in COMMON_WORDS.values()
    for word in listed.split()
}


class _Scripts(dict[int, str]):
    """Code point → one letter for its script ("" for none), filled as characters are met; for `str.translate`."""

    def __missing__(self, point: int) -> str:
        place = bisect_right(_STARTS, point) - 1
        script = ""
        if place >= 0 and point <= _RANGES[place][1]:
            script = _RANGES[place][2]
        self[point] = script
        return script


_SCRIPTS = _Scripts()


def detect_language(text: str) -> str:
    """The two-letter code of a text's main language; "und" when it holds no letter.

    Decided by script; Latin script is "en" unless another language's common words clearly prevail.
    """
    head = text[:READ_CHARS]
    if head.isascii():
        return _latin(head) if any(map(str.isalpha, head)) else "und"
    scripts = head.translate(_SCRIPTS)
    if not scripts:
        return "und"
    han, kana, latin = scripts.count("z"), scripts.count("j"), scripts.count("l")
    # A lone の is decoration in Chinese text; Japanese sentences are full of kana.
    if kana and (not han or (kana >= 2 and kana >= 0.15 * (han + kana))):
        han, japanese = 0, HAN_WEIGHT * (han + kana)
    else:
        japanese = 0.0
    weights = {"zh": HAN_WEIGHT * han, "ja": japanese, "latin": float(latin)}
    if han + kana + latin < len(scripts):
        for script, language in _LANGUAGE_OF_SCRIPT.items():
            count = scripts.count(script)
            if count:
                weights[language] = 1.5 * count
    best = max(weights, key=lambda language: weights[language])
    if best == "latin":
        return _latin(head)
    for language, letters in _TELLING_LETTERS.get(best, ()):
        if any(letter in head for letter in letters):
            return language
    return best


def _latin(head: str) -> str:
    """English unless another language's words clearly prevail."""
    votes: dict[str, int] = {}
    tokens = head.lower().replace("’", "'").split()
    for token in tokens:
        word = token.strip(".,;:!?\"'()…¡¿-*")
        for language in _LANGUAGES_OF_WORD.get(word, ()):
            votes[language] = votes.get(language, 0) + 1
    english = votes.pop("en", 0)
    if not votes:
        return "en"
    language, count = max(votes.items(), key=lambda vote: vote[1])
    clear = count >= 2 if len(tokens) > 3 else count >= 1
    if not clear or count <= 1.5 * english or count < 0.12 * len(tokens):
        return "en"
    # One short word that two languages share ("no", "me", "super") is no evidence without a second one.
    if count == 1 and (english or (head.isascii() and sum(map(len, tokens)) < 6)):
        return "en"
    return language
