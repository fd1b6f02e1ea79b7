"""Which list in a JSON value holds the reviews: by its key's name, by its objects' keys, and then by its length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from pipelines.errors import N_
from pipelines.ingest.meaning import names
from pipelines.types import Warning_

_DEEPEST = 4
_LOOKED_AT = 20
"""Objects of a list by which it is judged."""
_SURE = 0.8
"""How surely a key's name must mean a role."""
_NAMED, _TEXT = 3.0, 2.0
_LONG_CHARS = 30
_MOST_LISTED = 10
_OF_LISTS = re.compile(r"(?<=.)(?:_?(?:list|lists|data|items|arr|array|infos?|details?)|列表|数据)$", re.I)
_ABOUT_TEXTS = re.compile(
    r"tag|stat(?:s|istic)|count|total|summar|categor|keyword|filter|option|type|label|标签|统计|分类|关键词", re.I
)


@dataclass(frozen=True)
class _Found:
    """A list of objects, the keys that lead to it, and how much it looks like reviews."""

    path: tuple[str, ...]
    entries: list[Any]
    likeness: float


def records_of(found: Mapping[str, Any], warnings: list[Warning_]) -> list[Any]:
    """The list inside that looks most like reviews, at a depth of four at most; [found] where there is no list.

    A warning names the other lists that hold several objects. Without a list of objects the longest list of lists.
    """
    lists = [_Found(path, entries, _likeness_inside(path, entries)) for path, entries in _lists(found)]
    if lists:
        best = max(lists, key=lambda each: (each.likeness, len(each.entries)))
        others = [
            ".".join(each.path) for each in lists if each is not best and (len(each.entries) > 1 or each.likeness > 0)
        ]
        if others:
            told = ", ".join(others[:_MOST_LISTED]) + (" …" if len(others) > _MOST_LISTED else "")
            values = {"name": ".".join(best.path), "count": len(others), "names": told}
            template = N_("The list “{name}” is read; {count} further lists were left out: {names}.")
            warnings.append(Warning_(template, values))
        return best.entries
    return max((entries for _, entries in _lists(found, list)), key=len, default=[]) or [found]


def laid_out(records: list[Any], warnings: list[Warning_]) -> list[Any]:
    """Records that only hold lists of reviews (pages of an answer, products) give way to those reviews.

    What stands beside a list is repeated for each of its reviews, with "parent." before names that a review has too.
    """
    if sum(isinstance(record, list) for record in records) * 2 > len(records):
        inner = [record for record in records if isinstance(record, list)]
        if any(isinstance(entry, dict) for record in inner for entry in record[:_LOOKED_AT]):
            records = list(chain.from_iterable(inner))
    outer = [record for record in records if isinstance(record, dict)]
    path = _path_inside(outer[:_LOOKED_AT])
    if path is None:
        return records
    own = {str(key) for record in outer for entry in _objects(_at(record, path)) for key in entry}
    roles = {role for name in own for role, strength in names.strengths(name).items() if strength >= _SURE}
    lying: list[Any] = []
    for record in outer:
        beside = dict(_scalars(record))
        beside = {_free(name, own, roles): value for name, value in beside.items()}
        lying.extend({**entry, **beside} for entry in _objects(_at(record, path)))
    name = ".".join(path)
    template = N_("{count} records lie in inner lists “{name}”; what stands beside each list is repeated for them.")
    warnings.append(Warning_(template, {"count": len(lying), "name": name}))
    if without := sum(not _objects(_at(record, path)) for record in records):
        template = N_("{count} entries whose list “{name}” is empty or lacks were left out.")
        warnings.append(Warning_(template, {"count": without, "name": name}))
    return lying


def is_apart(found: Mapping[str, Any]) -> bool:
    """Whether one of an object's keys is called as reviews are and leads to a list of objects."""
    return any(_is_named(key) and any(_lists({key: value})) for key, value in found.items())


