"""What a session alone keeps in memory: everything that hangs on it and not on the caches that all sessions share."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from streamlit.delta_generator import DeltaGenerator
from streamlit.runtime.caching import cache_resource_api
from streamlit.runtime.state import SessionState
from streamlit.testing.v1 import AppTest

_NOT_OURS = (types.ModuleType, type, DeltaGenerator, types.BuiltinFunctionType, types.CodeType)


class Scales:
    """Bytes of what was not put on them before; memory that two objects share counts once, with the first."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._places: set[int] = set()
        self._kept: list[Any] = []

    def weigh(self, root: Any) -> int:
        """Bytes of texts, numbers, tables and containers that can be reached from `root`."""
        total, waiting = 0, [root]
        while waiting:
            one = waiting.pop()
            if isinstance(one, _NOT_OURS) or id(one) in self._seen:
                continue
            self._seen.add(id(one))
            # An object that is gone gives its id to the next one.
            self._kept.append(one)
            total += sum(size for place, size in _memory(one) if self._is_new(place))
            waiting += _parts(one)
        return total

    def _is_new(self, place: int) -> bool:
        is_new = place not in self._places
        self._places.add(place)
        return is_new


def _memory(one: Any) -> Iterator[tuple[int, int]]:
    """(where, bytes) of the memory that holds an object's own values."""
    if isinstance(one, np.ndarray):
        while isinstance(one.base, np.ndarray):
            one = one.base
        yield one.__array_interface__["data"][0], one.nbytes
    elif isinstance(one, pa.ChunkedArray):
        for chunk in one.chunks:
            yield from ((buffer.address, buffer.size) for buffer in chunk.buffers() if buffer is not None)
    elif not isinstance(one, pd.DataFrame | pd.Series | pd.Index):
        yield id(one), sys.getsizeof(one)


def _parts(one: Any) -> list[Any]:
    if isinstance(one, str | bytes | bytearray | int | float | np.ndarray | pa.ChunkedArray):
        return []
    if isinstance(one, Mapping) and isinstance(one, dict):
        return [*one.keys(), *one.values()]
    if isinstance(one, list | tuple | set | frozenset):
        return list(one)
    if isinstance(one, pd.DataFrame):
        return [one.index, *(one.iloc[:, i].array for i in range(one.shape[1]))]
    if isinstance(one, pd.Series | pd.Index):
        return [one.array]
    if isinstance(one, pd.api.extensions.ExtensionArray):
        return [getattr(one, "_pa_array", getattr(one, "_ndarray", None)), getattr(one, "_data", None)]
    if isinstance(one, partial):
        return [one.func, one.args, one.keywords]
    if isinstance(one, types.MethodType):
        return [one.__self__, one.__func__]
    if isinstance(one, types.FunctionType):
        cells = [cell.cell_contents for cell in one.__closure__ or () if cell != types.CellType()]
        return [*cells, one.__defaults__, one.__kwdefaults__]
    slots = [getattr(one, name, None) for kind in type(one).__mro__ for name in getattr(kind, "__slots__", ())]
    return [*slots, getattr(one, "__dict__", None)]


def shared_caches() -> list[Any]:
    """What st.cache_resource keeps for all sessions."""
    caches: list[Any] = [cache_resource_api._resource_caches._function_caches]
    found = []
    while caches:
        one = caches.pop()
        if isinstance(one, dict):
            caches += one.values()
        else:
            found.append(one._mem_cache)
    return found


def of_session(app: AppTest, fragments: list[Any]) -> dict[str, int]:
    """Bytes that a session alone keeps, by the name in its state; fragments: those that its page registered."""
    scales = Scales()
    scales.weigh(shared_caches())
    inside: Any = app.session_state
    while not isinstance(inside, SessionState):
        # Both wrappers look up other names among the session's own values.
        inside = object.__getattribute__(inside, "_state")
    found = {f"state {name}": scales.weigh(value) for name, value in inside._new_session_state.items()}
    found |= {f"state {name}": scales.weigh(value) for name, value in inside._old_state.items()}
    widgets = inside._new_widget_state
    found |= {f"widget {name}": scales.weigh(value) for name, value in widgets.states.items()}
    found |= {f"callback {name}": scales.weigh(value) for name, value in widgets.widget_metadata.items()}
    found |= {f"fragment {i}": scales.weigh(one) for i, one in enumerate(fragments)}
    return found
