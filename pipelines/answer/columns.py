"""Columns and values that a question names: "by store", "按门店", "in Canada", "西安钟楼店", "1-star"."""

from __future__ import annotations

import re
from functools import lru_cache

from pipelines.findings import segment_columns
from pipelines.store.reader import Bundle, Held
from pipelines.text import STOPWORDS
from pipelines.types import name_in_rows
from pipelines.view import UPLOAD_PREFIX, Filter

_NAMES: tuple[frozenset[str], ...] = tuple(
    frozenset(group.split())
    for group in (
        "store shop branch location outlet hotel restaurant house property venue site "
        "门店 分店 店铺 店面 酒店 商店 店 餐厅 网点",
        "product item model machine article sku 产品 商品 型号 机型 机器 款",
        "country nation region market 国家 地区 国",
        "platform device os system 平台 系统 设备 手机系统",
        "version release build 版本",
        "city town 城市",
        "channel source 渠道 来源",
        "category kind type department 类别 分类 品类 种类 部门",
        "language 语言",
        "brand 品牌",
        "user customer reviewer guest author 用户 客人 顾客 作者",
        "topic theme subject 主题 话题",
        "star stars rating score 星级 评分 星 打分",
    )
)
_PERIODS = {
    "day": "D", "week": "W", "month": "M", "year": "Y", "quarter": "Q",
    "日": "D", "天": "D", "周": "W", "星期": "W", "月": "M", "月份": "M", "年": "Y", "年份": "Y", "季度": "Q",
}  # fmt: skip
_ITEM_GROUPS = 2
"""The first two groups above can mean the column that names what was reviewed."""
_BY_EN = re.compile(
    r"[,;]?\s*\b(?:(?:broken |split |grouped |divided )?(?:down )?(?:by|per)|for each|in each|for every|across|at each|"
    r"in every|at every)\s+(?:the\s+|every\s+|each\s+)?([a-z][\w-]*)(?:\s+(?:of|in)\s+\w+)?",
    re.IGNORECASE,
)
_WHICH_EN = re.compile(r"\bwhich\s+([a-z][\w-]*)", re.IGNORECASE)
_BY_ZH = re.compile(
    "[，,；;]?\\s*(?:请)?(?:按照?|分|以|每一?(?:个|家|款|种)?|各(?:个|家|款|种)?|不同)(?:不同)?的?"
    "([\u3400-\u9fffA-Za-z]{1,6}?)(?:来?(?:分别?|分组|分类|统计|划分|看|算|区分|计)+(?:一下)?|里|中|(?=[，,。？?；;\\s的]|$|分别|有多少|有几|多少|抱怨|投诉|吐槽|提到))"
)
_WHICH_ZH = re.compile(
    "哪(?:一)?(?:个|家|些|款|种)([\u3400-\u9fff]{1,4}?)(?=的|被|抱怨|投诉|吐槽|差评|好评|提到|反映|最)"
)
_DIGITS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_N_EN, _N_ZH = "([1-5]|one|two|three|four|five)", "([1-5一二两三四五])"
_STARS = re.compile(
    r"(?:\b(?:with|of|rated|gave|giving)\s+)?"
    r"(?P<before>\b(?:at least|no less than|at most|no more than|up to|more than|above|over|less than|fewer than|"
    r"below|under)\s+)?"
    rf"\b(?:{_N_EN}(?:[- ]?stars?)?\s*(?P<joint>-|–|,|/|to|or|and)\s*)?{_N_EN}(?P<plus>\s?\+)?[- ]?stars?\b"
    r"(?P<after>\s+(?:or|and)\s+(?:more|higher|above|up|better|less|fewer|lower|below|worse)\b)?",
    re.IGNORECASE,
)
_STARS_ZH = re.compile(
    f"(?P<before>至少|不低于|最多|不超过|不高于|低于|不到|少于|高于|超过)?(?:{_N_ZH}\\s*颗?星?\\s*(?P<joint>[-–~、和或到至与])\\s*)?"
    f"{_N_ZH}\\s*颗?星(?P<after>级?(?:及|或)?(?:以上|以下))?的?"
)
_AT_LEAST = frozenset(("at least", "no less than", "至少", "不低于"))
_AT_MOST = frozenset(("at most", "no more than", "up to", "最多", "不超过", "不高于"))
_OVER = frozenset(("more than", "above", "over", "高于", "超过"))
_LESS = frozenset(("less", "fewer", "lower", "below", "worse"))
_BETWEEN = frozenset(("-", "–", "~", "to", "到", "至"))
_JUST = 0.01
"""Less than any step between two ratings."""
_NO_NAMES = frozenset(("yes", "no", "true", "false", *"是否有无好中差对错男女"))
_WORD = re.compile(r"[^\W_]+(?:[.'’-][^\W_]+)*")


