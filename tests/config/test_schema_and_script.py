"""What we promise to readers of two kinds: the API's schema to programs, and the demo's script to its reader."""

import re

import pytest
from rest_framework.test import APIClient

from config.demo import script
from config.demo.crowd import ballots, nods
from config.demo.script import CHANGE, Drop, Entry, Person, Remark, Turn, read_script
from config.labels import OURS, VERBS, WORDS

ROW = {"id": "one", "title": "A wish of ours", "by": "fan", "ago": 3.0, "body": "Why.", "board": "os"}


@pytest.fixture
def schema(db):
    return APIClient().get("/api/schema/?format=json").json()


def operations(schema):
    return [(path, verb, told) for path, verbs in schema["paths"].items() for verb, told in verbs.items()]


class TestSchema:
    def test_each_operation_has_a_name_of_its_own_and_says_what_it_does(self, schema):
        found = operations(schema)
        names = [told["operationId"] for _path, _verb, told in found]
        assert len(names) == len(set(names)) > 15
        assert [path for path, _verb, told in found if not told.get("description")] == []

    def test_every_address_is_of_version_one_and_takes_numbers_as_numbers(self, schema):
        assert all(path.startswith("/api/v1/") for path in schema["paths"])
        numbers = [
            one for _path, _verb, told in operations(schema) for one in told.get("parameters", []) if one["name"] == "id"
        ]
        assert numbers and {one["schema"]["type"] for one in numbers} == {"integer"}

    def test_writing_says_how_one_comes_in_and_reading_needs_nobody(self, schema):
        for path, verb, told in operations(schema):
            ways = told["security"]
            open_to_all = (verb == "get" and path.split("/")[3] != "me") or path.endswith("/similar")
            assert {"token": []} in ways and ({} in ways) == open_to_all, (verb, path)

    def test_every_shape_that_is_named_is_there(self, schema):
        text = str(schema)
        named = set(re.findall(r"#/components/schemas/(\w+)", text))
        assert named and named <= set(schema["components"]["schemas"])

    def test_a_list_says_how_it_goes_on(self, schema):
        for address in ("/api/v1/posts", "/api/v1/roadmap", "/api/v1/releases"):
            asked = {one["name"] for one in schema["paths"][address]["get"]["parameters"]}
            assert {"cursor", "limit"} <= asked, address

    def test_the_parts_of_a_score_stand_in_its_shape(self, schema):
        shapes = schema["components"]["schemas"]
        parts = next(shape for name, shape in shapes.items() if name.startswith("Parts"))
        assert list(parts["properties"]) == ["demand", "impact", "breadth", "evidence", "strategy"]

    def test_what_nobody_offers_is_a_problem_that_tells_nothing(self, db):
        for address in ("/api/v1/posts/1/notes", "/api/v2/posts", "/api/v1/", "/api/v1/posts/x/vote"):
            assert APIClient().get(address).status_code == 404, address