def _lists(found: Mapping[str, Any], kind: type = dict) -> Iterator[tuple[tuple[str, ...], list[Any]]]:
    """The lists that hold a value of a kind, outermost first, with the keys that lead to them."""
    level: list[tuple[tuple[str, ...], Any]] = [((), found)]
    for _ in range(_DEEPEST + 1):
        following: list[tuple[tuple[str, ...], Any]] = []
        for path, value in level:
            if isinstance(value, dict):
                following.extend(((*path, str(key)), inner) for key, inner in value.items())
            elif isinstance(value, list) and any(isinstance(entry, kind) for entry in value):
                yield path, value
        level = following


def _likeness_inside(path: tuple[str, ...], entries: list[Any]) -> float:
    """A list of products is worth what the lists of reviews inside its objects are."""
    inner = _path_inside(_objects(entries)[:_LOOKED_AT])
    own = _likeness(path, _objects(entries)[:_LOOKED_AT])
    if inner is None:
        return own
    sample = chain.from_iterable(_objects(_at(entry, inner))[:_LOOKED_AT] for entry in _objects(entries)[:_LOOKED_AT])
    return max(own, _likeness(inner, list(sample)))


def _likeness(path: Sequence[str], objects: Sequence[Mapping[str, Any]]) -> float:
    """How much a list looks like reviews: its key is called so, its objects have texts, ratings, dates, users."""
    roles: set[str] = set()
    for entry in objects[:_LOOKED_AT]:
        for key, value in _scalars(entry):
            texts = isinstance(value, str)
            for role, strength in names.strengths(key).items():
                if strength >= _SURE and (role != "text" or (texts and not names.is_secondhand(key))):
                    roles.add(role)
    named = any(map(_is_named, path))
    return _NAMED * named + _TEXT * ("text" in roles) + len(roles & {"rating", "date", "user"})


def _is_named(key: str) -> bool:
    """Whether a list is called as reviews are, with or without a word for list; not what is counted of them."""
    bare = _OF_LISTS.sub("", key)
    if _ABOUT_TEXTS.search(bare) or names.is_secondhand(key):
        return False
    return names.strengths(bare).get("text", 0.0) >= _SURE


def _path_inside(objects: Sequence[Mapping[str, Any]]) -> tuple[str, ...] | None:
    """The keys that lead to the reviews inside objects that have no text of their own; None where there are none."""
    held: dict[tuple[str, ...], list[Any]] = {}
    holders: dict[tuple[str, ...], int] = {}
    for entry in objects:
        for path, entries in _lists(entry):
            held.setdefault(path, []).extend(_objects(entries)[:_LOOKED_AT])
            holders[path] = holders.get(path, 0) + 1
    usual = {path: entries for path, entries in held.items() if 2 * holders[path] >= len(objects)}
    if not usual or any(_is_text(key, value) for entry in objects for key, value in _scalars(entry)):
        return None
    best = max(usual, key=lambda path: (_likeness(path, usual[path]), len(usual[path])))
    named = any(map(_is_named, best))
    if not named and (names.is_secondhand(best[-1]) or _likeness(best, usual[best]) < _TEXT + 1):
        return None
    # A list without a telling name is only taken where nothing beside it could be the review.
    beside = (value for entry in objects for _, value in _scalars(entry) if isinstance(value, str))
    if not named and any(len(value) > _LONG_CHARS and "://" not in value for value in beside):
        return None
    return best


def _is_text(key: str, value: object) -> bool:
    return type(value) is str and bool(value.strip()) and names.strengths(key).get("text", 0.0) >= _SURE


def _objects(entries: object) -> list[dict[str, Any]]:
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _at(record: object, path: Sequence[str]) -> object:
    for key in path:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def _scalars(record: Mapping[str, Any], prefix: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """The plain values of an object by name, an inner object's after a dot."""
    for key, value in record.items():
        if isinstance(value, dict):
            if depth < _DEEPEST:
                yield from _scalars(value, f"{prefix}{key}.", depth + 1)
        elif not isinstance(value, list):
            yield f"{prefix}{key}", value


def _free(name: str, own: set[str], roles: set[str]) -> str:
    """A name for what stands beside the reviews: their own columns, and those of their roles, keep the plain names."""
    meant = {role for role, strength in names.strengths(name).items() if strength >= _SURE}
    if meant & roles - {"item"}:
        name = f"parent.{name}"
    while name.split(".")[0] in own or name in own:
        name = f"parent {name}" if name.startswith("parent.") else f"parent.{name}"
    return name
