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
