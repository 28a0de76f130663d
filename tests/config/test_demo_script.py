"""The script of the demo holds together: it is whole, in time, in three languages, and nobody repeats themselves."""

import re
from collections import Counter
from pathlib import Path

from config.demo import crowd
from config.demo.script import Entry, read_script
from feedback.models import RoadmapColumn, Status
from feedback.models.suggestion import Frequency, Severity

SCRIPT = read_script()
WISHES = [entry for entry in SCRIPT.entries.values() if entry.is_wish]
HAN = re.compile("[\u4e00-\u9fff]")


def sentences() -> Counter[str]:
    """Every sentence of the demo with how often it is said; short cries may be anybody's."""
    texts = [text for entry in SCRIPT.entries.values() for text in texts_of(entry)]
    texts += [person.about for person in SCRIPT.people.values()] + [drop.notes for drop in SCRIPT.drops]
    texts += [aside.text for aside in SCRIPT.asides] + [pair.said for pair in [*SCRIPT.merges, *SCRIPT.proposals]]
    parts = [part.strip(" -*“”\"'#.0123456789") for text in texts for part in re.split(r"(?<=[.!?。！？])\s*|\n", text)]
    return Counter(part for part in parts if len(part) > (7 if HAN.search(part) else 14))


def texts_of(entry: Entry) -> list[str]:
    said = [turn.answer for turn in entry.turns] + [turn.change for turn in entry.turns]
    return [entry.title, entry.body, *said, *(remark.text for remark in entry.remarks)]


def test_there_are_a_hundred_and_twenty_suggestions_and_a_bench_to_sit_on():
    kinds = Counter(entry.kind for entry in SCRIPT.entries.values())
    assert len(WISHES) == 120 and kinds["bug"] >= 15
    assert all(kinds[kind] >= 2 for kind in ("question", "discussion", "story", "announcement"))


def test_some_sixty_fans_and_nine_of_the_staff_are_there():
    assert len(SCRIPT.fans) == 57 and len(SCRIPT.people) == 66


def test_the_four_sign_ins_are_a_fan_a_moderator_one_of_the_staff_and_an_admin():
    roles = {person.login: person.role for person in SCRIPT.people.values() if person.login}
    assert roles == {
        "fan@demo.sprout": "member",
        "moderator@demo.sprout": "moderator",
        "staff@demo.sprout": "staff",
        "admin@demo.sprout": "admin",
    }


def test_english_and_both_chinese_scripts_are_written():
    spoken = Counter(entry.lang for entry in WISHES)
    assert spoken == {"en": 74, "zh-hans": 38, "zh-hant": 8}


def test_more_than_four_hundred_comments_are_written_and_every_member_wrote_some():
    authors = Counter(remark.by for entry in SCRIPT.entries.values() for remark in entry.remarks)
    assert authors.total() >= 400 and set(authors) == set(SCRIPT.people)


def test_no_sentence_is_said_twice():
    assert [sentence for sentence, count in sentences().items() if count > 1] == []


def test_a_post_has_a_title_in_its_language_and_something_to_say():
    for entry in SCRIPT.entries.values():
        assert len(entry.title) * (2 if HAN.search(entry.title) else 1) >= 10 and len(entry.title) <= 80, entry.id
        assert bool(HAN.search(entry.title)) == entry.lang.startswith("zh"), entry.id
        assert len(entry.body.strip()) >= 40, entry.id
        # A question may wait, so that there is somebody to answer.
        assert entry.remarks or entry.kind == "question", entry.id


def test_everybody_and_everything_a_post_names_is_there():
    for entry in SCRIPT.entries.values():
        named = {entry.by, *(remark.by for remark in entry.remarks), *(turn.by for turn in entry.turns)}
        assert named <= set(SCRIPT.people), entry.id
        assert entry.board in {board["slug"] for board in SCRIPT.places["boards"]}, entry.id
        assert len(SCRIPT.tag_names(entry)) == len(entry.tags) <= 5, entry.id
        assert entry.pull <= {persona["slug"] for persona in SCRIPT.places["personas"]}, entry.id


def test_nobody_speaks_before_they_joined_and_nothing_is_answered_before_it_was_asked():
    for entry in SCRIPT.entries.values():
        times = [remark.ago for remark in entry.remarks]
        assert times == sorted(set(times), reverse=True) and max(times, default=0.0) < entry.ago, entry.id
        speakers = [(entry.by, entry.ago), *((remark.by, remark.ago) for remark in entry.remarks)]
        assert all(ago < SCRIPT.people[name].joined for name, ago in speakers), entry.id
        # What is younger than a day would be mailed.
        assert min(times, default=2.0) > 1.0, entry.id


def test_an_answer_to_a_comment_finds_that_comment_above_it():
    for entry in SCRIPT.entries.values():
        above: set[str] = set()
        for remark in entry.remarks:
            assert not remark.re or remark.re in above, entry.id
            above.add(remark.by)


def test_statuses_follow_each_other_in_time_and_staff_give_them():
    for entry in SCRIPT.entries.values():
        times = [entry.ago, *(turn.ago for turn in entry.turns)]
        assert times == sorted(set(times), reverse=True), entry.id
        assert all(turn.status in Status.values and SCRIPT.people[turn.by].is_staff for turn in entry.turns), entry.id
        assert not any(turn.status == Status.SHIPPED for turn in entry.turns), entry.id  # a release does that


def test_a_no_is_kind_and_a_final_one_says_what_would_change_it():
    for entry in SCRIPT.entries.values():
        for turn in entry.turns:
            if turn.status in (Status.DECLINED, Status.NOT_NOW):
                assert len(turn.answer) > 60 and turn.status == Status.NOT_NOW or turn.change, entry.id
                assert entry.said(turn).endswith(turn.change), entry.id


