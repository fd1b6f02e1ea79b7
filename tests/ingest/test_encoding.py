"""Codecs: decided on the whole file, named as Python spells them; what is no text is refused with what to do."""

import pytest

from pipelines.errors import UnusableInput
from pipelines.ingest.encoding import decode

CHINESE = "评论,评分\n房间很干净，前台的服务态度也不错，下次还会来。,5\n早餐种类太少了，味道一般。,3\n"


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("utf-8", "review,rating\ngood,5\n"),
        ("utf-8", CHINESE),
        ("utf-8-sig", CHINESE),
        ("utf-16", CHINESE),
        ("utf-32", CHINESE),
        ("gb18030", CHINESE),
        ("gb18030", CHINESE.replace("早餐", "😀早餐")),
        ("big5", "評論\n這家店的服務很好，我們還會再來的，只是價錢有點貴。\n"),
        ("cp932", "レビュー\nとても良い商品でした。また買いたいと思います。\n"),
        ("cp949", "리뷰\n배송도 빠르고 아주 마음에 들어요. 다음에 또 사고 싶네요.\n"),
    ],
)
def test_codec_is_found_and_named_as_python_does(codec, text):
    decoded = decode(text.encode(codec))
    assert (decoded.encoding, decoded.text, decoded.warnings) == (codec, text, ())


@pytest.mark.parametrize("codec", ["cp1252", "mac-roman"])
def test_western_fallback_reads_accents_and_says_that_it_guessed(codec):
    text = "review\nUn café très agréable, l’accueil était chaleureux – à refaire\nGroße Auswahl, schöne Möbel\n"
    decoded = decode(text.encode(codec))
    assert (decoded.encoding, decoded.text) == (codec, text)
    assert "UTF-8" in str(decoded.warnings[0])


def test_russian_is_told_from_western_text():
    text = "отзыв\nОчень хороший товар, рекомендую всем. Доставка быстрая.\n"
    assert decode(text.encode("cp1251")).text == text


def test_one_late_byte_decides():
    late = b"review\n" + b"plain words\n" * 60_000 + "café\n".encode("cp1252")
    assert decode(late).text.endswith("café\n")


def test_damaged_utf8_stays_utf8_with_a_warning():
    decoded = decode((CHINESE * 20).encode() + b"\xe8\xaf\n")
    assert decoded.encoding == "utf-8"
    assert "could not be read" in str(decoded.warnings[0])


def test_utf16_without_its_mark():
    assert decode("review,stars\nfine enough,4\n".encode("utf-16-le")).encoding == "utf-16-le"
    assert decode("review,stars\nfine enough,4\n".encode("utf-16-be")).encoding == "utf-16-be"


def test_a_person_decides_the_codec():
    assert decode("é".encode("latin-1") * 10, "latin-1").text == "é" * 10
    with pytest.raises(UnusableInput, match="klingon"):
        decode(b"review\nfine\n", "klingon")
    with pytest.raises(UnusableInput, match="hex"):
        decode(b"review\nfine\n", "hex")  # a codec of Python's, but none of text


def test_nul_characters_are_removed():
    decoded = decode(b"review,stars\nfine\x00 coffee,4\n" + b"and again,5\n" * 20)
    assert "fine coffee" in decoded.text
    assert str(decoded.warnings[0]) == "1 NUL characters were removed."


@pytest.mark.parametrize("data", [b"", b" \r\n\n ", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 50])
def test_empty_files_are_refused(data):
    with pytest.raises(UnusableInput, match="empty"):
        decode(data)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"),
        (b"PK\x03\x04\x14\x00[Content_Types].xml", "CSV UTF-8"),
        (b"PK\x03\x04\x14\x00reviews.csv", "Unpack"),
        (b"\x1f\x8b\x08\x00\x00\x00", "gzip"),
        (b"%PDF-1.7\nplain", "PDF"),
        (b"SQLite format 3\x00", "SQLite"),
        (bytes(range(1, 32)) * 40, "no text table"),
    ],
)
def test_files_that_are_no_text_say_what_to_do(data, words):
    with pytest.raises(UnusableInput, match=words):
        decode(data)


def test_text_that_begins_like_a_signature_is_text():
    assert decode(b"PAR1,stars\nfine,5\n").encoding == "utf-8"
