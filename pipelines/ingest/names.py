"""What a column's name says about its role, in English and Chinese."""

from __future__ import annotations

import re
from functools import lru_cache

_EXACT: dict[str, str] = {
    "text": (
        "review reviews reviewtext reviewbody reviewcontent reviewcomment reviewstext text comment comments "
        "commenttext commentbody content contents body message feedback tweet tweettext opinion verbatim remarks "
        "fulltext 评论 评论内容 评价 评价内容 点评 点评内容 内容 评论正文 正文 文本 留言 留言内容 反馈 反馈内容 评语 "
        "弹幕内容 弹幕 用户评论 用户评价 客户评价 住客点评 評論 評論內容 評價 評價內容 內容 レビュー レビュー本文 "
        "本文 口コミ クチコミ コメント 리뷰 리뷰내용 내용 후기"
    ),
    "rating": (
        "rating ratings score stars star starrating overall overallrating overallscore reviewrating reviewscore "
        "reviewerscore reviewsrating reviewstar ratingscore 评分 总评分 综合评分 总体评分 整体评分 总分 总体评价分 "
        "星级 评分星级 得分 打分 分数 评价星级 评星 評分 星級 評価 評点 평점 별점"
    ),
    "date": (
        "date time datetime timestamp at reviewdate reviewtime unixreviewtime reviewsdate commentdate commenttime "
        "createdat createtime created posted postedat submitted submittedat 评论时间 评论日期 评价时间 评价日期 "
        "点评时间 点评日期 发布时间 发布日期 发表时间 发表日期 日期 时间 弹幕时间 評論時間 日期時間 投稿日 投稿日時 "
        "날짜 작성일"
    ),
    "user": (
        "user username userid reviewer reviewerid reviewername reviewsusername author authorname nickname nick "
        "customer customerid customername member memberid handle 用户 用户名 用户名称 用户id 昵称 用户昵称 评论名称 "
        "评论者 评论人 评论用户 作者 会员 会员名 买家 顾客 客户 网名 账号 住客 使用者 暱稱 ユーザー ユーザー名 作成者 "
        "작성자 사용자 닉네임"
    ),
    "item": (
        "product productname producttitle productid item itemname itemid asin store storename storeid shop shopname "
        "hotel hotelname restaurant restaurantname business businessname businessid movie movietitle book bookname "
        "booktitle app appname sku branch 门店 门店名称 店铺 店铺名称 店名 商品 商品名称 商品名 商品标题 产品 "
        "产品名称 产品名 酒店 酒店名称 酒店名 餐厅 餐厅名称 景点 景点名称 书名 电影 电影名 电影名称 片名 品名 商户 "
        "商户名称 商家 商家名称 型号 分店 应用 門市 商店 商品名稱 製品 店舗 상품 상품명 매장"
    ),
    "title": (
        "title headline subject summary reviewtitle reviewstitle reviewheadline reviewsummary heading 标题 评论标题 "
        "评价标题 点评标题 题目 主题 摘要 標題 タイトル 제목"
    ),
    "language": "language lang languagecode reviewlanguage locale 语言 语种 評論語言 言語 언어",
}
_EXACT_ROLE = {name: role for role, words in _EXACT.items() for name in words.split()}
_HEADS: dict[str, str] = {
    "text": "review reviews text comment comments content body message feedback opinion remark remarks",
    "rating": "rating ratings score stars star overall",
    "date": "date time datetime timestamp at created posted",
    "user": "user username reviewer author nickname customer member userid",
    "item": "product item asin store shop hotel restaurant business movie book sku branch",
    "title": "title headline subject",
    "language": "language lang locale",
}
_HEAD_ROLE = {word: role for role, words in _HEADS.items() for word in words.split()}
_TAILS: dict[str, str] = {
    "text": "内容 评论 评价 点评 留言 反馈 正文 文本 评语 弹幕 意见 建议 感想 心得",
    "rating": "评分 星级 得分 打分 分数 总分 满意度 星数",
    "date": "时间 日期",
    "user": "用户 用户名 昵称 会员 评论者 评论人 作者 用户ID 买家 顾客 客户",
    "item": "门店 店铺 商品 产品 酒店 店名 餐厅 景点 书名 商户 商家",
    "title": "标题 题目 摘要",
    "language": "语言 语种",
}
# Words beside the head that make it something else: another event's date, an average, an aspect's score, a reply.
_DOUBTS = {
    "text": (
        "reply response seller merchant owner vader ml clean cleaned label sentiment processed token tokens negative "
        "advice title 回复 商家 客服 追加 追评 清洗 分词 标签"
    ),
    "rating": (
        "average avg mean count num number additional total confidence sentiment gold vader helpful votes hotel "
        "product service food value room location cleanliness staff price quality taste environment 平均 情感 服务 "
        "口味 环境 卫生 位置 设施 物流 性价比 描述 质量"
    ),
    "date": (
        "reply replied response added seen update updated modified edited pub publish published birth join joined "
        "registered order purchase purchased check checkin checkout stay release days crawl scraped 回复 入住 离店 "
        "下单 购买 更新 修改 出版 上映 注册 出生 抓取 采集 追评"
    ),
    "user": "total number count reply 数",
    "item": "parent reply count number",
    "title": "job 职位",
    "language": "program programming",
}
_DOUBT_WORDS = {role: set(words.split()) for role, words in _DOUBTS.items()}
_COUNTS = ("数", "数量", "次数", "条数", "量", "长度", "链接", "网址", "编号")
_HAN = re.compile(r"[\u3400-\u9fff]")
_SENTENCE_END = re.compile(r"[.!?。！？…~～]\s*$")


