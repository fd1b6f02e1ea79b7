"""Tokens that have upset readers of tables, by what they are; a mutator of mutations.py puts them into files."""

from __future__ import annotations


def _entities() -> str:
    """XML whose entities unfold to a hundred million words, or to a file of the machine."""
    inner = "".join(f'<!ENTITY e{i} "{f"&e{i - 1};" * 10 if i else "ha"}">' for i in range(9))
    return f'<?xml version="1.0"?><!DOCTYPE x [{inner}<!ENTITY f SYSTEM "file:///etc/hostname">]><x>&e8;&f;</x>'


TOKENS: dict[str, tuple[str, ...]] = {
    "quotes": (
        *('"', '""', '"""', "'", '\\"', ',"', '\n"', '"\n', "“", "`", "\\"),
        *('"' * 501, '",' * 300, '\n"a' * 200),
    ),
    "delimiters": (
        *("," * 40, ";" * 700, "\t\t\t", "|" * 3_000, ",\n" * 50),
        *("\x01", "\x1f", " , ", "，" * 9, "^~:"),
    ),
    "controls": ("\x00", "\x00" * 40, "\r", "\r" * 30, "\x0b\x0c", "\x1a", "\x1b[31m", "\x7f", "\x85", "\b\b"),
    "unicode": (
        *("\ufeff", "\u2028", "\u2029", "\u202e", "\u200f", "\u200b" * 9, "\ufffe", "\U0010ffff"),
        "e" + "\u0301" * 400,
    ),
    "surrogates": (
        *("\ud800", "\udfff\ud800", "\\ud800", '"\\udfff"', '{"\\ud800":"\\udc00"}\n'),
        *("&#xD800;", "&#55296;", "_xD800_"),
    ),
    "formulas": ("=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+cmd", "-2+3", "'=1", "＝1", '=HYPERLINK("http://x")', "\t=1"),
    "numbers": (
        *("1e999999", "-1e-999999", "9" * 400, "9" * 5_000, "NaN", "-inf", "0x1F", "1_000"),
        *("٣", "½", "²", "1,5,0", "٪", "௧"),
    ),
    "dates": (
        *("9999-99-99", "0000-00-00", "2026-02-30", "9" * 20, "31/31/3131", "2026年13月", "1e18", "24:61"),
        *("+99:99", "2026-01-02T03:04:05.123456789123+99:99", "٢٠٢٦-٠١-٠٢", "1677-09-21", "2262-04-12"),
    ),
    "stars": (
        *("★" * 9_000, "6 out of 5", "5/0", "1e400/5", "-3 of 5", "0/100", "好评", "999%"),
        *("５", "五星", "5.0.0", "²/5", "5/" + "9" * 400),
    ),
    "long_cell": ("x" * 200_000, "好" * 60_000, "(" * 70_000, " " * 150_000, "a,b " * 30_000, "&amp;" * 20_000),
    "many_columns": (",".join(f"c{i}" for i in range(3_000)) + "\n", "\t" * 3_000, ";".join("1" * 2_000) + "\n"),
    "brackets": (
        *("[" * 5_000, '{"a":' * 3_000, "{" * 60_000, "(" * 900, "]" * 90, "[[],[{}]]", '[{"a":[' * 400, "}"),
        '[{"a":' + "[" * 900 + "]" * 900 + "}]",
    ),
    "json": (
        *('{"a":1}\n', "[1,2", '{"a":{"b":{"c":[1,{"d":null}]}}}', '"\\u0000"', "1e999", "-0", "NaN"),
        *('{"":"","":""}', "true", "9" * 5_000, '{"columns":["a"],"data":[[1],[2,3]]}'),
    ),
    "markup": (
        *("<table>", "<table><tr><td>" * 300, "</table>", '<td colspan="99999999">', '<td rowspan="-1">'),
        *(
            "<!--",
            "]]>",
            "&#x110000;",
            "<![CDATA[",
            "<tr>" * 2_000,
            "<div>" * 3_000,
            *('<td rowspan="65534" colspan="999">', '<meta charset="raw_unicode_escape">', '<meta charset="rot13">'),
        ),
    ),
    "xml": (
        *(_entities(), "&lt;&gt;&nbsp;&bogus;", '<Row ss:Index="999999999">', '<Cell ss:Index="-5"/>'),
        *('<c r="XFE99999999">', '<c r="ZZZZZZ1" t="s"><v>99999</v></c>', '<dimension ref="A1:XFD1048576"/>'),
    ),
    "comments": (
        *("#", "# note\n", "\n\n\n", "sep=,\n", "sep=\n", "Total,,,\n", "共 3 条\n", "--\n", "//\n"),
        *("review,stars\n", "评论,评分\n", "商家回复:谢谢", "Response from the owner: thanks"),
    ),
}
