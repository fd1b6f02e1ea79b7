"""Where the data end: totals and footers below them, told from a last review that only begins like one."""

from __future__ import annotations

import re

from pipelines.ingest.tabular.kinds import DATE, kind_of

_MOST_TOTALS = 3
_COUNT = re.compile(
    r"\s*[-+]?[$€£¥]?\s?(?:\d[\d,]*(?:\.\d+)?|\.\d+)(?:e[-+]?\d+)?\s*"
    r"(?:%|条|个|行|人|次|分|笔|份|星|元|rows?|reviews?|records?|items?|entries|stars?|in total)?\s*",
    re.I,
)
_TOTAL = re.compile(
    r"\s*((grand |sub)?totals?|sum|count|average|mean|avg\.?|(total|average|mean|number of|overall) "
    r"(reviews?|ratings?|scores?|stars?|rows?|records?|comments?)"
    r"|总计|合计|小计|共计|总和|总数|总分|总条数|评论总数|汇总|均值|平均(值|分|数|评分|得分)?)\s*[:：]?\s*",
    re.I,
)
_TOTAL_ALONE = re.compile(r"\s*((grand |sub)?totals?|总计|合计|小计|共计|汇总)\s*[:：]?\s*", re.I)
"""Total words that stand alone; "Average" with no number beside it may be a review."""
_DATED = re.compile(
    r"\s*(?:(?:导出|生成|下载|统计|打印|更新)(?:时间|日期|于)?"
    r"|(?:export(?:ed)?|generated|downloaded|printed|created|updated)(?: (?:on|at|date|time))?)\s*[:：]?\s*(.+)",
    re.I,
)
_FOOTER = re.compile(
    r"\s*(共\s*\d+\s*(条|行|个|笔|份)(评论|记录|数据|评价|反馈|结果)?[。.]?"
    r"|(数据)?来源\s*[:：].{0,80}|(data )?source\s*:.{0,80}"
    r"|\(?\d[\d,]* (rows?|reviews?|records?|items?|entries|results)"
    r"( (affected|selected|returned|total|in total))?\)?\.?"
    r")\s*",
    re.I,
)
_BARE_FOOTER = re.compile(
    r"\s*((备注|注|说明|制表人?|导出人|note|notes|remark|disclaimer)\s*[:：].{1,200}"
    r"|(exported|generated|downloaded|printed|created) (by|from|with|on|at) .{1,100})\s*",
    re.I,
)
"""What a footer says when it stands as a bare line: a row of the table has its delimiters even where it is empty."""


def end_of_data(tail: list[tuple[int, list[str]]], width: int) -> tuple[int, int]:
    """The place after the last data row, and how many totals or footers follow it.

    tail: the last filled rows, comments left out, each with its place.
    """
    totals = 0
    while width >= 3 and totals < min(_MOST_TOTALS, len(tail)) and _is_total(tail[-1 - totals][1], width):
        totals += 1
    tail = tail[: len(tail) - totals]
    return (tail[-1][0] + 1 if tail else 0), totals


def _is_total(row: list[str], width: int) -> bool:
    filled = [cell for cell in row if cell.strip()]
    if not filled or len(filled) > max(1, width - 1):
        return False
    first, *others = filled
    if len(first) > 300:
        return False
    if len(filled) == 1 and _FOOTER.fullmatch(first):
        return True
    dated = _DATED.fullmatch(" ".join(cell.strip() for cell in filled)) if len(filled) <= 2 else None
    if dated and kind_of(dated.group(1)) == DATE:
        return True
    if len(row) < width and len(filled) <= 3 and _BARE_FOOTER.fullmatch(", ".join(cell.strip() for cell in filled)):
        return True
    label, colon, count = first.replace("：", ":").partition(":")
    if colon and count.strip():
        first, others = label, [count, *others]
    if not others:
        return bool(_TOTAL_ALONE.fullmatch(first))
    return bool(_TOTAL.fullmatch(first)) and all(_COUNT.fullmatch(cell[:100]) for cell in others)
