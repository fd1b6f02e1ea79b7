"""Fixtures of the pictures' tests: the tiny model, a server of pictures on loopback, a file with its zip."""

from __future__ import annotations

import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from pipelines.embed.clip import ClipModel
from tests.pictures import tiny_clip

Answer = Callable[[BaseHTTPRequestHandler], None]


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """The model is too small for a second thread, and the machine is busy."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REVIEWSCAPE_THREADS", "1")
        yield


@pytest.fixture(scope="session")
def clip_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_clip.save(tmp_path_factory.mktemp("clip") / "tiny")


@pytest.fixture(scope="session")
def model(clip_folder: Path) -> ClipModel:
    return ClipModel(f"clip:{clip_folder}")


@dataclass
class PictureServer:
    """Answers each path as `answers` says; the paths asked for, in their order, with their headers."""

    url: str
    port: int
    answers: dict[str, Answer]
    asked: list[tuple[str, dict[str, str]]]


def send(content: bytes, kind: str = "image/jpeg", status: int = 200, **headers: str) -> Answer:
    """An answer of one piece."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


@pytest.fixture
def server() -> Iterator[PictureServer]:
    answers: dict[str, Answer] = {}
    asked: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            answers.get(self.path, send(b"", "text/plain", 404))(self)

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: object) -> None:
            """A client that hangs up is what these tests are about."""

    running = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield PictureServer(f"http://127.0.0.1:{running.server_port}", running.server_port, answers, asked)
    running.shutdown()
    thread.join()
    running.server_close()


@dataclass(frozen=True)
class WithPictures:
    """A file of 24 reviews, its zip, and the colour of each review's pictures, in the order of the cells."""

    file: Path
    zip: Path
    colours: list[list[str]]


@pytest.fixture(scope="session")
def with_pictures(tmp_path_factory: pytest.TempPathFactory) -> WithPictures:
    folder = tmp_path_factory.mktemp("with pictures")
    names = list(tiny_clip.COLOURS)
    colours = [[names[i % 6]] if i % 4 else [names[i % 6], names[(i + 1) % 6]] for i in range(24)]
    colours[5] = []
    texts = [
        f"The {('kettle', 'lamp', 'chair')[i % 3]} number {i} arrived and works as I hoped it would." for i in range(24)
    ]
    cells = [";".join(f"{i}-{n}.jpg" for n, _ in enumerate(of_row)) for i, of_row in enumerate(colours)]
    pd.DataFrame({"review": texts, "stars": [i % 5 + 1 for i in range(24)], "photos": cells}).to_csv(
        folder / "reviews.csv", index=False
    )
    with zipfile.ZipFile(folder / "photos.zip", "w") as archive:
        for i, of_row in enumerate(colours):
            for n, colour in enumerate(of_row):
                archive.writestr(f"shop/{i}-{n}.JPG", tiny_clip.as_bytes(tiny_clip.picture(colour, seed=10 * i + n)))
    return WithPictures(folder / "reviews.csv", folder / "photos.zip", colours)
