"""The script of how the demo's people read fits the rest of the script."""

import tomllib

from community.models import Sign
from config.demo.reading import steps_of_reading
from config.demo.script import HERE, read_script
from config.demo.stage import Stage
from tests.factories import NOW

SCRIPT = tomllib.loads((HERE / "reading.toml").read_text(encoding="utf-8"))


def test_every_sign_is_left_by_somebody_who_is_here_on_something_that_stands_there():
    script = read_script()
    for row in SCRIPT["signs"]:
        entry, last = script.entries[row["post"]], row["ago"] - len(row["by"]) / 24
        begun = entry.remarks[row["remark"]].ago if "remark" in row else entry.ago
        assert last > 0 and begun > row["ago"] and row["sign"] in Sign.values, row
        assert all(script.people[name].joined > row["ago"] for name in row["by"]), row


def test_the_fan_has_something_to_come_back_for():
    script = read_script()
    for row in SCRIPT["visits"]:
        entry = script.entries[row["post"]]
        assert entry.ago > row["ago"]
        assert any(remark.ago < row["ago"] and remark.by != row["by"] for remark in entry.remarks), row


def test_nobody_takes_back_what_they_left():
    left = [(row["post"], row.get("remark"), row["sign"], name) for row in SCRIPT["signs"] for name in row["by"]]
    assert len(left) == len(set(left))
    assert len(list(steps_of_reading(Stage(read_script(), NOW)))) == len(left) + len(SCRIPT["visits"])
