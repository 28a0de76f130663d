"""The books of the score, kept by workers from facts."""

from tests.factories import make_vote
from tests.feedback.books import book_of, by_the_formula, settle, standing_of


def test_a_vote_reaches_the_books_and_the_lists(suggestion, voter, now):
    make_vote(suggestion, voter, need=1000)
    settle()
    score, heat, voters = by_the_formula(suggestion)
    book, standing = book_of(suggestion), standing_of(suggestion)
    assert (book.voters, book.numerator, int(book.heat)) == (voters, score.numerator, heat) == (2, book.numerator, heat)
    assert (standing.votes, standing.score, int(standing.heat)) == (2, score.numerator, heat)
    assert score.numerator > 0
