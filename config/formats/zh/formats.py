"""No padding zeros (9月3日, not 09月03日), and groups of three digits: people read 12,840, not 1,2840."""

MONTH_DAY_FORMAT = "n月j日"
YEAR_MONTH_FORMAT = "Y年n月"
DATE_FORMAT = "Y年n月j日"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "Y年n月j日 H:i"
SHORT_DATE_FORMAT = "Y年n月j日"
SHORT_DATETIME_FORMAT = "Y年n月j日 H:i"
FIRST_DAY_OF_WEEK = 1
NUMBER_GROUPING = 3
THOUSAND_SEPARATOR = ","
