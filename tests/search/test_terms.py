from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipelines.search.stems import stem
from pipelines.search.terms import marked, query_terms, terms


@pytest.mark.parametrize(
    "forms",
    [
        ("charge", "charges", "charged", "charging"), ("battery", "batteries"), ("happy", "happiness"),
        ("hop", "hopping"), ("agree", "agreed"), ("replace", "replacement"),
    ],
)  # fmt: skip
def test_forms_have_one_stem(forms):
    assert len({stem(word) for word in forms}) == 1


def test_threads_do_not_mix_words():
    words = [
        f"{head}{end}" for head in ("charg", "deliver", "replac", "clean") for end in ("ing", "ed", "er", "ers")
    ] * 50
    expected = [stem(word) for word in words]
    stem.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(stem.__wrapped__, words)) == expected


@pytest.mark.parametrize("word", ["", "is", "4k", "隔音", "wi-fi", "naïve"])
def test_what_is_no_english_word_stays(word):
    assert stem(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Deliveries", "delivery"), ("charging", "CHARGED"), ("Wi-Fi", "wifi"), ("café", "CAFE"), ("don't", "dont"),
        ("ＡＰＰ", "app"), ("grinder's", "grinders"), ("leaked", "leaks"),
    ],
)  # fmt: skip
def test_forms_of_a_word_are_one(one, other):
    assert terms(one)[0] == terms(other)[0]


def test_joined_words_are_found_by_their_parts_and_chinese_words_by_those_inside():
    assert {"nois", "cancel", "noisecancel"} == {*terms("noise-cancelling")}
    assert {"洗衣机", "洗衣"} <= {*terms("洗衣机")}
    assert terms("隔音 wifi 很差") == ["隔音", "wifi", "很差"]


def test_a_question_is_its_telling_words():
    assert query_terms("How do I get the refund?") == {"refund": "refund"}
    assert query_terms("降温了穿什么好看") == {"降温": "降温", "穿": "穿", "好看": "好看"}
    # Where there is nothing else, function words are better than nothing.
    assert query_terms("what is it") == {"what": "what", "is": "is", "it": "it"}
    assert query_terms("  ?! 😡") == {}


@pytest.mark.parametrize(
    ("text", "asked", "marks"),
    [
        ("Two late Deliveries.", "delivery late", ["late", "Deliveries"]),
        ("😡 ＡＰＰ闪退！", "app 闪退", ["ＡＰＰ", "闪退"]),
        ("CAFÉ & café's", "cafe", ["CAFÉ", "café"]),
        ("the wi-fi, the WiFi", "wifi", ["wi-fi", "WiFi"]),
        ("It isn’t it, ISN'T it", "isn't", ["isn’t", "ISN'T"]),
        ("nothing here", "delivery", []),
        ("", "delivery", []),
        ("ﬁne ﬁsh \u202e<b>fine</b>", "fine", ["ﬁne", "fine"]),
    ],
)
def test_marks_stand_where_the_words_are_and_the_pieces_make_up_the_text(text, asked, marks):
    pieces = marked(text, query_terms(asked))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, is_one in pieces if is_one] == marks