@lru_cache(maxsize=10_000)
def strengths(name: str) -> dict[str, float]:
    """How strongly a column's name points to each role, 0…1; roles that it does not point to are left out."""
    compact = re.sub(r"[\W_]+", "", name).lower()
    if compact in _EXACT_ROLE:
        return {_EXACT_ROLE[compact]: 1.0}
    if compact == "name":
        return {"user": 0.5, "item": 0.5}  # the values decide
    if compact in {"desc", "description", "intro", "描述", "简介", "微博正文", "note", "notes"}:
        return {"text": 0.4}
    return _chinese(compact) if _HAN.search(compact) else _latin(_tokens(name))


def is_known(name: str) -> bool:
    """Whether a cell reads like the name of a column with a role."""
    return len(name) <= 40 and any(strength >= 0.8 for strength in strengths(name.strip()).values())


def looks_named(row: list[str]) -> bool:
    """Whether a row reads like a header: short cells, one of them a role's name (two where cells repeat or lack)."""
    filled = [cell.strip() for cell in row if cell.strip()]
    if any(len(cell) > 60 or _SENTENCE_END.search(cell) for cell in filled):
        return False
    known = sum(map(is_known, filled))
    complete = len(filled) >= len(row) - 1 and len(set(filled)) == len(filled)
    return known >= 1 if complete else known >= 2


def _tokens(name: str) -> list[str]:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    return [token for token in re.split(r"[\W_]+|(?<=[a-z])(?=\d)", spaced.lower()) if token]


def _latin(tokens: list[str]) -> dict[str, float]:
    if not tokens:
        return {}
    head, before = tokens[-1], tokens[:-1]
    if head.isdigit() and before:  # review1, text_2
        head, before = before[-1], before[:-1]
    role = _HEAD_ROLE.get(head)
    if (
        head in {"id", "name", "title", "no", "code", "key"}
        and before
        and _HEAD_ROLE.get(before[-1]) in {"user", "item"}
    ):
        role = _HEAD_ROLE[before[-1]]
    if role is None:
        return {}
    doubtful = any(token in _DOUBT_WORDS[role] for token in before)
    return {role: 0.25 if doubtful else 0.8}


def _chinese(name: str) -> dict[str, float]:
    if name.endswith(_COUNTS):
        return {}
    # Chinese compounds end in what they are: 评论时间 is a time, 评论内容 a content.
    stem = re.sub(r"(名称|名|标题|id|编号)$", "", name)
    for role, words in _TAILS.items():
        ends = tuple(words.split())
        if name.endswith(ends) or (role in {"user", "item"} and stem != name and stem.endswith(ends)):
            doubtful = any(word in name for word in _DOUBT_WORDS[role] if _HAN.search(word))
            return {role: 0.25 if doubtful else 0.8}
    return {}
