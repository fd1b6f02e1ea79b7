"""Text out of text, Markdown and PDF files, in a child process; and what is told of files that give none."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines import ingest
from pipelines.errors import UnusableInput
from pipelines.ingest import Source
from pipelines.ingest.document import _unwrapped
from tests.documents.made_pdf import pdf


def read(content: bytes, name: str):
    return ingest.read_document(Source(content, name))


def test_pages_of_a_pdf_without_the_head_that_they_share(home) -> None:
    ends = ("paid back.", "sent again.", "given away.", "kept here.", "asked about.")
    pages = [
        [f"Acme handbook, page {n}", f"Rule {n}: parcels arrive within {n} days and are", end]
        for n, end in enumerate(ends)
    ]
    found = read(pdf(pages), "handbook.pdf")
    assert found.kind == "pdf" and len(found.pages) == 5
    assert found.pages[1] == "Rule 1: parcels arrive within 1 days and are sent again."
    assert "handbook" not in "".join(found.pages)


@pytest.mark.parametrize(
    ("codec", "text"),
    [("utf-8", "年假五天。\r\n病假照发"), ("gb18030", "年假五天，工作满一年以后可以申请，逾期作废。" * 3)],
)
def test_text_in_the_codec_that_it_was_saved_in(home, codec, text) -> None:
    found = read(text.encode(codec), "policy.txt")
    assert found.kind == "text" and found.pages == (text.replace("\r\n", "\n"),)


@pytest.mark.parametrize(
    ("content", "name", "told"),
    [
        (b"%PDF-1.4\nnothing more", "a.pdf", "damaged"),
        (b"plain words", "a.pdf", "not what its name says"),
        (pdf([["a"]]), "a.txt", "not what its name says"),
        (pdf([[], []]), "a.pdf", "holds no text"),
        (b"words", "a.docx", "no text, Markdown or PDF"),
        (b"", "a.txt", "empty"),
        (b"  \n ", "a.md", "empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, "a.txt", ""),
    ],
)
def test_a_file_that_gives_no_text_says_why(home, content, name, told) -> None:
    with pytest.raises(UnusableInput) as caught:
        read(content, name)
    assert told in str(caught.value)


def test_every_damage_to_a_pdf_is_an_error_of_ours_or_still_text(home, tmp_path) -> None:
    from pipelines.ingest.document import read_document

    sound = pdf([["Rule one: parcels arrive in three days."], ["Rule two."]])
    for place in range(0, len(sound), 37):
        path = tmp_path / "damaged.pdf"
        path.write_bytes(sound[:place] + b"\xff\x00(" + sound[place + 3 :])
        try:
            read_document(path, "damaged.pdf")
        except UnusableInput:
            continue


def test_a_reader_that_takes_too_long_is_ended(home, monkeypatch) -> None:
    monkeypatch.setenv("REVIEWSCAPE_PARSE_TIMEOUT_S", "0.01")
    with pytest.raises(UnusableInput, match="within"):
        read(b"words " * 10, "a.txt")


def test_a_path_is_read_where_it_lies(home, tmp_path: Path) -> None:
    path = tmp_path / "规定.md"
    path.write_text("# 年假\n五天", "utf-8")
    assert ingest.read_document(Source(path, path.name)).kind == "markdown"


def test_a_paragraph_without_an_end_takes_no_longer_than_its_length() -> None:
    lines = ["parcels arrive and", "纸箱到了以后再看，然后给它称一称重"] * 30_000
    joined = _unwrapped("\n".join(lines))
    assert joined.startswith("parcels arrive and 纸箱到了以后再看，然后给它称一称重 parcels")
    assert "\n" not in joined