class TestReader:
    @pytest.mark.parametrize("gone", ["id", "title", "by", "ago", "body", "board"])
    def test_a_post_without_what_makes_it_is_refused_by_name(self, gone):
        with pytest.raises(TypeError, match=gone):
            script._entry({name: value for name, value in ROW.items() if name != gone})

    @pytest.mark.parametrize(
        "odd", [{"vote": 3}, {"status": [{"to": "planned", "by": "x", "ago": 1.0, "reply": ""}]}, {"comments": [{"by": "x"}]}]
    )
    def test_a_word_the_script_does_not_know_is_refused(self, odd):
        with pytest.raises(TypeError):
            script._entry(ROW | odd)

    def test_a_post_stands_in_the_board_of_its_file_unless_it_says_another(self):
        row = {name: value for name, value in ROW.items() if name != "board"}
        entries = list(script._entries({"board": "os", "posts": [dict(row), row | {"id": "two", "board": "early"}]}))
        assert [(entry.id, entry.board) for entry in entries] == [("one", "os"), ("two", "early")]

    @pytest.mark.parametrize("file", [{"posts": [{}]}, {"board": "os"}])
    def test_a_file_without_board_or_posts_is_refused(self, file):
        with pytest.raises(KeyError):
            script._entries(file)

    def test_a_file_that_is_not_there_or_broken_is_refused(self, tmp_path, monkeypatch):
        monkeypatch.setattr(script, "HERE", tmp_path)
        with pytest.raises(FileNotFoundError):
            read_script()
        (tmp_path / "merges.toml").write_text("merges = [")
        with pytest.raises(ValueError, match="end of document"):
            read_script()

    def test_a_status_with_blanks_is_the_products_own(self):
        assert Turn("in progress", "ines", 2.0).status == "in-progress"

    @pytest.mark.parametrize(
        ("lang", "turn", "said"),
        [
            ("en", Turn("open", "ines", 1.0), ""),
            ("en", Turn("declined", "ines", 1.0, " No. ", "A thinner cell."), f"No.\n\n{CHANGE['en']}A thinner cell."),
            ("zh-hans", Turn("not now", "ines", 1.0, "", "更薄"), f"{CHANGE['zh-hans']}更薄"),
        ],
    )
    def test_an_answer_is_what_is_said_and_what_would_change_it(self, lang, turn, said):
        assert Entry(**ROW, lang=lang).said(turn) == said

    @pytest.mark.parametrize(("role", "staff"), [("member", False), ("moderator", False), ("staff", True), ("admin", True)])
    def test_who_is_of_the_team_never_votes(self, role, staff):
        person = Person("x", "X", "en", "UTC", 9.0, "", role=role)
        play = script.Script({}, {"x": person}, {}, [], [], [], [], [])
        assert person.is_staff is staff and (play.fans == []) is staff

    def test_an_address_is_made_where_none_is_given(self):
        assert Person("x", "X", "en", "UTC", 9.0, "").address == "x@demo.sprout"
        assert Person("x", "X", "en", "UTC", 9.0, "", login="fan@demo.sprout").address == "fan@demo.sprout"


class TestCrowd:
    @pytest.fixture
    def play(self):
        def make(entry, *fans, drops=()):
            people = {fan.username: fan for fan in fans}
            return script.Script({}, people, {entry.id: entry}, [], [], [], list(drops), [])

        return make

    def fan(self, name, **more):
        return Person(name, name.title(), "en", "UTC", **({"joined": 60.0, "about": ""} | more))

    def test_of_a_small_crowd_all_vote_and_the_author_does_not_twice(self, play):
        cast = ballots(play(Entry(**ROW | {"ago": 30.0}, votes=50), *(self.fan(name) for name in ("fan", "ada", "bo"))))
        assert sorted(ballot.voter for ballot in cast) == ["ada", "bo"]
        assert all(0 < ballot.ago < 30 and ballot.need in ("nice", "important", "must") for ballot in cast)

    @pytest.mark.parametrize("votes", [0, 1])
    def test_who_has_only_their_own_vote_gets_no_other(self, play, votes):
        assert ballots(play(Entry(**ROW, votes=votes), self.fan("ada"))) == []

    def test_after_its_release_nobody_votes_for_it(self, play):
        drop = Drop("os", "1", "T", "", "ines", 20.0, ("one",))
        late, early = self.fan("late", joined=15.0), self.fan("early")
        cast = ballots(play(Entry(**ROW | {"ago": 40.0}, votes=9), late, early, drops=[drop]))
        assert [(ballot.voter, ballot.ago > 20.05) for ballot in cast] == [("early", True)]

    def test_testers_alone_vote_where_things_are_early(self, play):
        entry = Entry(**ROW | {"board": "early", "ago": 30.0}, votes=9)
        assert [ballot.voter for ballot in ballots(play(entry, self.fan("ada"), self.fan("bo", tester=True)))] == ["bo"]

    def test_nobody_agrees_with_themselves(self, play):
        entry = Entry(**ROW | {"ago": 30.0}, remarks=(Remark("ada", 20.0, "Yes", helped=True),))
        assert {nod.member for nod in nods(play(entry, self.fan("ada"), self.fan("bo")))} == {"bo"}


def test_every_word_of_the_labels_is_plain_and_has_a_name_in_chinese():
    assert set(OURS) == {"community", "feedback", "rewards"}
    assert all(word == word.strip() and "_" not in word for word in [*WORDS, *VERBS])
