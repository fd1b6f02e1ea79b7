"""Pictures from the web: which addresses are asked at all, and answers that are no small picture."""

from __future__ import annotations

import ipaddress
import logging
import socket
import time
from http.server import BaseHTTPRequestHandler

import pytest

from pipelines.pictures import addresses
from pipelines.pictures.fetched import MOST_REDIRECTS, Fetcher
from pipelines.pictures.refused import NotTaken
from tests.pictures.conftest import PictureServer, send

CONTENT = b"\xff\xd8\xff picture"

PRIVATE = [
    "0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "127.8.8.8", "169.254.169.254", "172.16.0.1", "192.0.0.1",
    "192.168.1.1", "198.18.0.1", "224.0.0.1", "239.1.1.1", "240.0.0.1", "255.255.255.255", "168.63.129.16",
    "100.100.100.200", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2002:7f00:1::", "2002:c0a8:101::", "2001:0:7f00:1::", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1",
    "2001:db8::1", "2001:0:808:808::",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.fixture
def fetcher(server: PictureServer) -> Fetcher:
    """One that may ask this computer, at the server's port."""
    return Fetcher(10_000, 3.0, allowed=lambda address: address.is_loopback, ports=frozenset({server.port}))


def kind_of(fetcher: Fetcher, url: str) -> str:
    with pytest.raises(NotTaken) as caught:
        fetcher.fetch(url)
    return caught.value.kind


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_in_every_form(address: str) -> None:
    assert not addresses.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert addresses.is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/a.jpg",
        "http://localhost/a.jpg",
        "http://localhost./a.jpg",
        "http://2130706433/a.jpg",
        "http://0x7f.1/a.jpg",
        "http://0177.0.0.1/a.jpg",
        "http://[::1]/a.jpg",
        "http://[::ffff:127.0.0.1]/a.jpg",
        "http://169.254.169.254/latest/meta-data/",
        "http://1.1.1.1:8501/a.jpg",
        "http://1.1.1.1:22/",
        "http://user:pass@1.1.1.1/a.jpg",
        "ftp://1.1.1.1/a.jpg",
        "file:///etc/passwd",
        "gopher://1.1.1.1/",
        "ftp://1.1.1.1:80/a.jpg",
        "http://[1.1.1.1/a.jpg",
        "http://1.1.1.1:99999/a.jpg",
        "http:///a.jpg",
        "http://",
        "http://1.1.1.1/" + "a" * 3000,
        "http://1.1.1.1/a b",
        "http://1.1.1.1/a\r\nHost: x",
        "http://[bad/a.jpg",
        "http://1.1.1.1:99999/a.jpg",
        "not an address",
    ],
)
def test_addresses_that_are_never_asked(url: str, server: PictureServer) -> None:
    assert kind_of(Fetcher(10_000, 3.0), url) in ("address", "status")
    assert not server.asked


def test_this_computers_own_server_is_not_asked_whatever_its_port(server: PictureServer) -> None:
    assert kind_of(Fetcher(10_000, 3.0, ports=frozenset({server.port})), f"{server.url}/a.jpg") == "address"
    assert not server.asked


