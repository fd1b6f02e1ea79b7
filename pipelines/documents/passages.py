"""A document cut into passages that overlap: at headings first, then paragraphs, then sentences of both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipelines.errors import N_, UnusableInput

MAX_PASSAGES = 20_000
PASSAGE_CHARS, OVERLAP_CHARS = 700, 120
PASSAGE_HAN, OVERLAP_HAN = 260, 50
"""Chinese says in about a third of the characters what English does; both stay within what a model reads at once."""

_SEPARATORS = ["\n\n", "\n", "。", "！", "？", ". ", "! ", "? ", "；", "; ", "，", ", ", " ", ""]
_HAN = re.compile("[\u3400-\u9fff]")
_MARKDOWN = re.compile(r"^ {0,3}(#{1,6})\s+(\S.*)$")
"""What may close a heading is taken off without it: a line of a million spaces and signs would be tried at each."""
_NUMBERED = re.compile(
    "^(?:第[一二三四五六七八九十百\\d]{1,5}[章节条][\\s　:：]*.{0,40}|[一二三四五六七八九十]{1,3}、.{1,40}"
    r"|(?:\d{1,2}\.){1,4}\d{0,2}\s+\S.{0,60}|(?:chapter|section|article|part)\s+[\dIVX]{1,6}\b.{0,60})$",
    re.IGNORECASE,
)
_IS_SENTENCE = re.compile(r"[。！？.!?；;，,]$")
_MOST_HEADING = 80


@dataclass(frozen=True)
class Passage:
    """A piece of a document: `number` counts from 1 in its file, page too (0 where the file has no pages).

    document: its id, "" where it is kept nowhere. heading: those that it stands under, "" for none.
    """

    document: str
    file: str
    number: int
    page: int
    heading: str
    text: str

    @property
    def read_as(self) -> str:
        """What is embedded and searched: the text under its heading."""
        return f"{self.heading}\n{self.text}" if self.heading else self.text


def split(pages: Sequence[str], file: str, document: str = "") -> list[Passage]:
    """Passages of a document's pages in order; those of one heading overlap by about a sentence or two.

    Raises UnusableInput for more than MAX_PASSAGES, each of which would be embedded: headings over a word each.
    """
    found: list[Passage] = []
    heads: dict[int, str] = {}
    for page, text in enumerate(pages, start=1):
        for level, heading, body in _sections(text):
            if level:
                heads = {deep: told for deep, told in heads.items() if deep < level} | {level: heading}
            under = " › ".join(heads[deep] for deep in sorted(heads))[-_MOST_HEADING * 3 :]
            for piece in _pieces(body):
                if len(found) == MAX_PASSAGES:
                    raise UnusableInput(
                        N_("{file} falls into more than {most} passages. Split it into smaller files."),
                        file=file,
                        most=f"{MAX_PASSAGES:,}",
                    )
                found.append(Passage(document, file, len(found) + 1, page if len(pages) > 1 else 0, under, piece))
    return found


def _sections(text: str) -> Iterator[tuple[int, str, str]]:
    """(level, heading, body) in order; level 0 for what stands before the first heading of a page."""
    level, heading, body = 0, "", list[str]()
    for line in text.splitlines():
        at, told = _heading(line)
        if at:
            yield level, heading, "\n".join(body).strip()
            level, heading, body = at, told, []
        else:
            body.append(line)
    yield level, heading, "\n".join(body).strip()


def _heading(line: str) -> tuple[int, str]:
    """(level, words) of a heading line; (0, "") for any other."""
    if (match := _MARKDOWN.match(line)) and (told := match[2].rstrip().rstrip("#").rstrip()):
        return len(match[1]), told[:_MOST_HEADING]
    told = line.strip()
    if len(told) <= _MOST_HEADING and _NUMBERED.match(told) and not _IS_SENTENCE.search(told):
        return 7, told
    return 0, ""


def _pieces(body: str) -> list[str]:
    if not body:
        return []
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    is_chinese = 3 * len(_HAN.findall(body)) > len(body)
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=PASSAGE_HAN if is_chinese else PASSAGE_CHARS,
        chunk_overlap=OVERLAP_HAN if is_chinese else OVERLAP_CHARS,
        separators=_SEPARATORS,
        keep_separator="end",
    )
    return [piece for piece in (piece.strip() for piece in splitter.split_text(body)) if re.search(r"\w", piece)]