_AT = r"(?:\b(?:in|at|from|for|of)\s+)?(?:\bthe\s+)?"
_KIND = rf"(?:\s+(?:{'|'.join(sorted(word for names in _NAMES[:10] for word in names if word.isascii()))})s?\b)?"


def group_in(bundle: Bundle, text: str) -> tuple[str, str, str, str]:
    """The question without the part that says by what to count, the column ("" for none), the period of dates, and the
    word of a column that the file does not have."""
    known = frozenset().union(*_NAMES)
    for pattern in (_BY_EN, _BY_ZH, _WHICH_EN, _WHICH_ZH):
        for match in pattern.finditer(text):
            word = match[1].strip().lower()
            column, period = _column(bundle, word)
            if column or word in known:
                return f"{text[: match.start()]} {text[match.end() :]}", column, period, "" if column else word
    return text, "", "", ""


def filters_in(bundle: Bundle, text: str, group: str) -> tuple[str, tuple[Filter, ...]]:
    """The question without the values of columns that it names, and filters to these; not on the column counted by."""
    found: list[Filter] = []
    for column, values in _values(bundle.path.as_posix(), Held(bundle)).items():
        if column == group:
            continue
        named = [value for value in values if _names(text, value)]
        # "Tarvino" names both machines of that make; what names all values tells nothing.
        part = named or _by_part(text, values)
        if part and len(part) < len(values):
            found.append(Filter(column, "in", tuple(part)) if len(part) > 1 else Filter(column, "is", part[0]))
            text = _without(text, part)
    return text, tuple(found)


def stars_in(bundle: Bundle, text: str) -> tuple[str, tuple[Filter, ...]]:
    """The question without the stars that it names, and the filter to these: 1-star, one or two stars, 4星以上."""
    match = _STARS.search(text) or _STARS_ZH.search(text)
    if match is None or "rating" not in bundle.points:
        return text, ()
    found = match.groupdict()
    first, last = (float(_DIGITS.get(one.lower(), 0) or one) if one else 0.0 for one in _numbers(match))
    before = (found["before"] or "").strip().lower()
    after = (found["after"] or "").lower().split()
    rest = ("" if match.re is _STARS_ZH else " ").join((text[: match.start()], text[match.end() :]))
    if (
        found.get("plus")
        or before in _AT_LEAST
        or (after and after[-1] not in _LESS and not after[-1].endswith("以下"))
    ):
        return rest, (Filter("rating", "between", (last, None)),)
    if before in _AT_MOST or after:
        return rest, (Filter("rating", "between", (None, last)),)
    if before:
        over = before in _OVER
        return rest, (Filter("rating", "between", (last + _JUST, None) if over else (None, last - _JUST)),)
    if not first or first == last:
        return rest, (Filter("rating", "is", last),)
    if found["joint"].lower() in _BETWEEN:
        return rest, (Filter("rating", "between", (min(first, last), max(first, last))),)
    return rest, (Filter("rating", "in", (first, last)),)


def _numbers(match: re.Match[str]) -> tuple[str, str]:
    named = {match.re.groupindex[name] for name in match.groupdict()}
    first, last = (match[place] for place in range(1, match.re.groups + 1) if place not in named)
    return first or "", last


