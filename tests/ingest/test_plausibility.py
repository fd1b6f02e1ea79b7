"""Plausibility: text as people write it against what a wrong codec makes of it."""

import pytest

from pipelines.ingest.encodings.plausibility import character_fit, plausibility
from tests.ingest.encoded_texts import PAIRS, TEXTS, table

WRONG = {"cp1252": "mac-roman", "mac-roman": "cp1252", "cp850": "cp1252", "cp1251": "cp1252", "gb18030": "cp1252"}


@pytest.mark.parametrize("language", TEXTS)
def test_written_text_is_plausible(language):
    assert plausibility(table(language)) >= 0.95


@pytest.mark.parametrize(("language", "codec"), [(language, codec) for language, codec in PAIRS if codec in WRONG])
def test_a_wrong_codec_shows(language, codec):
    wrong = table(language).encode(codec).decode(WRONG[codec], errors="replace")
    assert plausibility(wrong) < plausibility(table(language)) - 0.2


@pytest.mark.parametrize("text", ["", "plain ASCII, nothing else"])
def test_nothing_to_weigh_is_plausible(text):
    assert plausibility(text) == 1.0


@pytest.mark.parametrize(
    ("usual", "odd"),
    [
        ("fiancé and", "fiancŽ and"),  # a capital within a word
        ("crêpe", "cr\x90pe"),  # a control
        ("it’s fine", "it¶s fine"),
        ("5 € each", "fi€sh each"),
        ("Москва", "Moсква"),  # one letter of another alphabet
        ("请填写评论", "f眉r dich"),
        ("déjà vu", "d├®j├á vu"),
        ("ýma ýna", "ýýýý ýýý"),
    ],
)
def test_place_counts(usual, odd):
    assert plausibility(usual) > plausibility(odd)


def test_letters_of_no_one_language_count_less():
    assert plausibility("žluťoučký kůň") > plausibility("žluťoučký kųń")


def test_characters_alone():
    assert character_fit("") == 0.0
    assert character_fit("abc, 12\r\n") == 1.0
    assert character_fit("很好吃") == 1.0
    assert character_fit("\x01\ue000\ufffd") == 0.0
    assert character_fit("".join(TEXTS["zh"])) > character_fit("慢潲浯戠瑥整") + 0.2  # ASCII pairs taken for UTF-16
