"""What each kind of post asks for and is called on its pages."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.models import PostKind
from community.models.board import Viewer
from community.privileges import Privilege, has

Words = str | Promise


@dataclass(frozen=True)
class KindWords:
    """The words of one kind: in the picker, in the composer, under the post."""

    when: Words
    heading: Words
    lead: Words
    title: Words
    title_help: Words
    title_example: Words
    body: Words
    body_help: Words
    body_example: Words
    button: Words
    afterwards: Words
    comment: Words
    comment_example: Words
    no_comments: Words
    sign: str = "comment"


MARKDOWN = _("Markdown works: **bold**, lists, links.")
WORDS: dict[str, KindWords] = {
    PostKind.SUGGESTION: KindWords(
        when=_("Something you wish for"),
        heading=_("Suggest something"),
        lead=_("One wish, in your own words."),
        title=_("What do you wish for?"),
        title_help=_("Say what it does for you, not where the button goes."),
        title_example=_("Let the alarm wake me gently"),
        body=_("Tell us about the last time you needed it"),
        body_help=MARKDOWN,
        body_example=_("Last Tuesday I …"),
        button=_("Plant it"),
        afterwards=_("You get an answer by name."),
        comment=_("Add to it"),
        comment_example=_("What would make this work for you?"),
        no_comments=_("What would make this work for you? The first comment often decides how a thing is built."),
        sign="n-seed",
    ),
    PostKind.BUG: KindWords(
        when=_("Something does not work"),
        heading=_("Report a bug"),
        lead=_("One fault at a time, so that it can be found."),
        title=_("What goes wrong?"),
        title_help=_("What you see, and where. “It does not work” could be anything."),
        title_example=_("The alarm stays silent after an update"),
        body=_("What happened, what did you expect, and how can we see it too?"),
        body_help=_("The steps one by one, the device and its version. Markdown works."),
        body_example=_("1. I set the alarm to 6:30.\n2. The phone updates at night.\nExpected: it rings. Happened: nothing."),
        button=_("Report it"),
        afterwards=_("You get an answer by name."),
        comment=_("Add to it"),
        comment_example=_("Do you see it too? Which device, which version?"),
        no_comments=_("Do you see it too? Your device and version help to find it."),
        sign="bug",
    ),
    PostKind.QUESTION: KindWords(
        when=_("You want to know something"),
        heading=_("Ask a question"),
        lead=_("Somebody here has probably been there before you."),
        title=_("What do you want to know?"),
        title_help=_("A whole question finds an answer sooner than a word or two."),
        title_example=_("Can I move my eSIM without calling the carrier?"),
        body=_("What have you tried so far?"),
        body_help=MARKDOWN,
        body_example=_("I looked under Settings, SIM cards, and found …"),
        button=_("Ask it"),
        afterwards=_("When an answer helps, accept it: others find it on top."),
        comment=_("Your answer"),
        comment_example=_("What worked for you?"),
        no_comments=_("Nobody has answered yet. If you know a way, even half of one, say it."),
        sign="ask",
    ),
    PostKind.DISCUSSION: KindWords(
        when=_("You want to talk about something"),
        heading=_("Start a discussion"),
        lead=_("Nothing here needs a status. Just begin."),
        title=_("What shall we talk about?"),
        title_help=_("A title that invites others in."),
        title_example=_("What is on your home screen?"),
        body=_("How do you see it?"),
        body_help=MARKDOWN,
        body_example=_("I begin: …"),
        button=_("Start it"),
        afterwards=_("If a wish comes out of it, it can become a suggestion later, with everything in it."),
        comment=_("Join in"),
        comment_example=_("How is it with you?"),
        no_comments=_("Nobody has joined in yet. How is it with you?"),
    ),
    PostKind.STORY: KindWords(
        when=_("Something that happened to you"),
        heading=_("Tell a story"),
        lead=_("What happened, with you in it. The good and the bad."),
        title=_("What is it called?"),
        title_help=_("As you would begin it at a table."),
        title_example=_("The night the torch brought us home"),
        body=_("What happened?"),
        body_help=_("Who was there, what went wrong, what changed. Markdown works."),
        body_example=_("It was raining, and the car …"),
        button=_("Tell it"),
        afterwards=_("It stays yours: you can change it or take it back."),
        comment=_("Say something back"),
        comment_example=_("What did it make you think of?"),
        no_comments=_("Did something like this happen to you, too? Say so."),
        sign="n-leaf",
    ),
    PostKind.ANNOUNCEMENT: KindWords(
        when=_("News from the team"),
        heading=_("Announce something"),
        lead=_("News that concerns everybody in this board, signed with your name."),
        title=_("What is the news?"),
        title_help=_("The whole news in one line; many read no further."),
        title_example=_("Updates come on Thursdays from now on"),
        body=_("What does it mean for them?"),
        body_help=_("What changes, from when, and whom to ask. Markdown works."),
        body_example=_("From 1 March …"),
        button=_("Announce it"),
        afterwards=_("Everybody who follows the board can read it at once."),
        comment=_("Ask or add something"),
        comment_example=_("What would you like to know about it?"),
        no_comments=_("No questions yet."),
        sign="bell",
    ),
}  # fmt: skip


def words_of(kind: str) -> KindWords:
    """The words of this kind; an unknown one is spoken of as a suggestion."""
    return WORDS.get(kind, WORDS[PostKind.SUGGESTION])


def kinds_to_write(viewer: Viewer) -> list[PostKind]:
    """The kinds this person may write: announcements are the team's."""
    return [kind for kind in PostKind if kind != PostKind.ANNOUNCEMENT or has(viewer, Privilege.TRIAGE)]