def test_a_name_with_one_private_address_among_public_ones_is_not_asked(monkeypatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    assert kind_of(Fetcher(10_000, 3.0), "http://two-faced.example/a.jpg") == "address"


def test_connected_is_to_the_address_that_was_checked(server: PictureServer, fetcher: Fetcher, monkeypatch) -> None:
    """A name that points elsewhere at the second look (DNS rebinding) is looked up once."""
    server.answers["/a.jpg"] = send(CONTENT)
    looks: list[str] = []
    usual = socket.getaddrinfo

    def look_up(host, *rest, **more):
        looks.append(host)
        return usual("127.0.0.1" if host == "photos.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    assert fetcher.fetch(f"http://photos.example:{server.port}/a.jpg") == CONTENT
    assert looks.count("photos.example") == 1
    assert server.asked[0][1]["host"] == f"photos.example:{server.port}"


def test_a_picture_comes_and_nothing_is_told_of_us(server: PictureServer, fetcher: Fetcher, monkeypatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    server.answers["/%E5%9B%BE.jpg?w=1"] = send(CONTENT, "image/JPEG; charset=binary", Set_Cookie="id=1")
    assert fetcher.fetch(f"{server.url}/图.jpg?w=1") == CONTENT
    assert fetcher.fetch(f"{server.url}/%E5%9B%BE.jpg?w=1") == CONTENT
    for _, headers in server.asked:
        assert set(headers) == {"host", "accept", "accept-encoding", "connection", "user-agent"}


def test_redirects_are_followed_and_checked(server: PictureServer, fetcher: Fetcher) -> None:
    server.answers["/a.jpg"] = send(CONTENT)
    server.answers["/there"] = send(b"", status=302, Location="/a.jpg")
    server.answers["/inside"] = send(b"", status=302, Location="http://169.254.169.254/latest/meta-data/")
    server.answers["/file"] = send(b"", status=301, Location="file:///etc/passwd")
    server.answers["/other-port"] = send(b"", status=307, Location="http://127.0.0.1:9/a.jpg")
    server.answers["/round"] = send(b"", status=302, Location="/round")
    server.answers["/nowhere"] = send(b"", status=302)
    assert fetcher.fetch(f"{server.url}/there") == CONTENT
    for path in ("/inside", "/file", "/other-port"):
        assert kind_of(fetcher, server.url + path) == "address"
    before = len(server.asked)
    assert kind_of(fetcher, f"{server.url}/round") == "status"
    assert len(server.asked) - before == MOST_REDIRECTS + 1
    assert kind_of(fetcher, f"{server.url}/nowhere") == "status"


def test_other_answers_are_not_taken(server: PictureServer, fetcher: Fetcher) -> None:
    server.answers |= {
        "/page": send(b"<html>", "text/html"),
        "/bytes": send(CONTENT, "application/octet-stream"),
        "/packed": send(CONTENT, Content_Encoding="gzip"),
        "/told": send(b"", Content_Length="10000001"),
        "/large": send(b"x" * 10_001),
        "/gone": send(CONTENT, status=404),
        "/broken": send(CONTENT, status=500),
    }
    kinds = {path: kind_of(fetcher, server.url + path) for path in [*server.answers, "/none"]}
    assert kinds == {
        "/page": "type", "/bytes": "type", "/packed": "type", "/told": "large", "/large": "large",
        "/gone": "status", "/broken": "status", "/none": "status",
    }  # fmt: skip


def test_an_endless_answer_ends(server: PictureServer) -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "image/jpeg")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b"x")
            handler.wfile.flush()
            time.sleep(0.02)

    server.answers["/drip"] = drip
    fetcher = Fetcher(10_000, 0.3, allowed=lambda address: True, ports=frozenset({server.port}))
    assert kind_of(fetcher, f"{server.url}/drip") == "time"


def test_many_come_in_their_order(server: PictureServer, fetcher: Fetcher) -> None:
    for n in range(40):
        server.answers[f"/{n}"] = send(b"%d" % n) if n % 7 else send(b"", "text/html")
    found = list(fetcher.fetch_all(f"{server.url}/{n}" for n in range(40)))
    assert [one if isinstance(one, bytes) else one.kind for one in found] == [
        b"%d" % n if n % 7 else "type" for n in range(40)
    ]


@pytest.mark.parametrize("where", ["ftp://127.0.0.1:{port}/a.jpg", "//[", "http://[::1", "http://127.0.0.1:x/", ""])
def test_a_redirect_to_nonsense_costs_that_picture_alone(server: PictureServer, fetcher: Fetcher, where: str) -> None:
    server.answers["/a.jpg"] = send(b"", status=302, Location=where.format(port=server.port))
    server.answers["/b.jpg"] = send(CONTENT)
    found = list(fetcher.fetch_all([f"{server.url}/a.jpg", f"{server.url}/b.jpg", f"{server.url}/\ud800.jpg"]))
    assert isinstance(found[0], NotTaken) and found[1] == CONTENT and isinstance(found[2], NotTaken)


def test_no_address_is_written_to_a_log(server: PictureServer, fetcher: Fetcher, caplog) -> None:
    server.answers["/of-zoe.jpg"] = send(CONTENT)
    with caplog.at_level(logging.INFO):
        assert fetcher.fetch(f"{server.url}/of-zoe.jpg") == CONTENT
    assert "of-zoe" not in caplog.text
