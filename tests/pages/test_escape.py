"""Text of others in Markdown stays text."""

import pytest

from pages.ui.escape import plain


@pytest.mark.parametrize(
    "hostile", ["http://a.example", "www.a.example", "me@a.example", ":material_home:", "mailto:x@y.zz"]
)
def test_no_link_or_icon_is_left_once_escapes_are_undone(hostile):
    undone = plain(hostile).replace("\\", "")
    assert "://" not in undone
    assert "www." not in undone
    assert ":material" not in undone
    before, at, _ = undone.partition("@")
    assert not at or before.endswith("\u2060")


def test_punctuation_is_escaped_and_lines_are_joined():
    assert plain("**a**\n# b") == "\\*\\*a\\*\\* \\# b"


def test_long_text_is_cut():
    assert plain("x" * 500, 10) == "x" * 9 + "…"
