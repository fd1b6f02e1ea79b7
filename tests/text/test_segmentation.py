from pathlib import Path

from pipelines.text import STOPWORDS, part_of_speech, words


def test_chinese_is_cut_into_words(home: Path) -> None:
    assert words("送餐员态度很差，早餐不新鲜！", "zh") == ["送餐员", "态度", "很差", "早餐", "不", "新鲜"]


def test_latin_words_in_chinese_stay_whole(home: Path) -> None:
    assert words("这个App的Wi-Fi连接100次", "zh") == ["这个", "app", "的", "wi-fi", "连接", "100", "次"]


def test_chinese_inside_english_is_cut_too(home: Path) -> None:
    assert "小米" in words("my 小米 phone", "en")


def test_english_loses_possessives_and_keeps_contractions() -> None:
    assert words("Jack's machine doesn’t work; it's John’s", "en") == [
        "jack",
        "machine",
        "doesn't",
        "work",
        "it's",
        "john",
    ]


def test_japanese_falls_into_runs() -> None:
    assert "バッテリー" in words("このバッテリーは長持ち", "ja")


def test_no_words() -> None:
    assert words("", "zh") == [] == words("!!! 👍", "en")


def test_parts_of_speech(home: Path) -> None:
    assert part_of_speech("态度") == "n"
    assert part_of_speech("app") == "eng"
    assert part_of_speech("12") == "m"
    assert part_of_speech("鑫甡犇") == ""


def test_stop_words_name_nothing() -> None:
    assert {"the", "don't"} <= STOPWORDS["en"] and {"的", "不"} <= STOPWORDS["zh"]
    assert not {"hotel", "delivery"} & STOPWORDS["en"] and not {"酒店", "味道", "态度"} & STOPWORDS["zh"]