def test_triage_speaks_the_words_of_the_desk():
    for entry in SCRIPT.entries.values():
        said = entry.triage
        if said:
            assert said["department"] in {row["slug"] for row in SCRIPT.places["departments"]}, entry.id
            assert SCRIPT.people[said["assignee"]].is_staff, entry.id
            assert said.get("severity", "minor").upper() in Severity.__members__, entry.id
            assert said.get("frequency", "rare").upper() in Frequency.__members__, entry.id
            assert not said.get("fit") or said["reason"], entry.id


def test_the_personas_shares_make_one_whole():
    assert sum(row["share"] for row in SCRIPT.places["personas"]) == 10_000


def test_every_place_and_word_has_its_three_names():
    rows = [row for rows in SCRIPT.places.values() for row in rows]
    assert all(set(row["name"]) == {"en", "zh-hans", "zh-hant"} and all(row["name"].values()) for row in rows)


def test_merges_run_in_no_ring_and_join_what_was_there_already():
    into = {pair.duplicate: pair.into for pair in SCRIPT.merges if pair.undone is None}
    assert len(into) >= 12
    for pair in [*SCRIPT.merges, *SCRIPT.proposals]:
        assert pair.ago + 0.15 < min(SCRIPT.entries[pair.duplicate].ago, SCRIPT.entries[pair.into].ago)
        end, seen = pair.duplicate, set()
        while end in into:
            assert end not in seen
            seen.add(end)
            end = into[end]


def test_some_merges_join_languages_and_one_was_a_mistake():
    crossing = [pair for pair in SCRIPT.merges if SCRIPT.entries[pair.duplicate].lang != SCRIPT.entries[pair.into].lang]
    assert len(crossing) >= 8 and sum(pair.undone is not None for pair in SCRIPT.merges) == 1


def test_staff_merge_and_members_point_it_out():
    assert all(SCRIPT.people[pair.by].is_staff for pair in SCRIPT.merges)
    assert all(not SCRIPT.people[pair.proposed].is_staff for pair in [*SCRIPT.merges, *SCRIPT.proposals] if pair.proposed)


def test_a_duplicate_takes_its_status_from_what_it_was_merged_into():
    merged = {pair.duplicate for pair in SCRIPT.merges if pair.undone is None}
    assert not any(SCRIPT.entries[pk].turns for pk in merged)


def test_four_weekly_releases_ship_what_was_being_tested():
    assert [drop.ago for drop in SCRIPT.drops] == [24.0, 17.0, 10.0, 3.0]
    for drop in SCRIPT.drops:
        last = [SCRIPT.entries[pk].turns[-1] for pk in drop.ships]
        assert len(last) >= 3 and all(turn.status == Status.TESTING and turn.ago > drop.ago for turn in last)


def test_what_is_scheduled_lies_ahead_and_brings_what_is_still_being_tested():
    shipped = {pk for drop in SCRIPT.drops for pk in drop.ships}
    for drop in SCRIPT.scheduled:
        assert drop.ago < 0 and not shipped & set(drop.ships)
        assert {SCRIPT.entries[pk].turns[-1].status for pk in drop.ships} == {Status.TESTING}


def test_whatever_is_planned_on_an_open_board_stands_on_the_roadmap():
    served = {pk for work in SCRIPT.works for pk in work.serves}
    shipped = {pk for drop in SCRIPT.drops for pk in drop.ships}
    waiting = [entry.id for entry in WISHES if entry.turns and entry.turns[-1].status in RoadmapColumn.values]
    assert {pk for pk in waiting if SCRIPT.entries[pk].board != crowd.EARLY_BOARD} <= served | shipped
    assert {work.effort for work in SCRIPT.works} and all(work.theme and work.effort > 0 for work in SCRIPT.works)


def test_the_crowd_is_the_same_at_every_throw_and_nobody_votes_twice():
    ballots = crowd.ballots(SCRIPT)
    assert ballots == crowd.ballots(SCRIPT) and crowd.nods(SCRIPT) == crowd.nods(SCRIPT)
    assert len({(ballot.voter, ballot.entry) for ballot in ballots}) == len(ballots) > 1200


def test_nobody_votes_before_they_joined_for_their_own_or_after_the_end():
    ends = {pk: drop.ago for drop in SCRIPT.drops for pk in drop.ships}
    for ballot in crowd.ballots(SCRIPT):
        entry, voter = SCRIPT.entries[ballot.entry], SCRIPT.people[ballot.voter]
        assert ends.get(entry.id, 0.0) < ballot.ago < min(entry.ago, voter.joined)
        assert ballot.voter != entry.by and not voter.is_staff


def test_favour_is_unequal_as_in_life():
    votes = sorted((count for count in Counter(ballot.entry for ballot in crowd.ballots(SCRIPT)).values()), reverse=True)
    assert votes[0] >= 35 and votes[60] <= 12
    assert sum(votes[:24]) > 0.4 * sum(votes)


def test_agreement_follows_the_comment_and_is_given_once():
    nods = crowd.nods(SCRIPT)
    assert len({(nod.member, nod.entry, nod.remark) for nod in nods}) == len(nods) > 300
    for nod in nods:
        remark = SCRIPT.entries[nod.entry].remarks[nod.remark]
        assert 0 < nod.ago < remark.ago and nod.member != remark.by


def test_no_address_of_this_machine_stands_in_the_script():
    folder = Path(crowd.__file__).parent
    text = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.toml"))
    assert "localhost" not in text and "/work" not in text
    # Moderators need something to look at; its addresses are of a domain that is nobody's (RFC 2606).
    assert all(host.endswith(".example") for host in re.findall(r"https?:/*([^/\s\"]*)", text))
