"""Dates and numbers are written as each language writes them."""

from datetime import datetime

import pytest
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import date_format
from django.utils.translation import override

MOMENT = datetime(2026, 9, 3, 8, 5)
CHINESE = {"MONTH_DAY_FORMAT": "9月3日", "DATE_FORMAT": "2026年9月3日", "DATETIME_FORMAT": "2026年9月3日 08:05"}
WRITTEN = {
    "en": {"MONTH_DAY_FORMAT": "3 September", "DATE_FORMAT": "3 September 2026", "DATETIME_FORMAT": "3 September 2026, 08:05"},
    "zh-hans": CHINESE,
    "zh-hant": CHINESE,
}


@pytest.mark.parametrize("language", WRITTEN)
def test_days_and_moments_read_as_people_write_them(language):
    with override(language):
        assert {name: date_format(MOMENT, name) for name in WRITTEN[language]} == WRITTEN[language]


@pytest.mark.parametrize("language", WRITTEN)
def test_large_numbers_are_grouped_by_three_digits_in_every_language(language):
    with override(language):
        assert intcomma(1284000) == "1,284,000"
