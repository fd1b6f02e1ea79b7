"""`--view V`: a saved view for what leaves the computer: a part that cannot be read must not widen what is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import N_, UnusableInput

if TYPE_CHECKING:
    from pipelines.store.reader import Bundle
    from pipelines.view import View

_SHOWN_CHARS = 200


def read_view(argument: str, bundle: Bundle) -> View:
    """The view of `argument`: JSON where it starts with {, otherwise the name of a file that holds it.

    Pages pass over what they cannot read of a view. Raises UnusableInput for it: a filter or a selection that is not
    understood, a filter on a column that the bundle lacks, a part that views do not have, a file that is no text.
    """
    from pipelines.view import View, column_values

    raw = argument if argument.lstrip().startswith("{") else _file_text(argument)
    try:
        view = View.from_json(raw)
        given = json.loads(raw)
    except ValueError as error:
        raise UnusableInput(N_("--view is no view: {error}"), error=error) from error
    _refuse_unread(given, view)
    for item in view.filters:
        if column_values(bundle.points, bundle.rows, item.column) is None:
            raise UnusableInput(
                N_("--view has a filter on “{column}”, and the analysis has no such column."), column=item.column
            )
    return view


def _file_text(name: str) -> str:
    try:
        return Path(name).read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        # ValueError: a name with a NUL, or bytes that are not UTF-8.
        reason = getattr(error, "strerror", None) or error
        raise UnusableInput(
            N_("--view {name} cannot be read: {reason}. Give a view's JSON, or a file that holds it in UTF-8."),
            name=_short(name),
            reason=reason,
        ) from error


def _refuse_unread(given: Mapping[str, object], view: View) -> None:
    known = {field.name for field in fields(view)}
    for name in given:
        if name not in known:
            raise UnusableInput(
                N_("--view has a part “{part}”; a view has only {known}."),
                part=_short(name),
                known=", ".join(sorted(known)),
            )
    filters = given.get("filters")
    if filters is not None and not isinstance(filters, list):
        _refuse_filter(filters)
    kept = [item.to_dict() for item in view.filters]
    for place, item in enumerate(filters if isinstance(filters, list) else []):
        # from_dict leaves out a filter, or values of one, and keeps the order of the rest.
        if place >= len(kept) or not _is_same(item, kept[place]):
            _refuse_filter(item)
    selection = given.get("selection")
    units = selection if isinstance(selection, list) and all(type(unit) is int for unit in selection) else None
    if selection is not None and (units is None or view.selection is None or {*units} != {*view.selection}):
        raise UnusableInput(N_("The selection of --view cannot be read. It is a list of unit ids."))
    quotes = given.get("quotes")
    if quotes is not None and quotes != list(view.quotes):
        raise UnusableInput(N_("The quotes of --view cannot be read. They are a list of unit ids, each once."))


def _is_same(item: object, kept: Mapping[str, object]) -> bool:
    if isinstance(item, Mapping):
        return all(item.get(name) == kept[name] for name in kept)
    return item == list(kept.values())


def _refuse_filter(item: object) -> None:
    from pipelines.view import OPS

    raise UnusableInput(
        N_("The filter {filter} of --view cannot be read. It is a column, one of {ops}, and a value that fits."),
        filter=_short(json.dumps(item, ensure_ascii=False)),
        ops=", ".join(OPS),
    )


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN_CHARS else text[: _SHOWN_CHARS - 1] + "…"
