"""A merchant's reply in the review's cell is split off; a review that speaks of one stays whole."""

import pandas as pd
import pytest

from pipelines.ingest import guess_roles, to_reviews
from pipelines.ingest.meaning.replies import split_reply
from pipelines.types import Table


@pytest.mark.parametrize(
    ("cell", "review", "reply"),
    [
        ("房间不错\n酒店回复：尊敬的宾客，感谢您", "房间不错", "尊敬的宾客，感谢您"),
        ("很好。商家回复：感谢您的支持", "很好。", "感谢您的支持"),
        ("好吃【商家回复】谢谢亲", "好吃", "谢谢亲"),
        ("味道好 [店主回复] 亲", "味道好", "亲"),
        ("差评！！！掌柜回复:亲，非常抱歉给您带来不便", "差评！！！", "亲，非常抱歉给您带来不便"),
        ("太慢了\n卖家解释：物流爆仓", "太慢了", "物流爆仓"),
        ("房间小 | 客服回复：已经处理", "房间小", "已经处理"),
        ("好吃\r\n店家回覆：感謝光臨", "好吃", "感謝光臨"),
        ("Nice stay.\nResponse from the owner\nThank you", "Nice stay.", "Thank you"),
        ("Nice stay.\nResponse from the owner 3 months ago\nThanks", "Nice stay.", "Thanks"),
        ("Nice.  Owner's reply: thanks a lot", "Nice.", "thanks a lot"),
        ("Good app. Developer response: Hi there, thank you", "Good app.", "Hi there, thank you"),
        ("Great!\nReply from Anna, Manager at Harbour: Thank you", "Great!", "Thank you"),
        ("口味：好\n环境：吵\n商家回复：感谢您的光临，欢迎再来", "口味：好\n环境：吵", "感谢您的光临，欢迎再来"),
        ("Pros: quiet. Cons: small.\nResponse from the owner: Thank you", "Pros: quiet. Cons: small.", "Thank you"),
        ("好吃\n商家回复：尊敬的顾客：感谢您", "好吃", "尊敬的顾客：感谢您"),
        ("好吃\n商家回复：亲，谢谢\n联系电话：12345", "好吃", "亲，谢谢\n联系电话：12345"),
        ("好吃\n商家回复：感谢您！温馨提示：周一店休", "好吃", "感谢您！温馨提示：周一店休"),
        ("好吃\n商家回复：谢谢\n商家回复：欢迎再来", "好吃", "谢谢\n商家回复：欢迎再来"),
    ],
)
def test_split_off(cell, review, reply):
    assert split_reply(cell) == (review, reply)


@pytest.mark.parametrize(
    "cell",
    [
        "老板说商家回复太慢",
        "我问了客服，客服回复：不退，气人",
        "等了很久。客服解释：没货了。真无语",
        "商家回复很快，态度也好",
        "The developer response was quick",
        "I got no response from the owner",
        "They gave me a reply from the manager: no refund",
        "给商家回复了三次：没人理",
        "客服回复：慢得要死，不推荐",
        "商家反馈：没人管",
        "商家回复：谢谢",
        "【商家回复】谢谢亲",
        "Seller response: slow. Product: good.",
        "Product: good.  Seller response: slow.",
        "口味：好\n商家回复：很及时\n环境：不错",
        "口味：好\n商家回复：很及时",
        "口味好\n商家回复：谢谢都没有一句\n环境：不错",
        "口味好。商家回复：感谢来电后就没下文了。环境：不错",
        "口味：好 | 商家回复：很及时 | 环境：不错",
        "【口味】好【商家回复】快【环境】不错",
        "Location: great\nStaff response: slow\nFood: ok",
        "",
    ],
)
def test_left_whole(cell):
    assert split_reply(cell) == (cell, "")


def test_replies_stand_beside_the_text_and_the_upload_stays_as_it_was():
    cells = ["房间不错\n酒店回复：感谢您", "早餐一般，种类太少了", "酒店回复：感谢您的好评"]
    table = Table(pd.DataFrame({"评论": cells}).astype("str"), "utf-8", ",", header=True)
    reviews = to_reviews(table, guess_roles(table))
    assert reviews.text == ["房间不错", "早餐一般，种类太少了", "酒店回复：感谢您的好评"]
    assert reviews.reply == ["感谢您", "", ""]
    assert reviews.reason == ["", "", ""]
    assert table.frame["评论"].tolist() == cells
    told = [warning for warning in reviews.warnings if "merchant replies" in str(warning)]
    assert [(warning.row, warning.values) for warning in told] == [(0, {"count": 1, "row": 1})]


def test_without_a_reply_there_is_no_column_of_them():
    table = Table(pd.DataFrame({"review": ["warm soup", "kind staff"]}).astype("str"), "utf-8", ",", header=True)
    assert to_reviews(table, guess_roles(table)).reply is None
