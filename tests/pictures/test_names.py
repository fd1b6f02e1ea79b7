"""What a cell says of its pictures."""

from __future__ import annotations

import pandas as pd
import pytest

from pipelines.pictures.names import MOST_A_REVIEW, columns_of_pictures, is_address, key, references


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("", []),
        (" a.jpg ", ["a.jpg"]),
        ("a.jpg; b.png|c.webp,d.gif", ["a.jpg", "b.png", "c.webp", "d.gif"]),
        ("图一.jpg、图二.jpg;图三.jpg", ["图一.jpg", "图二.jpg", "图三.jpg"]),
        ("a.jpg\r\na.jpg", ["a.jpg"]),
        ('["a, b.jpg", "c.jpg", 3]', ["a, b.jpg", "c.jpg"]),
        ("[not json.jpg", ["[not json.jpg"]),
        ("my photo 1.jpg", ["my photo 1.jpg"]),
        ("https://x.example/a,b.jpg?w=1,h=2, https://x.example/c.jpg", [
            "https://x.example/a,b.jpg?w=1,h=2", "https://x.example/c.jpg"]),
        ("HTTP://x.example/a.jpg\nhttp://x.example/b.jpg", ["HTTP://x.example/a.jpg", "http://x.example/b.jpg"]),
    ],
)  # fmt: skip
def test_references(cell: str, expected: list[str]) -> None:
    assert references(cell) == expected


def test_a_review_has_no_more_than_so_many() -> None:
    assert len(references(";".join(f"{i}.jpg" for i in range(500)))) == MOST_A_REVIEW


def test_one_name_in_its_spellings() -> None:
    assert key("Shop\\Café.JPG") == key("other/Cafe\u0301.jpg") == "café.jpg"


def test_addresses() -> None:
    assert is_address("HTTPS://x.example/a")
    assert not is_address("file:///etc/passwd")


def test_columns_are_found_by_what_they_hold() -> None:
    frame = pd.DataFrame(
        {
            "text": ["nice.jpg is what I expected", "good", "bad"],
            "photo": ["a.JPG", "", "c.png;d.png"],
            "晒图": ["https://x.example/a.jpg?x=1", "https://x.example/b.webp", ""],
            "size": ["1", "2", "3"],
            "empty": ["", "", ""],
        }
    )
    assert columns_of_pictures(frame) == ["photo", "晒图"]


@pytest.mark.parametrize(
    "cell",
    ["https://x.example/a" + "," * 400_000 + "b", "[" * 400_000, '["' + "," * 400_000 + '"]', ";" * 400_000],
)
def test_a_cell_made_to_be_slow_or_deep_is_neither(cell: str) -> None:
    # The first took time by the square of its length, the second ended the reader by its depth.
    assert len(references(cell)) <= 1


def test_chinese_signs_stand_between_names_too() -> None:
    assert references("a.jpg\uff1bb.jpg\uff0cc.jpg") == ["a.jpg", "b.jpg", "c.jpg"]
    assert references("https://x.example/a,b.jpg\uff0c https://x.example/c.jpg\uff1b") == [
        "https://x.example/a,b.jpg",
        "https://x.example/c.jpg",
    ]
