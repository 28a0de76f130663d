"""Writing in company, in a real browser: pictures, names and quotes."""

import base64
import re

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import expect

from community.models import Attachment, Comment
from tests.factories import make_board, make_comment, make_member, make_post
from tests.pictures import photo, picture
from tests.stories.world import session_of

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("media")]


@pytest.fixture
def post(site):
    board = make_board("battery")
    found = make_post("A thought", board=board, author=make_member("Mara Lindqvist", username="mara"), body="Here is **why**.")
    make_comment(found, "Two things:\n\n- the alarm\n- the night", author=make_member("林小满", username="xiaoman"))
    return found


@pytest.fixture
def tab(page, site, post):
    """Tomasz, before the thread."""
    cookie = {"name": django_settings.SESSION_COOKIE_NAME, "value": session_of(make_member("Tomasz Wilk")), "url": site}
    page.context.add_cookies([cookie])
    page.goto(post.get_absolute_url())
    return page


def begin(tab) -> None:
    """The box is focused and what helps to write has come."""
    tab.evaluate("""() => new Promise((done) => {
        document.querySelector("#say-0").focus();
        document.querySelector("script[src*=talk]").addEventListener("load", done);
    })""")


def drop(tab, kind: str, data: bytes, name: str = "shot.png", mime: str = "image/png") -> None:
    """The picture is pasted into the box, or dropped on it."""
    tab.evaluate(
        """([kind, data, name, mime]) => {
            const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], name, { type: mime }));
            const more = { bubbles: true, cancelable: true };
            const event = kind === "paste" ? new ClipboardEvent(kind, { ...more, clipboardData: carried })
                                           : new DragEvent(kind, { ...more, dataTransfer: carried });
            document.querySelector("#say-0").dispatchEvent(event);
        }""",
        [kind, base64.b64encode(data).decode(), name, mime],
    )


def test_what_helps_to_write_is_fetched_once_when_the_box_is_first_touched(tab):
    asked = []
    tab.on("request", lambda request: asked.append(request.url) if "talk" in request.url else None)
    tab.hover("h1")
    assert tab.query_selector("script[src*=talk]") is None
    with tab.expect_response("**/js/talk*.js"):
        tab.hover("#say-0")
    tab.focus("#say-0")
    tab.hover("#comment-form-0 .btn-leaf")
    assert len(asked) == 1 and tab.faults == []


