"""What a refusing answer of a chat model means. Its message is read here and told nowhere: it can quote a review."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NoReturn

from pipelines.embed.refusals import read_error
from pipelines.embed.retry import TRANSIENT_STATUS, TransientError, retry_after_s
from pipelines.errors import N_, MissingKey, ProviderFailed, UnusableInput

_ACCOUNT = re.compile(r"insufficient_quota|arrearage|billing|overdue|freetieronly|balance", re.IGNORECASE)
_NO_MODEL = re.compile(r"model[_.]?not[_.]?(found|exist|supported)|does not support chat", re.IGNORECASE)
_CONTENT = re.compile(r"data_?inspection_?failed|content_?filter|content_policy|moderation", re.IGNORECASE)


def raise_for_refusal(
    status: int,
    headers: Mapping[str, str],
    body: str,
    *,
    provider: str,
    variable: str,
    model: str,
    endpoint: str,
    advice: str,
) -> NoReturn:
    """Raise what an answer other than 200 means; headers by lower-case name.

    Raises TransientError (ask again), MissingKey, UnusableInput (address, model), ProviderFailed (account, filter).
    """
    code, words = read_error(body)
    told = f"HTTP {status}" + (f" {code}" if code else "")
    if 300 <= status < 400:
        raise UnusableInput(
            N_("{provider} at {endpoint} points to another address ({detail}); nothing is sent on. Check the address."),
            provider=provider,
            endpoint=endpoint,
            detail=told,
        )
    if status == 402 or (status in (400, 403, 429) and _ACCOUNT.search(code)):
        raise ProviderFailed(
            N_("The account at {provider} has nothing left to spend ({detail})."), provider=provider, detail=told
        )
    if status == 404 or _NO_MODEL.search(f"{code} {words}"):
        raise UnusableInput(
            N_("{provider} does not have the model “{model}” for chat ({detail}). {advice}"),
            provider=provider,
            model=model,
            detail=told,
            advice=advice,
        )
    if status in (400, 403, 422, 451) and _CONTENT.search(f"{code} {words}"):
        raise ProviderFailed(
            N_("The content filter of {provider} refused the request ({detail})."), provider=provider, detail=told
        )
    if status in TRANSIENT_STATUS or status >= 500:
        raise TransientError(told, retry_after_s(headers.get("retry-after"), headers.get("date")))
    if status in (401, 403, 407):
        raise MissingKey(
            N_("{provider} refused the key in {variable} ({detail}). Check the key and what it may use."),
            provider=provider,
            variable=variable,
            detail=told,
        )
    raise ProviderFailed(N_("{provider} refused the request ({detail})."), provider=provider, detail=told)
