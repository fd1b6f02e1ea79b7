"""Whose a job is: spec["owner"] says it, and whoever acts (`store.acting`) finds, stops and resumes their own alone."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pipelines.store import acting


def owned(spec: Mapping[str, object]) -> Mapping[str, object]:
    """The spec with whose it is: equal analyses of two people are two jobs.

    Raises UnusableInput for a visitor, and for a further bundle of an analysis that is not of who acts.
    """
    whose = acting.owner()
    if acting.who() == acting.ALL:
        return spec
    if "analysis_id" in spec:
        # A worker imports this module too, and needs the library only once it works.
        from pipelines.store import library

        library.info(str(spec["analysis_id"]))
    rest = {name: value for name, value in spec.items() if name != "owner"}
    return {**rest, **({"owner": whose} if whose else {})}


def owner(spec: Mapping[str, object]) -> str:
    """Whose a job is."""
    return str(spec.get("owner") or acting.MACHINE)


def is_own(spec: str) -> bool:
    """Whether a job is of who acts; spec: as jobs.db keeps it, in JSON."""
    return acting.owns(owner(json.loads(spec)))


def only_own(where: str, values: tuple[object, ...]) -> tuple[str, tuple[object, ...]]:
    """A condition on jobs, and its values, that holds for those of who acts alone."""
    who = acting.who()
    if who == acting.ALL:
        return where, values
    return f"coalesce(json_extract(spec, '$.owner'), '') = ? AND {where}", (who, *values)
