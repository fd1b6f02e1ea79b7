"""A visitor without a browser: Streamlit's own messages over a real websocket, as its page in a browser sends them.

The messages are those of streamlit/proto (BackMsg up, ForwardMsg down). A visitor remembers what a browser does: the
widgets that the last run drew and what they hold, the address, and by their hashes the large messages of the last runs,
which the server then need not send again.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
from streamlit.proto.Alert_pb2 import Alert
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

XSRF_COOKIE, XSRF_HEADER = "_streamlit_xsrf", "X-Xsrftoken"
KEPT_RUNS = 2
"""Runs after which a browser forgets a large message that was not shown again (global.maxCachedMessageAge)."""
_MOST_BYTES = 256 << 20
_FIELDS = {
    "selectbox": "string_value", "text_input": "string_value", "text_area": "string_value", "radio": "string_value",
    "plotly_chart": "string_value", "dataframe": "string_value", "tab_container": "string_value",
    "checkbox": "bool_value", "popover": "bool_value", "expandable": "bool_value", "button": "trigger_value",
    "number_input": "double_value",
}  # fmt: skip
_LISTS = {"button_group": "string_array_value", "multiselect": "string_array_value", "slider": "double_array_value"}


class Broken(Exception):
    """The server closed the connection, or a page has no such widget or page."""


@dataclass(frozen=True)
class Widget:
    """kind: the name of its message. fragment: the part of the page that alone is run for it, "" for the whole."""

    id: str
    kind: str
    fragment: str


@dataclass(frozen=True)
class Run:
    """One click: seconds from the message up to the end of the script, bytes down, what was written and what failed."""

    seconds: float
    received: int
    exceptions: tuple[str, ...] = ()
    said: tuple[str, ...] = ()


@dataclass
class Visitor:
    """One tab of a browser; opened by `visiting`.

    query: the address's, as the server last wrote it. acts: how often something was done on a component.
    """

    socket: ClientConnection
    url: str
    session: str = ""
    page: str = ""
    query: str = ""
    acts: int = 0
    pages: dict[str, str] = field(default_factory=dict)
    widgets: dict[str, Widget] = field(default_factory=dict)
    _held: dict[str, WidgetState] = field(default_factory=dict)
    _known: dict[str, tuple[int, list[tuple[str, Widget]]]] = field(default_factory=dict)
    _said: list[str] = field(default_factory=list)
    _runs: int = 0

    async def open(self, page: str = "", query: Mapping[str, str] | None = None) -> Run:
        """Come by an address."""
        self.query = str(httpx.QueryParams(dict(query or {})))
        return await self._rerun(ClientState(page_name=page, page_script_hash=""))

    async def go(self, page: str) -> Run:
        """Click a page in the menu, by its path; "" is the page that stands for all."""
        if page not in self.pages:
            raise Broken(f"There is no page {page}; there are {', '.join(self.pages)}")
        self.query, self.page = "", self.pages[page]
        return await self._rerun(ClientState(page_script_hash=self.page))

    async def use(self, key: str, value: object = True) -> Run:
        """Click or fill the widget with this key, by `value` as the widget's kind takes it."""
        found = self.find(key)
        self._put(found, value)
        return await self._rerun(ClientState(page_script_hash=self.page, fragment_id=found.fragment))

    async def submit(self, button: str, fields: Mapping[str, object]) -> Run:
        """Fill the fields of a form and press its button, by the key of each."""
        for key, value in fields.items():
            self._put(self.find(key), value)
        return await self.use(button)

    async def act(self, key: str, event: str, value: object) -> Run:
        """What a person does on a component of ours (the map): a trigger with a value."""
        found = self.find(key)
        self.acts += 1
        trigger = WidgetState(id=f"$$STREAMLIT_INTERNAL_KEY_{found.id}__events")
        trigger.json_trigger_value = json.dumps([{"event": event, "value": value}])
        self._held[trigger.id] = trigger
        return await self._rerun(ClientState(page_script_hash=self.page, fragment_id=found.fragment))

    async def upload(self, key: str, name: str, content: bytes) -> Run:
        """Drop one file on an uploader: asked where it goes, sent there over HTTP, then told."""
        found = self.find(key)
        asked = BackMsg()
        asked.file_urls_request.request_id = "1"
        asked.file_urls_request.file_names.append(name)
        asked.file_urls_request.session_id = self.session
        await self.socket.send(asked.SerializeToString())
        while (told := await self._next()).WhichOneof("type") != "file_urls_response":
            self._take(told)
        (place,) = told.file_urls_response.file_urls
        async with httpx.AsyncClient(base_url=self.url, timeout=120) as client:
            await client.get("/_stcore/health")
            headers = {XSRF_HEADER: client.cookies[XSRF_COOKIE]}
            answer = await client.put(place.upload_url, files={"file": (name, content)}, headers=headers)
            answer.raise_for_status()
        state = WidgetState(id=found.id)
        info = state.file_uploader_state_value.uploaded_file_info.add()
        info.file_id, info.name, info.size = place.file_id, name, len(content)
        info.file_urls.CopyFrom(place)
        self._held[found.id] = state
        return await self._rerun(ClientState(page_script_hash=self.page, fragment_id=found.fragment))

    def find(self, key: str) -> Widget:
        """The widget whose key is, or begins with, `key`; raises Broken where the last run drew none."""
        named = self.widgets.get(key) or next((w for k, w in self.widgets.items() if k.startswith(key)), None)
        if named is None:
            raise Broken(f"No widget {key} among {', '.join(sorted(self.widgets))}")
        return named

    def has(self, key: str) -> bool:
        """Whether the last run drew such a widget."""
        return any(one.startswith(key) for one in self.widgets)

    def _put(self, widget: Widget, value: object) -> None:
        state = WidgetState(id=widget.id)
        if widget.kind in _LISTS:
            getattr(state, _LISTS[widget.kind]).data.extend(value)
        else:
            setattr(state, _FIELDS[widget.kind], json.dumps(value) if isinstance(value, dict) else value)
        self._held[widget.id] = state

    async def _rerun(self, state: ClientState) -> Run:
        state.query_string = self.query
        state.widget_states.widgets.extend(self._held.values())
        state.cached_message_hashes.extend(self._known)
        state.context_info.timezone, state.context_info.locale = "Europe/Berlin", "en-US"
        state.context_info.url, state.context_info.color_scheme = self.url, "light"
        # A trigger counts once.
        self._held = {
            id_: one
            for id_, one in self._held.items()
            if one.WhichOneof("value") not in ("trigger_value", "json_trigger_value")
        }
        received, exceptions = 0, []
        self._said = []
        started = time.perf_counter()
        await self.socket.send(BackMsg(rerun_script=state).SerializeToString())
        while True:
            raw = await self._raw()
            received += len(raw)
            message = ForwardMsg.FromString(raw)
            exceptions += self._take(message)
            if message.WhichOneof("type") == "script_finished" and message.script_finished in (
                ForwardMsg.FINISHED_SUCCESSFULLY,
                ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
                ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
            ):
                break
        seconds = time.perf_counter() - started
        # As a browser does: of a widget that is gone nothing is said again.
        there = {widget.id for widget in self.widgets.values()}
        self._held = {id_: one for id_, one in self._held.items() if id_ in there}
        self._runs += 1
        self._known = {key: kept for key, kept in self._known.items() if kept[0] > self._runs - KEPT_RUNS}
        return Run(seconds, received, tuple(exceptions), tuple(self._said))

    async def _raw(self) -> bytes:
        raw = await self.socket.recv()
        assert isinstance(raw, bytes)
        return raw

    async def _next(self) -> ForwardMsg:
        return ForwardMsg.FromString(await self._raw())

    def _take(self, message: ForwardMsg) -> list[str]:
        """Remember what a message says; the exceptions in it."""
        kind = message.WhichOneof("type")
        if kind == "new_session":
            begun = message.new_session
            self.session, self.page = begun.initialize.session_id or self.session, begun.page_script_hash
            if not message.metadata.run.fragment_ids:
                self.widgets = {}
        elif kind == "navigation":
            self.pages = {one.url_pathname: one.page_script_hash for one in message.navigation.app_pages}
            self.page = message.navigation.page_script_hash or self.page
        elif kind == "page_info_changed":
            self.query = message.page_info_changed.query_string
        elif kind == "ref_hash":
            kept = self._known.get(message.ref_hash, (0, []))[1]
            self._draw(message.ref_hash, kept)
        elif kind == "delta":
            drawn, exceptions = _drawn(message.delta)
            if message.delta.new_element.WhichOneof("type") == "markdown":
                self._said.append(message.delta.new_element.markdown.body)
            self._draw(message.hash if message.metadata.cacheable else "", drawn)
            return exceptions
        return []

    def _draw(self, hash_: str, drawn: list[tuple[str, Widget]]) -> None:
        self.widgets.update(drawn)
        if hash_:
            self._known[hash_] = (self._runs, drawn)


