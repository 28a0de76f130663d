"""Laws of merging: whatever is merged and parted in whatever order, every root is the one the open edges give."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from community.models import Standing
from community.refusals import Conflict
from feedback.merges import merge_suggestions, unmerge_suggestion
from feedback.models import Merge, Suggestion
from tests.factories import NOW, make_board, make_member, make_staff, make_suggestion

SIZE = 6
numbers = st.integers(0, SIZE - 1)
steps = st.lists(st.one_of(st.tuples(numbers, numbers), st.tuples(numbers)), max_size=24)


def derived_root(pk: int) -> int:
    """The root by the words of the design: follow the edges that are not undone."""
    edges = dict(Merge.objects.filter(undone_at__isnull=True).values_list("duplicate_id", "into_id"))
    seen = set()
    while pk in edges:
        assert pk not in seen, "a ring"
        seen.add(pk)
        pk = edges[pk]
    return pk


class MergeLaws(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.staff, author, board = make_staff(), make_member(), make_board()
        cls.wishes = [make_suggestion(author=author, board=board) for _number in range(SIZE)]

    def run_step(self, step: tuple[int, ...]) -> bool:
        ends = [Suggestion.objects.get(pk=self.wishes[number].pk) for number in step]
        try:
            if len(ends) == 2:
                merge_suggestions(duplicate=ends[0], into=ends[1], by=self.staff, at=NOW)
            else:
                unmerge_suggestion(duplicate=ends[0], by=self.staff, at=NOW)
        except Conflict:
            return False
        return True

    def roots(self) -> dict[int, int]:
        return dict(Suggestion.objects.order_by("pk").values_list("pk", "root_id"))

    def lists(self) -> list[tuple]:
        return list(Standing.objects.order_by("pk").values_list("pk", "folded_into", "merged", "status", "answered"))

    @given(steps)
    def test_stored_roots_are_the_derived_ones(self, taken):
        for step in taken:
            self.run_step(step)
        assert self.roots() == {wish.pk: derived_root(wish.pk) for wish in self.wishes}

    @given(steps)
    def test_the_lists_say_what_the_roots_say(self, taken):
        for step in taken:
            self.run_step(step)
        roots = self.roots()
        sizes = [sum(root == pk for root in roots.values()) - 1 if roots[pk] == pk else 0 for pk in roots]
        assert [row[1:3] for row in self.lists()] == [
            (None if pk == root else root, size) for (pk, root), size in zip(roots.items(), sizes, strict=True)
        ]

    @given(steps, numbers, numbers)
    def test_an_undone_merge_leaves_no_trace(self, taken, duplicate, into):
        for step in taken:
            self.run_step(step)
        before = self.roots(), self.lists()
        if self.run_step((duplicate, into)):
            assert self.roots() != before[0]
            assert self.run_step((duplicate,))
        assert (self.roots(), self.lists()) == before

    @given(st.permutations(range(1, SIZE)), st.lists(numbers, min_size=SIZE, max_size=SIZE))
    def test_any_order_of_the_same_merges_gives_the_same(self, order, parents):
        # Each merges into one with a lower number: a tree, whatever was drawn.
        edges = {number: parents[number] % number for number in range(1, SIZE)}
        for number in order:
            assert self.run_step((number, edges[number]))
        assert set(self.roots().values()) == {self.wishes[0].pk}
        for number in reversed(order):
            assert self.run_step((number,))
        assert all(pk == root for pk, root in self.roots().items())


@pytest.mark.django_db
def test_the_control_sees_a_wrong_root(suggestion, staff, now):
    other = make_suggestion()
    merge_suggestions(duplicate=other, into=suggestion, by=staff, at=now)
    Suggestion.objects.filter(pk=other.pk).update(root=other)
    assert derived_root(other.pk) != Suggestion.objects.get(pk=other.pk).root_id
