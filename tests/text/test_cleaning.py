import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.text import clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("I&#39;m &lt;b&gt;so&lt;/b&gt; happy!!!!", "I'm so happy!"),
        ("Salt &amp;amp; pepper", "Salt & pepper"),
        ("Salt &amp;amp;amp;amp; pepper", "Salt & pepper"),
        ("看图 https://example.com/a?b=c。真好", "看图 。真好"),
        ("ＡＰＰ　真的　好用！！！", "APP 真的 好用！"),
        ("好吃。。。。。。", "好吃…"),
        ("sooooooo good 😍😍😍😍", "sooo good 😍"),
        ("哈哈哈哈哈哈哈", "哈哈哈"),
        ("a <b and c> d", "a <b and c> d"),
        ("I <3 it, 3 < 5", "I <3 it, 3 < 5"),
        ('<div class="x">ok</div><br/>', "ok"),
        ("\u200b好\ufeff \n\t 的", "好 的"),
        ("safe\u202etxt\u2066 ok\u2069", "safetxt ok"),
        ("cafe\u0301 and ﬁne 𝐛𝐨𝐥𝐝 ｶﾌｪ", "café and fine bold カフェ"),
        ("房间㎡数不对（太小）", "房间㎡数不对（太小）".replace("㎡", "m2")),
        ("等了好久[泪][泪][泪] 再也不来", "等了好久[泪] 再也不来"),
        ("[哈哈] [哈哈]好吃", "[哈哈]好吃"),
        ("回复@小林_88:确实不错", "确实不错"),
        ("说得对//@阿青:房间太小 //@老周-01：赞同", "说得对 房间太小 赞同"),
        ("RT @shop_1: new soup today", "new soup today"),
        ("@江边店 你们的面 凉了 @老板", "你们的面 凉了"),
        ("@airline my bag is lost", "@airline my bag is lost"),
        ("写信给 me@shop.example 没人理", "写信给 me@shop.example 没人理"),
        ("#周末去哪儿#终于吃到了", "周末去哪儿 终于吃到了"),
        ("table #3 and #4 were dirty", "table #3 and #4 were dirty"),
        ("面很好吃[图片]O网页链接", "面很好吃"),
        ("味道一般...展开全文", "味道一般"),
        ("", ""),
        ("  \n ", ""),
    ],
)
def test_cleaned_form(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    "text", ["https://example.com/a", "<p>", "www.shop.example", "👍👍👍", "@小林 @阿青", "[图片]"]
)
def test_something_visible_stays(text: str) -> None:
    assert clean(text)


_PIECES = st.sampled_from(
    [
        "&amp;", "&lt;", "&#38;", "<b>", "http://a.b/c", "www.", "@小林", "@bo", "回复", "//", ":", "：", "#", "[泪]",
        "哈哈", "...", "。", "！！", "Ａ", "\u200b", "\u0301", "é", " ", "\n", "好", "o", "oooo", "RT ", "展开全文",
        "😀", "\x07",
    ]
)  # fmt: skip


@given(st.text() | st.lists(_PIECES, max_size=12).map("".join))
@example("&#38;#38;#38;lt;b&gt;")
@example("h\u200bttps://a.b/c 好")
@settings(deadline=None)
def test_clean_text_stays_as_it_is_and_is_never_empty_where_there_was_a_letter(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned == cleaned.strip()
    if any(map(str.isalpha, text)):
        assert cleaned
