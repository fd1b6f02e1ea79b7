"""A person who signs in cannot have the server ask its own network; who runs it can, and can allow a host."""

from __future__ import annotations

import socket

import pytest

from pipelines import ask
from pipelines.embed import reach
from pipelines.embed.openai import OpenAIEmbedder
from pipelines.errors import UnusableInput
from pipelines.store import acting

PERSON = acting.person_id("https://sign-in.example", "1")
INSIDE = [
    "http://127.0.0.1:8501/v1", "http://localhost:11434/v1", "http://169.254.169.254/latest", "http://10.0.0.1/v1",
    "http://[::1]/v1", "http://[::ffff:127.0.0.1]/v1", "http://192.168.1.1/v1", "http://0.0.0.0/v1",
    "http://no-such-host.invalid/v1", "http://2130706433/v1", "http://0x7f.1/v1",
]  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_an_address_inside_is_refused_to_a_person_and_taken_from_the_machine(url):
    assert not reach.is_guarded(url)
    with acting.acting_as(PERSON):
        with pytest.raises(UnusableInput, match="REVIEWSCAPE_PEOPLE_ADDRESSES"):
            OpenAIEmbedder("m", url)
        with pytest.raises(UnusableInput, match="REVIEWSCAPE_PEOPLE_ADDRESSES"):
            ask.resolve(f"openai:m@{url}")


def test_a_public_address_and_an_allowed_host_are_taken(monkeypatch):
    with acting.acting_as(PERSON):
        assert reach.is_guarded("https://1.1.1.1/v1")
        monkeypatch.setenv("REVIEWSCAPE_PEOPLE_ADDRESSES", "models.lan, 127.0.0.1:8000")
        assert not reach.is_guarded("http://127.0.0.1:8000/v1")
        assert not reach.is_guarded("http://models.lan/v1")
        with pytest.raises(UnusableInput):
            reach.is_guarded("http://127.0.0.1:8501/v1")


def test_a_name_that_leads_elsewhere_the_second_time_reaches_nobody(monkeypatch):
    """DNS rebinding: public when it is looked up, this computer when it is connected to."""
    import requests

    reach._addresses.cache_clear()
    reach._tried.cache_clear()
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        first = socket.getaddrinfo
        answers = [[(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", port))]]
        monkeypatch.setattr(
            socket, "getaddrinfo", lambda *all_, **more: answers.pop() if answers else first("127.0.0.1", port, **more)
        )
        with acting.acting_as(PERSON):
            model = OpenAIEmbedder("m", f"http://rebound.example:{port}/v1")
        model._session.trust_env = False
        with pytest.raises(requests.exceptions.ConnectionError):
            model._session.post(f"http://rebound.example:{port}/v1/embeddings", json={"input": ["private"]}, timeout=5)
        server.settimeout(2)
        connection, _ = server.accept()
        heard.append(connection.recv(100))
        connection.close()
    assert heard == [b""]


def test_a_look_up_that_failed_is_soon_asked_anew_and_one_that_did_not_is_kept(monkeypatch):
    asked = []

    def look_up(host, port, **_more):
        asked.append(host)
        if len(asked) == 1:
            raise socket.gaierror("try again")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("1.1.1.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(reach, "_KEPT_S", 10**9)
    monkeypatch.setattr(reach, "_FAILED_KEPT_S", 10**9)
    reach._addresses.cache_clear()
    reach._tried.cache_clear()
    with acting.acting_as(PERSON):
        for _run in range(3):
            with pytest.raises(UnusableInput):
                reach.is_guarded("https://models.example/v1")
        assert asked == ["models.example"], "a page that runs again and again does not wait each time"
        monkeypatch.setattr(reach, "_FAILED_KEPT_S", 1e-6)
        assert all(reach.is_guarded("https://models.example/v1") for _run in range(3))
    assert asked == ["models.example"] * 2
