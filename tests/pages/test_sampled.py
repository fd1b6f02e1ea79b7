from pages.ui.sampled import sampled


def test_a_map_of_all_says_nothing_and_one_of_a_sample_says_of_how_many() -> None:
    assert sampled({}) == ""
    assert sampled({"landmarks": {"n": 900, "of": 900, "placed": 0}}) == ""
    told = sampled({"landmarks": {"n": 25_000, "of": 951_234, "placed": 926_234}})
    assert "25,000 of 951,234 different reviews" in told