def _drawn(delta: Delta) -> tuple[list[tuple[str, Widget]], list[str]]:
    """The widget of a delta, with its key, where it has one; and the exception or error that it shows."""
    if delta.WhichOneof("type") == "new_element":
        message: Any = delta.new_element
    elif delta.WhichOneof("type") == "add_block":
        message = delta.add_block
    else:
        return [], []
    kind: str = message.WhichOneof("type") or ""
    proto = getattr(message, kind, None)
    if kind == "exception" and proto is not None:
        return [], [] if proto.is_warning else [f"{proto.type}: {proto.message}"]
    if kind == "alert" and proto is not None and proto.format == Alert.ERROR:
        return [], [f"said: {proto.body}"]
    id_ = getattr(proto, "id", "")
    if not id_ or id_.count("-") < 2:
        return [], []
    key = id_.split("-", 2)[2]
    return [(key if key != "None" else id_, Widget(id_, kind, delta.fragment_id))], []


@contextlib.asynccontextmanager
async def visiting(url: str) -> AsyncIterator[Visitor]:
    """A new session at the server with this address; closed as a tab is."""
    place = urlsplit(url)
    async with connect(
        f"ws://{place.netloc}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        max_size=_MOST_BYTES,
        ping_interval=None,
    ) as socket:
        yield Visitor(socket, url)
