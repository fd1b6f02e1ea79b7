import json

import pytest

from benchmarks import encodings
from tests.ingest.encoded_texts import TEXTS


@pytest.fixture
def folder(tmp_path):
    for language in ("fr", "zh", "ru"):
        (tmp_path / f"{language}.txt").write_text("\n".join(TEXTS[language] * 2), encoding="utf-8")
    return tmp_path


def test_every_codec_of_a_language_is_measured_beside_the_libraries(folder, capsys):
    assert encodings.main([str(folder), "--rows", "6"]) == 0
    *table, last = capsys.readouterr().out.splitlines()
    told = json.loads(last)
    shares = {row["codec"]: row["ours"] / row["tried"] for row in told["table"]}
    assert set(shares) >= {"utf-8", "gb18030", "gbk", "cp1251", "koi8_r", "cp1252", "mac_roman"}
    assert shares["cp1252"] == shares["gbk"] == shares["cp1251"] == 1.0
    assert "charset_normalizer" in told["seconds"]
    assert any(line.startswith("all ") for line in table)


def test_a_file_with_columns(tmp_path, capsys):
    file = tmp_path / "labelled.csv"
    rows = "\n".join(f'"{text}",french' for text in TEXTS["fr"] * 2)
    file.write_text(f"text,language\n{rows}\n", encoding="utf-8")
    assert encodings.main([str(file), "--rows", "3"]) == 0
    assert encodings.main([str(file), "--rows", "3", "--text", "words"]) == 2
    assert "words" in capsys.readouterr().err


def test_a_text_that_the_codec_cannot_write_takes_no_part():
    assert list(encodings.slices(["été 😀", "déjà vu"], "cp1252", 1)) == [
        "id,date,stars,text\r\n10000,2024-05-01,1,déjà vu\r\n"
    ]
    assert list(encodings.slices(["plain"] * 9, "cp1252", 3)) == []
