"""What a refusing HTTP answer means: to be asked again, about the key, the model, the account, the request or a text.

Providers agree on no code for "this text", so codes and the words of the message are both looked at. A message is read
here and told nowhere: it can quote a review or a key.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NoReturn

from pipelines.embed.retry import TRANSIENT_STATUS, TransientError, retry_after_s
from pipelines.errors import N_, MissingKey, ProviderFailed, UnusableInput

Kind = Literal["content", "too_long", "unknown"]
"""Why texts are refused: by a content filter, for their length (of one, or of the batch), or for no known reason."""

_CONTENT = re.compile(
    r"data_?inspection_?failed|content_?filter|responsible_?ai|content[_ ]policy|content management policy"
    r"|inappropriate content|content_policy_violation|risk content|moderation",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"context[ _](length|size|window)|too (long|large|many)|input length|max(imum)?[ _]\w*[ _]?(tokens|length)"
    r"|less than \d+ tokens|above_max_length|exceeds? the|exceed_context|batch size|larger than \d+",
    re.IGNORECASE,
)
_DIMENSION = re.compile(r"dimension|matryoshka", re.IGNORECASE)
_NO_MODEL_CODE = re.compile(r"model[_.]?not[_.]?(found|exist|supported)", re.IGNORECASE)
_NO_MODEL = re.compile(r"not (exist|found)|no such model|unknown model", re.IGNORECASE)
_NO_EMBEDDINGS = re.compile(r"not support embed", re.IGNORECASE)
_ACCOUNT = re.compile(r"insufficient_quota|arrearage|billing|overdue|freetieronly|balance", re.IGNORECASE)
_NOT_A_NUMBER = re.compile(r"unsupported value: ?\W?(nan|[+-]?inf)", re.IGNORECASE)


class BatchRefusedError(Exception):
    """A request was refused for what stands in it, so a part of it may be taken; `told` is fit for people."""

    def __init__(self, kind: Kind, told: str) -> None:
        super().__init__(told)
        self.kind = kind
        self.told = told


class DimensionRefusedError(Exception):
    """The provider does not shorten this model's vectors."""


@dataclass(frozen=True)
class Asked:
    """Whom a request went to, for messages: provider's name, key's variable, model, address, what to do about 404."""

    provider: str
    variable: str
    model: str
    endpoint: str
    advice: str
    with_dimension: bool


def raise_for_refusal(status: int, headers: Mapping[str, str], body: str, asked: Asked) -> NoReturn:
    """Raise what an answer other than 200 means. headers: by lower-case name.

    Raises TransientError (ask again), BatchRefusedError, DimensionRefusedError, MissingKey, UnusableInput,
    ProviderFailed.
    """
    code, words = read_error(body)
    told = f"HTTP {status}" + (f" {code}" if code else "")
    words = f"{code} {words}"
    if 300 <= status < 400:
        raise UnusableInput(
            N_(
                "{provider} at {endpoint} points to another address ({detail}); texts are not sent on. "
                "Check the address."
            ),
            provider=asked.provider,
            endpoint=asked.endpoint,
            detail=told,
        )
    # Other messages can quote a review that speaks of bills or models.
    if status == 402 or (status in (400, 403, 429) and _ACCOUNT.search(words if status == 403 else code)):
        raise ProviderFailed(
            N_("The account at {provider} has nothing left to spend ({detail}). Finished texts are kept."),
            provider=asked.provider,
            detail=told,
        )
    no_model = _NO_MODEL_CODE.search(code) or (asked.model in words and _NO_MODEL.search(words))
    if status == 404 or no_model or _NO_EMBEDDINGS.search(words):
        raise UnusableInput(
            N_("{provider} does not have the model “{model}” for embedding ({detail}). {advice}"),
            provider=asked.provider,
            model=asked.model,
            detail=told,
            advice=asked.advice,
        )
    _raise_for_texts(status, words, told, asked)
    if status in TRANSIENT_STATUS or status >= 500:
        raise TransientError(told, retry_after_s(headers.get("retry-after"), headers.get("date")))
    if status in (401, 403, 407):
        _raise_for_key(told, asked)
    raise ProviderFailed(
        N_("{provider} refused the request ({detail}). Finished texts are kept."), provider=asked.provider, detail=told
    )


def _raise_for_texts(status: int, words: str, told: str, asked: Asked) -> None:
    """Where an answer is about the texts sent. Local servers answer 500 to a text too long for them, or gone NaN."""
    if status >= 500:
        if _LENGTH.search(words):
            raise BatchRefusedError("too_long", told)
        if _NOT_A_NUMBER.search(words):
            raise BatchRefusedError("unknown", told)
        return
    if status in (400, 403, 422, 451) and _CONTENT.search(words):
        raise BatchRefusedError("content", told)
    if status not in (400, 413, 422):
        return
    if asked.with_dimension and _DIMENSION.search(words):
        raise DimensionRefusedError(told)
    raise BatchRefusedError("too_long" if status == 413 or _LENGTH.search(words) else "unknown", told)


def _raise_for_key(told: str, asked: Asked) -> NoReturn:
    raise MissingKey(
        N_("{provider} refused the key in {variable} ({detail}). Check the key and what it may use."),
        provider=asked.provider,
        variable=asked.variable,
        detail=told,
    )


def read_error(body: str) -> tuple[str, str]:
    """The short code and the message in an error's body, in any of the providers' shapes; "" where there is none."""
    try:
        parsed = json.loads(body)
    except ValueError:
        return "", body[:2000]
    outer = parsed if isinstance(parsed, dict) else {}
    error = outer.get("error")
    inner = error if isinstance(error, dict) else outer
    codes = [inner.get("code"), inner.get("type"), inner.get("error_type"), outer.get("code")]
    code = next((short for short in map(short_code, codes) if short), "")
    return code, json.dumps(parsed, ensure_ascii=False)[:2000]


def short_code(code: object) -> str:
    """A provider's error code when it is one plain short word, else "": a number says no more than the status."""
    text = code if isinstance(code, str) else ""
    return text if re.fullmatch(r"[A-Za-z][A-Za-z0-9._-]{0,59}", text) else ""
