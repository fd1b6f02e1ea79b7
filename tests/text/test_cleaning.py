import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.text import clean


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("I&#39;m &lt;b&gt;so&lt;/b&gt; happy!!!!", "I'm so happy!"),
        ("Salt &amp;amp; pepper", "Salt & pepper"),
        ("看图 https://example.com/a?b=c。真好", "看图 。真好"),
        ("ＡＰＰ　真的　好用！！！", "APP 真的 好用！"),
        ("好吃。。。。。。", "好吃…"),
        ("sooooooo good 😍😍😍😍", "sooo good 😍"),
        ("哈哈哈哈哈哈哈", "哈哈哈"),
        ("a <b and c> d", "a <b and c> d"),
        ("I <3 it, 3 < 5", "I <3 it, 3 < 5"),
        ('<div class="x">ok</div><br/>', "ok"),
        ("\u200b好\ufeff \n\t 的", "好 的"),
        ("", ""),
        ("  \n ", ""),
    ],
)
def test_cleaned_form(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize("text", ["https://example.com/a", "<p>", "www.shop.example", "👍👍👍"])
def test_something_visible_stays(text: str) -> None:
    assert clean(text)


@given(st.text())
def test_never_empty_when_there_was_a_letter(text: str) -> None:
    if any(map(str.isalpha, text)):
        assert clean(text).strip()
    assert clean(text) == clean(text).strip()