def test_a_picture_goes_along_with_the_comment_where_the_script_never_comes(tab):
    tab.route("**/js/talk*.js", lambda route: route.abort())
    tab.fill("#say-0", "Look:")
    tab.set_input_files("#comment-form-0 input[type=file]", [{"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo()}])
    tab.click("#comment-form-0 .btnrow .btn-leaf")
    tab.wait_for_selector("#comment-form-0 .thumb")
    assert Attachment.objects.count() == 1 and "Look:" in tab.input_value("#say-0")


@pytest.mark.parametrize("kind", ["paste", "drop"])
def test_a_picture_that_is_pasted_or_dropped_stands_where_the_cursor_is(tab, kind):
    begin(tab)
    tab.fill("#say-0", "Look: ")
    drop(tab, kind, picture())
    tab.wait_for_selector(".thumb")
    made = Attachment.objects.get()
    assert tab.input_value("#say-0") == f"Look: \n\n![](/pictures/{made.pk}/)\n\n"
    tab.fill(f"#alt-{made.pk}", "The battery page")
    assert f"![The battery page](/pictures/{made.pk}/)" in tab.input_value("#say-0")
    tab.click("#comment-form-0 .btnrow .btn-leaf")
    tab.wait_for_selector(f"#talk img[alt='The battery page'][src^='/pictures/{made.pk}/']")
    assert tab.query_selector(".thumb") is None and tab.input_value("#say-0") == "" and tab.faults == []


def test_picking_two_shows_both_and_removing_one_takes_it_out_of_the_text(tab):
    files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo()} for n in "ab"]
    tab.set_input_files("#comment-form-0 input[type=file]", files)
    tab.wait_for_selector(".thumb:nth-child(2)")
    tab.click(".thumb:first-child button[name=drop]")
    first, second = Attachment.objects.order_by("pk")
    assert f"/pictures/{first.pk}/" not in tab.input_value("#say-0") and f"/pictures/{second.pk}/" in tab.input_value("#say-0")
    tab.check(".thumb input[name=decorative]")
    tab.click("#comment-form-0 .btnrow .btn-leaf")
    tab.wait_for_selector("#talk .prose img[alt='']")
    assert tab.faults == []


def test_a_picture_without_words_is_asked_for_some_and_nothing_is_lost(tab):
    begin(tab)
    drop(tab, "paste", picture())
    tab.wait_for_selector(".thumb")
    tab.click("#comment-form-0 .btnrow .btn-leaf")
    tab.wait_for_selector("#say-0-fault")
    assert "what the picture shows" in tab.inner_text("#say-0-fault") and tab.query_selector(".thumb")
    assert Comment.objects.count() == 1


def test_what_is_no_picture_is_told_in_a_sentence(tab):
    begin(tab)
    drop(tab, "paste", b"GIF89a and no more", "x.gif", "image/gif")
    tab.wait_for_selector("[data-picture-faults] .fault")
    assert "no picture" in tab.inner_text("[data-picture-faults]") and tab.input_value("#say-0") == ""


def test_a_large_photo_is_made_smaller_before_it_is_sent(tab, tmp_path):
    tab.evaluate(
        "window.sent = []; const send = XMLHttpRequest.prototype.send; XMLHttpRequest.prototype.send = function (body) { window.sent.push(body?.get?.('picture')?.size); return send.call(this, body); }; null"
    )
    noisy = photo((4200, 3200), "png", compress_level=0)
    # From the disk: forty megabytes are too much for the wire between the test and the browser.
    (tmp_path / "a.png").write_bytes(noisy)
    tab.set_input_files("#comment-form-0 input[type=file]", tmp_path / "a.png")
    tab.wait_for_selector(".thumb", timeout=30_000)
    assert tab.evaluate("window.sent.find(Boolean)") < len(noisy) / 4 and Attachment.objects.get().width == 1920


def test_a_name_is_offered_while_it_is_typed_and_chosen_by_keys(tab):
    tab.focus("#say-0")
    tab.keyboard.type("Ask @ma")
    tab.wait_for_selector("[role=option]")
    assert tab.inner_text("[role=option][aria-selected=true]").startswith("Mara Lindqvist")
    assert tab.get_attribute("#say-0", "aria-activedescendant") == "say-0-names-0"
    tab.keyboard.press("Enter")
    assert tab.input_value("#say-0") == "Ask @mara " and tab.query_selector("[role=listbox]") is None


def test_a_chinese_name_is_found_by_its_first_sign_and_chosen_by_finger(tab):
    tab.focus("#say-0")
    tab.keyboard.insert_text("请问@林")
    tab.wait_for_selector("[role=option]")
    tab.click("[role=option]")
    assert tab.input_value("#say-0") == "请问@xiaoman "


def test_escape_closes_the_list_and_keeps_what_was_typed(tab):
    tab.focus("#say-0")
    tab.keyboard.type("@ma")
    tab.wait_for_selector("[role=option]")
    tab.keyboard.press("Escape")
    assert tab.query_selector("[role=listbox]") is None and tab.input_value("#say-0") == "@ma"


def test_quote_opens_the_answer_with_the_words(tab):
    tab.click("#talk [data-quote]")
    box = tab.wait_for_selector("[id^=reply-] textarea")
    assert "> - the alarm" in box.input_value() and box.input_value().startswith("> [林小满](/comments/")


def test_only_what_is_marked_is_quoted(tab):
    tab.evaluate("""() => {
        const line = document.querySelector("#talk .prose li:nth-child(2)");
        getSelection().selectAllChildren(line);
    }""")
    tab.click("#talk [data-quote]")
    box = tab.wait_for_selector("[id^=reply-] textarea")
    assert "> the night" in box.input_value() and "alarm" not in box.input_value()


def test_the_post_is_quoted_into_the_box_below(tab):
    tab.click(".post-head ~ .acts [data-quote], .acts [data-quote=post-text]")
    expect(tab.locator("#say-0")).to_have_value(re.compile(r"^> \[Mara"))
    assert "> Here is **why**." in tab.input_value("#say-0") and tab.faults == []
