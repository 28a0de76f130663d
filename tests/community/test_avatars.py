"""The picture of a member."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.urls import reverse

from community.models import Member
from community.pictures import store
from community.pictures.faces import hide_avatar, remove_avatar, set_avatar, show_avatar
from community.refusals import Conflict, Invalid, NotAllowed, TooMany
from tests.factories import NOW, make_comment, make_member, make_post
from tests.pictures import picture

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]


def set_face(member, colour="teal") -> Member:
    return set_avatar(member=member, data=picture(colour=colour), filename="me.png", at=NOW)


def drawn(member, size="") -> str:
    return (
        engines["django"]
        .from_string("{{ member|face:size }}")
        .render({"member": Member.objects.get(pk=member.pk), "size": size})
    )


def code(client, member, size=96) -> int:
    answer = client.get(f"/faces/{Member.objects.get(pk=member.pk).avatar or '0' * 32}/{size}.webp")
    b"".join(answer)
    return answer.status_code


def test_without_a_picture_the_initials_are_drawn(author):
    assert ">ML</span>" in drawn(author) and "<img" not in drawn(author)


def test_a_picture_takes_the_room_of_the_initials(author):
    name = set_face(author).avatar
    assert drawn(author) == (
        f'<img class="face face-{author.pk % 4 + 1}" src="/faces/{name}/96.webp" width="36" height="36" alt="" loading="lazy" decoding="async">'
    )
    assert f'src="/faces/{name}/320.webp" width="80" height="80"' in drawn(author, "big")


def test_staff_keep_their_leaf(staff):
    set_face(staff)
    assert 'class="face face-staff"' in drawn(staff)


def test_everybody_sees_it(client, author):
    set_face(author)
    answer = client.get(f"{author.face}/320.webp")
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/webp", "public, max-age=86400")
    assert answer["X-Content-Type-Options"] == "nosniff" and "sandbox" in answer["Content-Security-Policy"]


def test_a_new_one_takes_the_place_of_the_old(client, author, media, django_capture_on_commit_callbacks):
    first = set_face(author).avatar
    with django_capture_on_commit_callbacks(execute=True):
        second = set_face(author, "red").avatar
    assert first != second and [path.name for path in media.glob("faces/??/*")] == [second]
    assert client.get(f"/faces/{first}/96.webp").status_code == 404


def test_removed_it_is_gone(client, author, media, django_capture_on_commit_callbacks):
    set_face(author)
    with django_capture_on_commit_callbacks(execute=True):
        remove_avatar(member=author, at=NOW)
    assert code(client, author) == 404 and not list(media.rglob("*.webp")) and ">ML<" in drawn(author)


@pytest.mark.parametrize("data", [b"", b"<svg/>", picture()[:50]])
def test_what_is_no_picture_leaves_everything_as_it_was(author, data, media):
    with pytest.raises(Invalid):
        set_avatar(member=author, data=data, filename="", at=NOW)
    assert not Member.objects.get(pk=author.pk).avatar and not list(media.rglob("*.webp"))


def test_ten_a_day_are_enough(author, settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setattr("community.pictures.faces.redraw", lambda **more: [store.Version(96, 96, b"x")])
    for _ in range(10):
        set_face(author)
    with pytest.raises(TooMany):
        set_face(author)


def test_taken_down_the_initials_are_drawn_and_nobody_gets_the_file(client, author, moderator, voter):
    set_face(author)
    hide_avatar(member=author, by=moderator, at=NOW)
    assert code(client, author) == 404 and ">ML<" in drawn(author)
    for person, status in ((voter, 404), (moderator, 200), (author, 200)):
        client.force_login(person)
        assert code(client, author) == status
    assert "no-store" in client.get(f"/faces/{author.avatar}/96.webp")["Cache-Control"]


def test_while_it_is_hidden_no_other_is_set_and_shown_again_it_is_back(client, author, moderator):
    set_face(author)
    hide_avatar(member=author, by=moderator, at=NOW)
    hidden = Member.objects.get(pk=author.pk)
    for act in (lambda: set_face(hidden), lambda: remove_avatar(member=hidden, at=NOW)):
        with pytest.raises(NotAllowed, match="moderator"):
            act()
    show_avatar(member=author, by=moderator, at=NOW)
    assert code(client, author) == 200


def test_only_those_who_moderate_hide_and_show(author, voter):
    set_face(author)
    for act in (hide_avatar, show_avatar):
        with pytest.raises(NotAllowed):
            act(member=author, by=voter, at=NOW)


def test_what_was_done_is_not_done_again(author, moderator):
    with pytest.raises(Conflict):
        hide_avatar(member=author, by=moderator, at=NOW)
    with pytest.raises(Conflict):
        show_avatar(member=author, by=moderator, at=NOW)


def test_a_member_sets_and_removes_it_in_the_settings(client, author):
    client.force_login(author)
    assert 'name="face"' in client.get(reverse("settings")).content.decode()
    page = client.post(reverse("face-set"), {"face": SimpleUploadedFile("me.png", picture())}, follow=True).content.decode()
    assert "That is how people see you now." in page and "/320.webp" in page
    assert "initials are shown" in client.post(reverse("face-remove"), follow=True).content.decode()


@pytest.mark.parametrize("typed", [{}, {"face": "text"}, {"face": SimpleUploadedFile("a.svg", b"<svg/>")}])
def test_what_is_wrong_is_said_on_the_page(client, author, typed):
    client.force_login(author)
    page = client.post(reverse("face-set"), typed, follow=True).content.decode()
    assert "Please choose a picture." in page or "no picture we can show" in page


@pytest.mark.parametrize("name", ["face-set", "face-remove"])
def test_visitors_are_asked_to_sign_in(client, name):
    assert "/accounts/login/" in client.post(reverse(name))["Location"]


def test_moderators_find_the_button_on_the_members_page_and_others_do_not(client, author, moderator, voter):
    set_face(author)
    for person, shown in ((voter, False), (moderator, True)):
        client.force_login(person)
        assert (f"/moderation/face/{author.pk}/hide/" in client.get(author.get_absolute_url()).content.decode()) is shown


@pytest.mark.parametrize(
    "address", ["/faces/x/96.webp", "/faces/..%2f..%2fx/96.webp", f"/faces/{'0' * 32}/96.webp", "/faces/%00/96.webp"]
)
def test_strange_addresses_are_not_found(client, address):
    assert client.get(address).status_code == 404


def test_other_sizes_are_not_found(client, author):
    set_face(author)
    assert code(client, author, 97) == 404


def test_nobody_else_has_the_same_picture(author, voter):
    set_face(author)
    with pytest.raises(Exception, match="one_member_per_avatar"):
        Member.objects.filter(pk=voter.pk).update(avatar=author.avatar)


def test_faces_cost_a_page_no_query(client, board, queries_of):
    post = make_post(board=board)
    people = [make_member() for _ in range(4)]
    for person in people:
        make_comment(post, author=person)
    before = queries_of(post.get_absolute_url())
    for person in people:
        set_face(person)
    assert queries_of(post.get_absolute_url()) == before
    assert client.get(post.get_absolute_url()).content.decode().count("/96.webp") >= 4
