"""Words are put together as each language puts them together."""

from django.utils.translation import override

from community.punctuation import both, comma, full_stop, gap, in_a_row, listed


def test_english_parts_by_commas_and_spaces():
    with override("en"):
        assert listed(["Mara", "Ines", "Tom"]) == "Mara, Ines, Tom"
        assert in_a_row([full_stop("It grew"), full_stop("It shipped")]) == "It grew. It shipped."
        assert both(["3 say so", "5 do not"]) == "3 say so and 5 do not"
        assert (comma(), gap()) == (", ", " ")


def test_chinese_has_its_own_signs_and_no_spaces():
    for language in ("zh-hans", "zh-hant"):
        with override(language):
            assert listed(["小满", "予安"]) == "小满、予安"
            assert in_a_row([full_stop("长大了"), full_stop("发布了")]) == "长大了。发布了。"
            assert both(["3 人", "5 人"]) == "3 人，5 人"
            assert (comma(), gap()) == ("，", "")


def test_nothing_stays_nothing():
    assert listed([]) == in_a_row([]) == both([]) == ""
