"""Codecs: decided on the whole file, named as Python spells them; doubt is told, with alternatives to look at."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import UnusableInput
from pipelines.ingest.encodings.encoding import decode
from tests.ingest.encoded_texts import PAIRS, TEXTS, table

CHINESE = table("zh")
UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")


@pytest.mark.parametrize("codec", UNICODE)
@pytest.mark.parametrize("language", TEXTS)
def test_unicode_in_every_language(language, codec):
    decoded = decode(table(language).encode(codec))
    assert (decoded.encoding, decoded.text) == (codec, table(language))
    assert (decoded.warnings, decoded.damaged, decoded.alternatives) == ((), 0, ())


@pytest.mark.parametrize("rows", [3, 300])
@pytest.mark.parametrize(("language", "codec"), PAIRS)
def test_old_codecs(language, codec, rows):
    text = table(language, rows)
    decoded = decode(text.encode(codec))
    assert (decoded.encoding, decoded.text, decoded.damaged) == (codec, text, 0)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE], ids=["utf-16", "utf-32"])
def test_big_endian_with_its_mark(mark):
    wide = "utf-16" if len(mark) == 2 else "utf-32"
    decoded = decode(mark + CHINESE.encode(f"{wide}-be"))
    assert (decoded.encoding, decoded.text, decoded.warnings) == (wide, CHINESE, ())


def test_ascii_is_utf8_and_certain():
    decoded = decode(b"review,rating\ngood,5\n")
    assert (decoded.encoding, decoded.warnings, decoded.alternatives) == ("utf-8", (), ())


@pytest.mark.parametrize("text", [CHINESE.replace("早餐", "😀早餐"), CHINESE.replace("房间", "這間房")])
def test_gb18030_beyond_gb2312(text):
    assert decode(text.encode("gb18030")).text == text


def test_iso2022_is_ascii_with_escapes():
    decoded = decode(table("ja").encode("iso2022_jp"))
    assert (decoded.encoding, decoded.text) == ("iso2022_jp", table("ja"))


@pytest.mark.parametrize("ends", ["\r", "\n", "\r\n"])
@pytest.mark.parametrize("codec", ["gb18030", "cp1252", "mac-roman"])
def test_any_row_end(codec, ends):
    text = table("zh" if codec == "gb18030" else "fr").replace("\r\n", ends)
    assert decode(text.encode(codec)).text == text


@pytest.mark.parametrize(("codec", "word"), [("cp1252", "café"), ("mac-roman", "crêpe"), ("cp850", "für")])
def test_one_late_byte_decides(codec, word):
    late = b"review\n" + b"plain words that say little, 5\n" * 60_000 + f"a {word} of theirs\n".encode(codec)
    decoded = decode(late)
    assert decoded.text.endswith(f"a {word} of theirs\n")


def test_a_guess_is_told_and_has_alternatives_with_a_sample_each():
    decoded = decode("review\nGünstig und gut\n".encode("cp1252"))
    assert decoded.encoding == "cp1252"
    assert 1 <= len(decoded.alternatives) <= 4
    plausibilities = [other.plausibility for other in decoded.alternatives]
    assert plausibilities == sorted(plausibilities, reverse=True)
    assert all(0 <= value <= 1 for value in plausibilities)
    for other in decoded.alternatives:
        assert other.encoding != "cp1252"
        assert other.sample
        assert len(other.sample) <= 80
        assert other.sample in "review\nGünstig und gut\n".encode("cp1252").decode(other.encoding)


def test_two_likely_codecs_make_a_warning():
    decoded = decode("name,stars\nSøren,4\nJosé,5\n".encode("cp1252"))
    assert "UTF-8" in str(decoded.warnings[0])
    assert "cp1250" in {other.encoding for other in decoded.alternatives}


def test_a_short_file_that_is_utf8_by_two_bytes_shows_what_else_it_may_be():
    decoded = decode("cell\né\n".encode())
    assert decoded.encoding == "utf-8"
    assert decoded.alternatives


def test_characters_damaged_before_are_not_passed_off_as_read():
    nonsense = "".join(f"{row},gr\x81\x8d_n{chr(0x90)}\xac\x9d_k,4\n" for row in range(40)).encode("latin-1")
    decoded = decode(b"id,text,stars\n" + nonsense)
    assert decoded.warnings or decoded.damaged


@pytest.mark.parametrize(("language", "codec"), [("zh", "utf-8"), ("zh", "gb18030"), ("ja", "cp932"), ("ko", "cp949")])
def test_stray_bytes_are_replaced_counted_and_placed(language, codec):
    lines = table(language, 40).encode(codec).splitlines(keepends=True)
    lines[7] = lines[7].replace(b",2024", b"\xff,2024")
    decoded = decode(b"".join(lines))
    assert (decoded.encoding, decoded.damaged) == (codec, 1)
    assert decoded.text.replace("\ufffd", "") == table(language, 40)
    assert dict(decoded.warnings[-1].values) == {"count": 1, "line": 8}


def test_a_file_cut_within_a_character():
    for codec in ("utf-8", "gb18030", "big5", "cp932"):
        text = table({"big5": "zh-hant", "cp932": "ja"}.get(codec, "zh")).rstrip('123456,\r\n"。!！')
        decoded = decode(text.encode(codec)[:-1])
        assert (decoded.encoding, decoded.damaged) == (codec, 1)
        assert decoded.text[:-1] == text[:-1]


def test_stray_bytes_in_ascii_are_damage_and_not_letters():
    decoded = decode(b"review,stars\nfine\xff\xff coffee,4\n" + b"and again,5\n" * 20)
    assert (decoded.encoding, decoded.damaged) == ("utf-8", 2)
    assert "2 bytes" in str(decoded.warnings[0])


def test_replacement_characters_of_the_file_itself_are_no_damage():
    decoded = decode(CHINESE.replace("早", "\ufffd").encode())
    assert (decoded.damaged, decoded.warnings) == (0, ())


@pytest.mark.parametrize(("language", "codec"), [("zh", "gb18030"), ("fr", "cp1252"), ("ru", "cp1251")])
def test_lines_of_another_codec_in_utf8(language, codec):
    foreign = table(language).splitlines(keepends=True)[1:]
    decoded = decode(table(language, 60).encode() + "".join(foreign).encode(codec))
    assert decoded.encoding == "utf-8"
    assert decoded.text == table(language, 60) + "".join(foreign)
    assert dict(decoded.warnings[0].values) == {"count": 6, "line": 62, "encoding": codec}


def test_a_few_utf8_lines_in_gb18030():
    rest = table("zh", 200)
    decoded = decode(rest.encode("gb18030") + table("zh").encode())
    assert (decoded.text, decoded.encoding) == (rest + table("zh"), "gb18030")
    assert "mixes encodings" in str(decoded.warnings[0])


def test_a_person_decides_the_codec():
    assert decode("é".encode("latin-1") * 10, "latin-1").text == "é" * 10
    assert decode(CHINESE.encode("utf-8-sig"), "utf-8").text == CHINESE
    assert decode(CHINESE.encode("utf-16"), "utf-16-le").text == CHINESE
    assert decode(CHINESE.encode("gbk"), "gbk").encoding == "gbk"
    assert decode("name\nJosé, 5\n".encode("cp1252"), "utf-8").damaged == 1


@pytest.mark.parametrize("name", ["klingon", "hex", "idna", "undefined", "a\x00b"])
def test_a_codec_that_reads_no_text_is_refused(name):
    with pytest.raises(UnusableInput, match="no encoding named"):
        decode("review\nfinè\n".encode(), name)


def test_nul_characters_are_removed():
    decoded = decode(b"review,stars\nfine\x00 coffee,4\n" + b"and again,5\n" * 20)
    assert "fine coffee" in decoded.text
    assert decoded.encoding == "utf-8"
    assert str(decoded.warnings[0]) == "1 NUL characters were removed."


@pytest.mark.parametrize("data", [b"", b" \r\n\n ", b"\xef\xbb\xbf", b"\xff\xfe", b"\x00" * 50, b"\xff\xfe\x0a\x00"])
def test_empty_files_are_refused(data):
    with pytest.raises(UnusableInput, match="empty"):
        decode(data)


SENTENCES = st.lists(st.sampled_from([sentence for text in TEXTS.values() for sentence in text]), min_size=1)
SPICE = st.text(st.characters(exclude_categories=["Cs", "Cc", "Co", "Cn"]), max_size=20)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(SENTENCES, SPICE), min_size=1, max_size=8), st.sampled_from(UNICODE))
def test_any_sentences_in_any_codec_of_unicode_come_back(rows, codec):
    text = "id,review\n" + "".join(f"{row},{' '.join(own)} {spice}\n" for row, (own, spice) in enumerate(rows))
    assert decode(text.encode(codec)).text == text


@settings(deadline=None, max_examples=60)
@given(st.lists(st.sampled_from(TEXTS["zh"]), min_size=3, max_size=12), st.text("abc 123,.!“”（）", max_size=10))
def test_any_chinese_sentences_in_gb18030_come_back(sentences, spice):
    text = "编号,评论\n" + "".join(f"{row},{own}{spice}\n" for row, own in enumerate(sentences))
    assert decode(text.encode("gb18030")).text == text


@settings(deadline=None, max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    try:
        decoded = decode(data)
    except UnusableInput:
        return
    assert isinstance(decoded.text, str)
    assert "\x00" not in decoded.text


def doubled(text, codec):
    return b"".join(
        bytes([byte]).decode(codec, "replace").replace("\ufffd", chr(byte)).encode() for byte in text.encode()
    )


@pytest.mark.parametrize("codec", ["latin-1", "cp1252"])
@pytest.mark.parametrize("language", ["zh", "fr", "ru"])
def test_utf8_saved_twice_is_set_right_and_told(language, codec):
    text = "id,评论\n" + "".join(f"{row},“{said}”\n" for row, said in enumerate(TEXTS[language][:20]))
    decoded = decode(doubled(text, codec))
    assert decoded.text == text
    assert decoded.encoding == "utf-8"
    assert "in UTF-8 twice" in str(decoded.warnings[0])
    assert decode(doubled("\ufeff" + text, codec)).text == text


@pytest.mark.parametrize(
    "text",
    [
        "id,review\n1,cafÃ© au lait\n2,naÃ¯ve\n",  # too few pieces to be sure
        "id,review\n1,cafÃ©\n2,naÃ¯ve\n3,dÃ©jÃ\xa0 vu\n4,crème brûlée\n",  # some of it is sound
        "id,review\n" + "1,crème brûlée à l’été, señor\n" * 5,
        "id,评论\n" + "1,味道很好\n" * 5,
    ],
)
def test_what_was_not_saved_twice_stays(text):
    decoded = decode(text.encode())
    assert decoded.text == text
    assert not any("twice" in str(warning) for warning in decoded.warnings)


def test_a_codec_that_a_person_chose_is_kept_to():
    data = doubled("id,review\n" + "1,café\n" * 5, "latin-1")
    assert decode(data, "utf-8").text == data.decode()


@pytest.mark.parametrize(
    "name", ["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "base64", "rot13", "hex", "zip"]
)
def test_what_is_no_character_set_is_refused(name):
    with pytest.raises(UnusableInput, match=f"no encoding named “{name}”"):
        decode(b"id,review\n1,fine\n", name)


def test_a_few_odd_characters_are_no_text_saved_twice():
    text = "review,stars\n" + "Â\xa0 was here,4\n" * 5
    assert decode(text.encode("utf-8-sig")).text == text