def _column(bundle: Bundle, word: str) -> tuple[str, str]:
    """The column that a word means: (column, period of dates)."""
    singular = word[:-1] if word.isascii() and word.endswith("s") and len(word) > 3 else word
    if singular in _PERIODS and "date" in bundle.points:
        return "date", _PERIODS[singular]
    roles = bundle.summary.get("roles", {})
    columns = [str(name) for name in bundle.summary.get("columns", [])]
    wanted = {word, singular}
    place, alike = next(((i, names) for i, names in enumerate(_NAMES) if wanted & names), (-1, frozenset(wanted)))
    usable = [name for name in columns if name not in {roles.get("text"), roles.get("title")}]
    for exact in (True, False):
        for name in usable:
            folded = name.lower().strip()
            hit = folded in alike or folded in wanted if exact else any(one in folded for one in alike if len(one) > 1)
            if hit:
                return _of_role(bundle, name), ""
    if 0 <= place < _ITEM_GROUPS and "item" in bundle.points:
        return "item", ""
    by_role = {"language": "language", "topic": "topic", "rating": "rating", "user": "user"}
    for name, column in by_role.items():
        if name in alike and column in bundle.points:
            return column, ""
    return "", ""


def _of_role(bundle: Bundle, name: str) -> str:
    roles = bundle.summary.get("roles", {})
    for role in ("item", "language", "user", "rating"):
        if roles.get(role) == name and role in bundle.points:
            return role
    return UPLOAD_PREFIX + name


@lru_cache(maxsize=8)
def _values(path: str, held: Held) -> dict[str, tuple[str, ...]]:
    """Values of the columns that slice the reviews, longest first."""
    bundle = held.bundle
    roles = bundle.summary.get("roles", {})
    free = {roles.get(role) for role in ("text", "title", "user", "date", "rating", "language")}
    columns = [str(name) for name in bundle.summary.get("columns", []) if name not in free]
    found = {}
    for name in segment_columns(bundle.points, bundle.rows, columns):
        values = {str(value) for value in bundle.rows[name_in_rows(name)].dropna().astype(str) if str(value).strip()}
        found[_of_role(bundle, name)] = tuple(sorted(values, key=lambda value: (-len(value), value)))
    return found


def _names(text: str, value: str) -> bool:
    if value.lower() in _NO_NAMES:
        return False
    if not value.isascii():
        return value in text
    if value.lower() in STOPWORDS["en"]:
        # "US" names a country, "us" nothing.
        return value.isupper() and re.search(rf"\b{re.escape(value)}\b", text) is not None
    return len(value) > 1 and re.search(rf"(?<![\w.]){re.escape(value)}(?![\w]|\.\d)", text, re.IGNORECASE) is not None


def _by_part(text: str, values: tuple[str, ...]) -> list[str]:
    """Values that hold a telling part of the question: a name written with a capital, or a Chinese place."""
    for word in _WORD.findall(text):
        if word.isascii() and len(word) > 3 and word[0].isupper():
            part = [value for value in values if word.lower() in value.lower().split()]
            if part and len(part) < len(values):
                return part
    for value in values:
        for size in range(min(len(value), 6), 1, -1):
            piece = value[:size]
            if not piece.isascii() and piece in text and sum(piece in other for other in values) < len(values):
                return [other for other in values if other.startswith(piece)]
    return []


def _without(text: str, values: list[str]) -> str:
    for value in values:
        if value.isascii():
            text = re.sub(rf"{_AT}(?<!\w){re.escape(value)}(?!\w){_KIND}", " ", text, flags=re.IGNORECASE)
        else:
            text = re.sub(re.escape(value), " ", text, flags=re.IGNORECASE)
        for part in (*_WORD.findall(value), *(value[:size] for size in range(min(len(value), 6), 1, -1))):
            if not part.isascii() and part in text:
                text = text.replace(part + "店", " ").replace(part, " ")
            elif part.isascii() and len(part) > 3:
                text = re.sub(rf"\b{re.escape(part)}\b", " ", text)
    return text
