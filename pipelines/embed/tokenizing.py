"""A tokenizer.json as a function from texts to ids, without importing transformers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

Tokens = Mapping[str, Sequence[Sequence[int]]]
"""A tokenizer's answer without padding: field name → one list of ids a text; `input_ids` is always there."""

Tokenize = Callable[[list[str]], Tokens]


def fast_tokenizer(path: Path, max_tokens: int, *, marks: bool = True) -> Tokenize:
    """A tokenizer.json as a function from texts to ids, truncated, without padding; marks: with those of the model."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(path))
    tokenizer.enable_truncation(max_length=max_tokens)
    tokenizer.no_padding()

    def tokenize(texts: list[str]) -> Tokens:
        encodings = tokenizer.encode_batch_fast([sound(text) for text in texts], add_special_tokens=marks)
        return {"input_ids": [encoding.ids for encoding in encodings]}

    return tokenize


def beyond(path: Path, max_tokens: int, texts: Sequence[str]) -> list[int]:
    """Indices of texts that a tokenizer.json turns into more than `max_tokens`."""
    # Two marks stand around a text, and no token is shorter than a character.
    long = [i for i, text in enumerate(texts) if len(text) + 2 > max_tokens]
    if not long:
        return []
    ids = fast_tokenizer(path, max_tokens + 1)([texts[i] for i in long])["input_ids"]
    return [i for i, own in zip(long, ids, strict=True) if len(own) > max_tokens]


def only_ids_matter(tokens: Tokens) -> bool:
    """Whether the fields beside `input_ids` say nothing: a mask of ones, token types of zeros, nothing else."""
    idle = {"attention_mask": 1, "token_type_ids": 0}
    return all(
        field == "input_ids" or all(value == idle.get(field) for row in rows for value in row)
        for field, rows in tokens.items()
    )


def sound(text: str) -> str:
    """A text without lone surrogates, which the tokenizer refuses."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
