"""Dropping files on the Open page, and reading what it then says."""

from __future__ import annotations

import csv
import io
import time

from pipelines import jobs
from tests import made_reviews


def small_csv(n: int = 14) -> bytes:
    rows = made_reviews.table(made_reviews.english(n))
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode("utf-8")


def drop(app, files: dict[str, bytes]):
    """Drop files together, as a browser hands them over."""
    app.file_uploader(key="upload").set_value([(name, content, "") for name, content in files.items()]).run()
    return app


def upload(app, content: bytes, name: str = "wearers.csv"):
    return drop(app, {name: content})


def csv_bytes(head: list[str], rows: list[list[object]], encoding: str = "utf-8") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file).writerows([head, *rows])
    return file.getvalue().encode(encoding)


def workbook(sheets: dict[str, list[list[object]]]) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def unsure_encoding() -> bytes:
    """One letter above ASCII, whose two bytes are a Chinese character in other codecs."""
    rows = [[text, i % 5 + 1] for i, text in enumerate([*made_reviews.english(11), "é"])]
    return csv_bytes(["review", "stars"], rows)


def keys(app, kind: str = "button") -> set[str]:
    return {str(element.key) for element in app.get(kind)}


def sentence(app) -> str:
    """What is said first of the files."""
    return (app.success or app.warning)[0].value.replace("\\", "")


def wait_until_ended(timeout_s: float = 120) -> jobs.Job:
    end = time.monotonic() + timeout_s
    while time.monotonic() < end:
        (job,) = jobs.list_recent()
        if not job.is_active:
            return job
        time.sleep(0.1)
    raise AssertionError(f"the job is still {job.state}")
