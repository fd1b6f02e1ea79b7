"""Reviews in many languages, written for these tests, and the codecs that shops write each language in."""

TEXTS = {
    "zh": (
        "房间很干净，前台的服务态度也不错，下次还会来。",
        "早餐的种类太少了，味道一般，价格倒是不贵。",
        "快递两天就到了，包装完好，孩子非常喜欢这个玩具！",
    ),
    "zh-hant": (
        "這家店的服務很好，我們還會再來的，只是價錢有點貴。",
        "房間乾淨，離車站很近，晚上有一點吵。",
        "東西收到了，品質比想像中好，推薦給大家！",
    ),
    "ja": (
        "とても良い商品でした。また買いたいと思います。",
        "配送は早かったのですが、箱が少しつぶれていました。",
        "部屋は清潔で、スタッフの対応も丁寧でした。",
    ),
    "ko": (
        "배송도 빠르고 아주 마음에 들어요. 다음에 또 사고 싶네요.",
        "방이 깨끗하고 직원들이 친절했습니다.",
        "가격에 비해 품질이 조금 아쉬웠어요.",
    ),
    "ru": (
        "Очень хороший товар, рекомендую всем.",
        "Доставка быстрая, но упаковка была мятая.",
        "Номер чистый, персонал вежливый, завтрак так себе.",
    ),
    "el": (
        "Το δωμάτιο ήταν καθαρό και το προσωπικό ευγενικό.",
        "Η παράδοση άργησε τρεις μέρες, αλλά το προϊόν είναι καλό.",
        "Δεν θα το αγόραζα ξανά, χάλασε αμέσως.",
    ),
    "he": (
        "המוצר הגיע מהר והאיכות טובה מאוד.",
        "החדר היה נקי אבל השירות איטי.",
        "לא הייתי קונה שוב, חבל על הכסף.",
    ),
    "ar": (
        "المنتج ممتاز والتوصيل كان سريعا جدا.",
        "الغرفة نظيفة لكن الفطور عادي.",
        "لن أشتري من هذا المتجر مرة أخرى، الجودة سيئة.",
    ),
    "th": (
        "ห้องพักสะอาดมาก พนักงานบริการดี",
        "ส่งของเร็วแต่กล่องบุบนิดหน่อย",
        "คุ้มค่ากับราคา จะกลับมาซื้ออีกแน่นอน",
    ),
    "tr": (
        "Ürün çok güzel, kargo hızlı geldi.",
        "Oda temizdi ama kahvaltı çeşidi azdı, ışıklar da bozuktu.",
        "Bir daha bu mağazadan alışveriş yapmayacağım.",
    ),
    "pl": (
        "Bardzo dobra jakość, wysyłka była błyskawiczna.",
        "Pokój czysty, obsługa miła, ale śniadanie takie sobie.",
        "Nie polecam, zepsuło się już po dwóch tygodniach używania, źle.",
    ),
    "cs": (
        "Zboží dorazilo rychle a v pořádku, děkuji.",
        "Pokoj byl čistý, snídaně však slabší.",
        "Příště raději zvolím jiný obchod, kvalita mě zklamala.",
    ),
    "lt": (
        "Prekė labai gera, pristatė greitai.",
        "Kambarys švarus, bet pusryčiai prasti, o aptarnavimas lėtas.",
        "Daugiau čia nepirksiu, sugedo po savaitės, gaila pinigų.",
    ),
    "fr": (
        "Un café très agréable, l’accueil était chaleureux – à refaire !",
        "La livraison a été rapide, mais le colis était abîmé.",
        "Je ne suis pas déçue, ça vaut son prix : 25 €.",
    ),
    "de": (
        "Große Auswahl, schöne Möbel und freundliche Verkäufer.",
        "Die Lieferung kam pünktlich, nur die Tür war zerkratzt.",
        "Für diesen Preis hätte ich mehr erwartet.",
    ),
    "es": (
        "La habitación estaba limpia y el desayuno muy rico.",
        "¿Por qué tardó tanto el envío? Llegó después de una semana.",
        "El niño está encantado con su muñeca, ¡gracias!",
    ),
    "pt": (
        "A entrega não demorou e o produto é ótimo.",
        "O quarto tinha cheiro a mofo, não voltarei lá.",
        "Ótima relação entre preço e qualidade, recomendo às famílias.",
    ),
    "sv": (
        "Rummet var rent och frukosten över förväntan.",
        "Leveransen tog på tok för lång tid, tråkigt.",
        "Jag köper gärna här igen, bra färger också.",
    ),
}

CODECS = {
    "zh": ("gb18030",),
    "zh-hant": ("big5",),
    "ja": ("cp932", "euc_jp"),
    "ko": ("cp949",),
    "ru": ("cp1251", "koi8-r", "cp866"),
    "el": ("cp1253",),
    "he": ("cp1255",),
    "ar": ("cp1256",),
    "th": ("cp874",),
    "tr": ("cp1254",),
    "pl": ("cp1250", "iso8859-2"),
    "cs": ("cp1250", "iso8859-2"),
    "lt": ("cp1257",),
    "fr": ("cp1252", "mac-roman"),
    "de": ("cp1252", "mac-roman", "cp850"),
    "es": ("cp1252", "mac-roman", "cp850"),
    "pt": ("cp1252", "mac-roman", "cp850"),
    "sv": ("cp1252", "mac-roman", "cp850"),
}
"""As Python spells them; of codecs that write the text with the same bytes, the one that is reported."""

PAIRS = [(language, codec) for language, codecs in CODECS.items() for codec in codecs]


def table(language: str, rows: int = 6) -> str:
    """A CSV text with ASCII columns beside the reviews."""
    texts = TEXTS[language]
    cells = ((10_001 + row, f"2024-05-{row % 28 + 1:02d}", texts[row % len(texts)], row % 5 + 1) for row in range(rows))
    lines = [f'{number},{day},"{text}",{stars}' for number, day, text, stars in cells]
    return "id,date,review,stars\r\n" + "\r\n".join(lines) + "\r\n"
