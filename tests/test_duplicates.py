import numpy as np
import pytest

from pipelines import duplicates
from pipelines.types import NeighborGraph

SENTENCE = "one early morning we drank our cups near that window while rain kept falling outside for hours"


def linked(m: int, similarity: float = 0.97) -> NeighborGraph:
    """Everyone is everyone's neighbour."""
    indices = np.array([[j for j in range(m) if j != i] for i in range(m)], dtype=np.int32).reshape(m, max(m - 1, 0))
    return NeighborGraph(indices, np.full(indices.shape, similarity, dtype=np.float32))


def test_exact_folds_case_width_punctuation_and_space():
    texts = ["Great  Coffee!", "great coffee", "很 好，喝", "很好喝。", "ｇｒｅａｔ coffee…", "tea"]
    assert duplicates.exact(texts).tolist() == [0, 0, 2, 2, 0, 5]


def test_exact_keeps_numbers_and_emoji_apart():
    assert duplicates.exact(["5.5 bar", "55 bar", "😀", "😡", "!!!", "???", ""]).tolist() == list(range(7))


def test_exact_of_nothing():
    assert duplicates.exact([]).shape == (0,)
    assert duplicates.exact([]).dtype == np.int64


def test_near_finds_template_praise_with_a_changed_name():
    texts = [
        "Thank you Maria for the warm welcome and the lovely breakfast, we will surely come back soon",
        "The lift stopped between two floors and nobody came for an hour",
        "Thank you Daniel for the warm welcome and the lovely breakfast, we will surely come back soon",
        "感谢前台小王的热情接待，房间干净整洁，早餐也很丰富，下次还会再来",
        "感谢前台小李的热情接待，房间干净整洁，早餐也很丰富，下次还会再来",
    ]
    assert duplicates.near(texts, linked(5)).tolist() == [0, 1, 0, 3, 3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("good coffee", "bad coffee"),
        ("I would recommend this machine to all my friends", "I would not recommend this machine to all my friends"),
        ("the pump broke after 3 weeks of normal use at home", "the pump broke after 9 weeks of normal use at home"),
        ("the room was very clean and the staff was kind", "the room was very dirty and the staff was kind"),
        ("酒店的服务态度很好，房间也宽敞，我们一家住得满意", "酒店的服务态度很差，房间也宽敞，我们一家住得满意"),
    ],
)
def test_near_leaves_texts_that_mean_something_else(one, other):
    assert duplicates.near([one, other], linked(2)).tolist() == [0, 1]


def test_near_needs_the_link_in_the_graph():
    texts = ["the milk frother is easy to use and quick to rinse"] * 2
    assert duplicates.near(texts, linked(2, similarity=0.5)).tolist() == [0, 1]


def test_near_does_not_chain():
    words = SENTENCE.split()
    texts = []
    for changed in range(0, len(words), 2):
        texts.append(" ".join(["other" + word if i < changed else word for i, word in enumerate(words)]))
    first = duplicates.near(texts, linked(len(texts)))
    assert first[0] == 0 and first[1] == 0
    assert first[-1] != 0


@pytest.mark.parametrize("m", [0, 1])
def test_near_of_few(m):
    assert duplicates.near(["text"] * m, linked(m)).tolist() == list(range(m))


