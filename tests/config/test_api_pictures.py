"""Pictures by the API: the limits of the pages, once per key, and found again in the post that shows them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from community.models import Attachment, Post
from community.pictures import store
from community.pictures.attachments import A_DAY
from tests.config.test_api import client_of
from tests.factories import make_board, make_member, make_newcomer, make_post
from tests.pictures import make_picture, picture, with_place

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
PICTURES = "/api/v1/pictures"


@pytest.fixture(autouse=True)
def quiet(settings):
    settings.RATE_LIMITS = False


@pytest.fixture
def fan(voter):
    return client_of(voter)


def send(client, data: bytes = b"", *, name: str = "shot.png", key: str = "", **more):
    headers = {"Idempotency-Key": key} if key else {}
    file = SimpleUploadedFile(name, data or picture(), "image/png")
    return client.post(PICTURES, {"picture": file, **more}, format="multipart", headers=headers)


def test_a_picture_is_kept_for_its_owner_and_says_how_it_goes_into_a_text(fan, voter):
    answer = send(fan, alt="The battery page")
    told = answer.json()
    made = Attachment.objects.get()
    assert answer.status_code == 201 and made.owner == voter and told["id"] == made.pk
    assert told["markdown"] == f"![The battery page](/pictures/{made.pk}/)"
    assert told["url"].endswith(f"/pictures/{made.pk}/") and told["versions"][-1].endswith(f"/{made.width}.webp")


def test_a_post_by_the_api_shows_it_and_lists_it(fan, board):
    words = send(fan, alt="A leaf").json()["markdown"]
    written = fan.post("/api/v1/posts", {"board": board.slug, "title": "Show it as a leaf", "body": f"So:\n\n{words}"}).json()
    assert "<img" in written["body_html"] and [one["alt"] for one in written["pictures"]] == ["A leaf"]
    assert fan.get(f"/api/v1/posts/{written['id']}").json()["pictures"] == written["pictures"]
    assert Attachment.objects.get().post == Post.objects.get(pk=written["id"])


def test_a_picture_without_words_is_refused_in_the_text_and_decoration_is_not(fan, board):
    told = {"board": board.slug, "title": "Show it as a leaf"}
    silent, drawn = send(fan).json(), send(fan, decorative="true").json()
    refused = fan.post("/api/v1/posts", told | {"body": silent["markdown"]})
    assert refused.status_code == 422 and refused.json()["code"] == "picture-words"
    assert drawn["decorative"] and fan.post("/api/v1/posts", told | {"body": drawn["markdown"]}).status_code == 201


def test_anothers_picture_stays_a_link(fan, board):
    words = send(client_of(make_member()), alt="Mine").json()["markdown"]
    written = fan.post("/api/v1/posts", {"board": board.slug, "title": "Show it as a leaf", "body": words}).json()
    assert written["pictures"] == [] and "<img" not in written["body_html"]


def test_sent_again_with_its_key_it_is_kept_once(fan):
    first, again = send(fan, alt="A leaf", key="shot-1"), send(fan, alt="A leaf", key="shot-1")
    assert (first.status_code, again.status_code) == (201, 201) and first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true" and Attachment.objects.count() == 1


@pytest.mark.parametrize("other", [{"alt": "A tree"}, {"data": picture(colour="red")}, {"name": "other.png"}])
def test_another_picture_with_that_key_is_refused(fan, other):
    send(fan, alt="A leaf", key="shot-1")
    refused = send(fan, **({"alt": "A leaf"} | other), key="shot-1")
    assert refused.status_code == 422 and refused.json()["code"] == "idempotency-key" and Attachment.objects.count() == 1


@pytest.mark.parametrize("data", [b"GIF89a and no more", b"<svg/>", b"<?php"])
def test_what_is_no_picture_is_a_problem_with_a_sentence(fan, data):
    answer = send(fan, data)
    assert answer.status_code == 422 and answer["Content-Type"] == "application/problem+json" and answer.json()["title"]
    assert not Attachment.objects.exists()


def test_what_is_too_heavy_is_a_problem_that_says_so(fan, monkeypatch):
    monkeypatch.setattr("community.pictures.uploads.MOST_BYTES", 100)
    for key in ("", "heavy-1"):
        answer = send(fan, bytes(70_000), key=key)
        assert answer.status_code == 422 and "10 MB" in answer.json()["errors"]["picture"]


def test_what_lacks_a_file_or_is_no_form_is_a_problem(fan):
    assert set(fan.post(PICTURES, {"alt": "A leaf"}, format="multipart").json()["errors"]) == {"picture"}
    assert set(fan.post(PICTURES, {"picture": "text"}).json()["errors"]) == {"picture"}
    assert fan.post(PICTURES, "x", content_type="text/plain").status_code == 415
    assert fan.get(PICTURES).status_code == 405


def test_it_takes_somebody_and_the_scope_to_write(client, voter):
    assert client.post(PICTURES).status_code == 401
    assert send(client_of(voter, "read")).status_code == 403


def test_a_newcomer_has_as_many_a_day_as_on_the_pages(settings, monkeypatch):
    settings.RATE_LIMITS = True
    monkeypatch.setitem(A_DAY, 0, 1)
    newcomer = client_of(make_newcomer())
    assert send(newcomer).status_code == 201
    refused = send(newcomer)
    assert refused.status_code == 429 and refused["Content-Type"] == "application/problem+json"


def test_where_it_was_taken_is_not_kept(fan):
    send(fan, with_place(), name="shot.jpg")
    made = Attachment.objects.get()
    assert all(b"Exif" not in store.path_of("pictures", made.name, width).read_bytes() for width in made.widths)


def test_pictures_cost_a_list_one_query_however_many(fan, author, django_assert_max_num_queries):
    def queries() -> int:
        with django_assert_max_num_queries(30) as seen:
            assert len(fan.get("/api/v1/posts").json()["results"]) == Post.objects.count()
        return len(seen.captured_queries)

    def plant(count: int) -> None:
        for number in range(count):
            words = f"![It]({make_picture(author).get_absolute_url()})"
            make_post(f"Shown {number}", author=author, board=board, body=words)

    board = make_board()
    plant(2)
    queries()
    few = queries()
    plant(18)
    assert queries() == few


def test_the_schema_says_how_it_is_sent(fan):
    schema = fan.get("/api/schema/?format=json").json()
    told = schema["paths"]["/api/v1/pictures"]["post"]
    assert list(told["requestBody"]["content"]) == ["multipart/form-data"] and "201" in told["responses"]
    assert schema["components"]["schemas"]["PostShape"]["properties"]["pictures"]["items"] == {
        "$ref": "#/components/schemas/PictureShape"
    }
