"""The parts of finding a codec: samples of a file, ranking, Unicode's wide codecs, lines of another codec, no text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import UnusableInput
from pipelines.ingest.encodings.codecs_mixed import mended, utf8_share
from pipelines.ingest.encodings.codecs_old import CODECS, ranked
from pipelines.ingest.encodings.codecs_sample import above_ascii, high_lines, pieces, shortened
from pipelines.ingest.encodings.codecs_unicode import marked, seven_bit, unmarked_wide
from pipelines.ingest.encodings.no_text import refuse_binary, refuse_noise
from tests.ingest.encoded_texts import TEXTS, table


def test_only_lines_above_ascii_are_kept():
    data = b"one\r\ntw\xe9\r\n" + b"three\n" * 50_000 + b"fo\xfcr\rfive"
    assert high_lines(data) == [b"tw\xe9", b"fo\xfcr"]
    assert high_lines(b"plain\n" * 10) == high_lines(b"") == []


@pytest.mark.parametrize("codec", ["gb18030", "big5", "cp932"])
def test_a_sample_of_much_text_is_spread_and_halves_no_character(codec):
    line = table({"big5": "zh-hant", "cp932": "ja"}.get(codec, "zh"))
    data = (line * 3000).encode(codec)
    lines = high_lines(data, budget=20_000)
    assert 20_000 <= sum(map(len, lines)) <= 60_000
    assert len({data.find(one) for one in lines}) > 1
    for one in lines:
        one.decode(codec)


def test_one_very_long_line_is_cut_at_safe_places():
    data = ('{"text": "' + '", "text": "'.join(TEXTS["zh"] * 5000) + '"}').encode("gb18030")
    lines = high_lines(data)
    assert len(lines) > 100
    for one in lines:
        one.decode("gb18030")


def test_a_long_line_without_any_ascii_ends():
    assert sum(map(len, high_lines("好".encode("gb18030") * 2_000_000))) <= 6_000_000


@given(st.lists(st.sampled_from([b"a", b"\n", b"\r", b"\r\n", b"\xe9", b"word "])), st.integers(1, 6))
def test_pieces_are_the_whole_in_order(parts, size):
    data = b"".join(parts)
    bounds = list(pieces(data, size))
    assert b"".join(data[start:end] for start, end in bounds) == data
    assert all(start < end for start, end in bounds)
    assert not any(data[end - 1 : end + 1] == b"\r\n" for _, end in bounds)


def test_shortened_keeps_some_of_all_places():
    lines = [b"x" * 10] * 100
    assert shortened(lines, 10_000) == lines
    assert len(shortened(lines, 100)) == 10
    assert shortened([b"x" * 10], 1) == [b"x" * 10]


def test_above_ascii():
    assert [above_ascii(text) for text in ("", "plain", "né €")] == [0, 0, 2]


@pytest.mark.parametrize("lines", [[], [b"\xe9"], [b"\xff\xfe\x80"], [bytes(range(128, 256))]])
def test_a_ranking_is_never_empty_and_in_order(lines):
    found = ranked(lines)
    assert found
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert {one.codec for one in found} <= set(CODECS)
    assert all(0 <= one.plausibility <= 1 for one in found)


def test_codecs_that_show_the_same_are_named_once_by_the_most_usual():
    found = [one.codec for one in ranked(high_lines(table("de").encode("cp1252")))]
    assert found[0] == "cp1252"
    assert "iso8859-15" not in found


def test_marks():
    assert marked(b"\xef\xbb\xbfa") == ("utf-8-sig", 3)
    assert marked(b"\xff\xfe\x00\x00a\x00\x00\x00") == ("utf-32", 4)
    assert marked(b"\xff\xfea\x00") == ("utf-16", 2)
    assert marked(b"plain") is None


@pytest.mark.parametrize("data", [b"", b"a\x00b", b"col1|col\x002\nfine\n" * 3, "好评".encode(), b"plain\n" * 20])
def test_text_of_bytes_is_not_wide(data):
    assert unmarked_wide(data) is None


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_chinese_with_next_to_no_ascii_is_wide(codec):
    text = "评论\n" + "\n".join(TEXTS["zh"])
    assert unmarked_wide(text.encode(codec)) == codec


@pytest.mark.parametrize(("language", "codec"), [("ja", "iso2022_jp"), ("ko", "iso2022_kr")])
def test_escapes(language, codec):
    assert seven_bit(table(language).encode(codec)) == codec
    assert seven_bit(b"\x1b[0m coloured\n") is None


def test_sound_utf8_and_what_looks_like_it():
    assert utf8_share(high_lines(table("zh").encode())) == 1.0
    assert utf8_share(high_lines(table("zh").encode("gb18030"))) == 0.0
    assert utf8_share(high_lines(table("fr").encode("cp1252"))) == 0.0
    assert utf8_share([]) == 0.0


def test_a_cut_character_makes_no_line_foreign():
    data = table("zh").encode().replace("净".encode(), "净".encode()[:2])
    whole = mended(data)
    assert (whole.data, whole.lines) == (data, 0)


def test_foreign_bytes_without_sense_stay_as_they_are():
    data = table("zh").encode() + b"1,a\xff\xffb\n"
    assert mended(data).data == data


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "a picture"),
        (b"%PDF-1.7\nplain", "PDF"),
        (b"{\\rtf1\\ansi plain}", "word processor"),
        (b"SQLite format 3\x00", "SQLite"),
        (b"\x7fELF\x02\x01\x01\x00", "a program"),
        (b"PK\x03\x04\x14\x00", "ZIP"),
    ],
)
def test_files_that_are_no_text_say_what_to_do(data, words):
    with pytest.raises(UnusableInput, match=f"{words}.*CSV"):
        refuse_binary(data)


@pytest.mark.parametrize("data", [b"PAR1,stars\nfine,5\n", b"MZ,BM\n", b"ID3,x\n", b"BZh\n", b"RIFF,WAVE\n"])
def test_text_that_begins_like_a_signature_is_text(data):
    refuse_binary(data)


def test_noise_is_refused_and_odd_controls_are_not():
    with pytest.raises(UnusableInput, match="no text table"):
        refuse_noise("".join(map(chr, range(1, 32))) * 40)
    refuse_noise("a\x1cb\x1d\n" * 50 + "\x7f")