def test_a_long_template_with_another_number_is_one_text_and_a_short_one_is_not():
    template = (
        "I got this machine for my {} {} weeks ago and it makes perfect coffee every single morning, we never had any "
        "problem with it and can recommend it to all friends"
    )
    texts = [template.format("wife", 3), template.format("mother", 5), "It broke after 3 days of use at home"]
    texts.append("It broke after 5 days of use at home")
    graph = NeighborGraph(
        np.array([[j for j in range(4) if j != i] for i in range(4)], dtype=np.int32), np.full((4, 3), 0.95, np.float32)
    )
    assert duplicates.near(texts, graph).tolist() == [0, 0, 2, 3]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "We stayed from 3 May to 7 May and the staff, especially Anna at the front desk, made every day of our "
            "holiday a pleasure, the room was spotless and the breakfast generous",
            "We stayed from 12 May to 15 May and the staff, especially Peter at the front desk, made every day of our "
            "holiday a pleasure, the room was spotless and the breakfast generous",
        ),
        (
            "I bought this grinder for my sister and she is delighted with it, well packed and quick to arrive",
            "I bought this kettle for my sister and she is delighted with it, well packed and quick to arrive",
        ),
        (
            "感谢管家张小燕的贴心服务，房间干净整洁，早餐也很丰富，下次还会再来",
            "感谢管家李晓明的贴心服务，房间干净整洁，早餐也很丰富，下次还会再来",
        ),
        (
            "给妈妈买的咖啡机收到了，包装很严实，物流也给力，妈妈用了以后赞不绝口，以后还会光顾的",
            "给妈妈买的电饭煲收到了，包装很严实，物流也给力，妈妈用了以后赞不绝口，以后还会光顾的",
        ),
        (
            "5月1日入住的，前台服务热情周到，房间宽敞明亮，床品舒适，早餐品种丰富，下次来还会选择这里",
            "6月8日入住的，前台服务热情周到，房间宽敞明亮，床品舒适，早餐品种丰富，下次来还会选择这里",
        ),
    ],
)
def test_template_praise_with_another_name_product_or_date_is_one_text(one, other):
    assert duplicates.near([one, other], linked(2)).tolist() == [0, 0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("酒店的服务我不满意，房间也小，下次还会考虑别家的", "酒店的服务我很满意，房间也小，下次还会考虑别家的"),
        ("这台机器没有漏水，用了三个月一直都正常工作", "这台机器有漏水，用了三个月一直都正常工作"),
        ("早餐没吃到，前台说要提前预约才可以安排的", "早餐都吃到，前台说要提前预约才可以安排的"),
        ("买的时候价格是199元，感觉很划算，推荐大家购买", "买的时候价格是599元，感觉很划算，推荐大家购买"),
        (
            "这台咖啡机买的是1999元的那一款，萃取稳定，打奶泡也方便，清洗起来不麻烦，家里人每天都要喝上一杯",
            "这台咖啡机买的是2999元的那一款，萃取稳定，打奶泡也方便，清洗起来不麻烦，家里人每天都要喝上一杯",
        ),
        ("这件衣服我穿M码刚刚好，面料柔软，颜色也跟图片一样", "这件衣服我穿L码刚刚好，面料柔软，颜色也跟图片一样"),
        (
            "这款手机的128G版本够用了，运行流畅，拍照清晰，值得购买",
            "这款手机的256G版本够用了，运行流畅，拍照清晰，值得购买",
        ),
        (
            "尺码偏大，建议大家买小一码，面料舒服透气，做工也细致",
            "尺码偏小，建议大家买大一码，面料舒服透气，做工也细致",
        ),
        ("等了三天才到货，包装完整，客服回复及时，整体满意", "等了十天才到货，包装完整，客服回复及时，整体满意"),
        ("快递送错了地址，打电话以后第二天才重新送过来的", "快递送对了地址，打电话以后第二天才重新送过来的"),
        ("一直没有退款，联系了三次客服都说在处理当中请等待", "一直没有发货，联系了三次客服都说在处理当中请等待"),
        (
            "We paid 120 euros a night for the double room with a sea view and breakfast, the staff was kind and the "
            "pool was clean, the beach is close by on foot",
            "We paid 420 euros a night for the double room with a sea view and breakfast, the staff was kind and the "
            "pool was clean, the beach is close by on foot",
        ),
        (
            "I compared the ThinkPad T14 with my old one and it is quicker in every task I do at work, the keyboard is "
            "a joy and the screen is bright enough",
            "I compared the ThinkPad X1 with my old one and it is quicker in every task I do at work, the keyboard is "
            "a joy and the screen is bright enough",
        ),
        (
            "Size M fits me well and the fabric feels soft and warm in winter",
            "Size L fits me well and the fabric feels soft and warm in winter",
        ),
        (
            "The battery lasts two days with normal use which is what I was hoping for",
            "The battery lasts two hours with normal use which is what I was hoping for",
        ),
        (
            "The left earbud stopped charging after a few weeks so I sent it back to them",
            "The right earbud stopped charging after a few weeks so I sent it back to them",
        ),
        (
            "The chairs are comfortable and the table is what we wanted for the garden",
            "The chairs are uncomfortable and the table is what we wanted for the garden",
        ),
        (
            "The guide was useful and the walk took us through every corner of the town",
            "The guide was useless and the walk took us through every corner of the town",
        ),
        (
            "The coffee machine arrived broken and the seller wrote to me within the week",
            "The coffee machine arrived intact and the seller wrote to me within the week",
        ),
    ],
)
def test_texts_that_only_look_alike_stay_apart(one, other):
    assert duplicates.near([one, other], linked(2)).tolist() == [0, 1]
    assert duplicates.exact([one, other]).tolist() == [0, 1]


@pytest.mark.parametrize(("one", "other"), [("小雅", "阿杰"), ("婷婷", "小周"), ("王芳", "老李"), ("苏苏", "张三丰")])
def test_a_template_with_another_name_is_the_same(one, other):
    template = "自从同事{}推荐了这家酒店，出差住宿轻松多了，房间舒适设施齐全，强烈推荐大家入住体验"
    texts = [template.format(one), template.format(other)]
    assert duplicates.near(texts, linked(2)).tolist() == [0, 0]


@pytest.mark.parametrize(("one", "other"), [("小贵", "小便"), ("老旧", "老新"), ("慢慢", "快快")])
def test_other_words_are_no_names(one, other):
    template = "自从同事推荐了这家酒店，觉得{}了很多很多，房间舒适设施齐全，推荐大家入住体验"
    texts = [template.format(one), template.format(other)]
    assert duplicates.near(texts, linked(2)).tolist() == [0, 1]


def test_a_long_template_is_found_where_a_name_moves_its_vector_far():
    long = "为前台{}点赞，进门就递热茶，帮我拎了两个箱子，房间还升级到高楼层，住得很开心，推荐给大家"
    assert duplicates.near([long.format("小吴"), long.format("琳琳")], linked(2, 0.78)).tolist() == [0, 0]
    short = "Why do I need to verify my {} with you"
    assert duplicates.near([short.format("account"), short.format("identity")], linked(2, 0.78)).tolist() == [0, 1]
