"""A member takes everything along, and nobody else does."""

import json
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from community.accounts.exports import ask_export, build_export, drop_exports, path_of
from community.deliveries import drain
from community.models import Activity, Export, Notice
from community.refusals import TooMany
from tests.factories import NOW, make_comment, make_member, make_post, make_suggestion, make_vote

pytestmark = pytest.mark.django_db


@pytest.fixture
def mara(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return make_member("Mara Lindqvist", username="mara", bio="Qxbiography")


@pytest.fixture
def packed(mara):
    wish = make_suggestion("Qxwish of mine", body="Qxbody", author=mara, tags=["Qxtag"])
    make_comment(make_post("Of another"), author=mara, body="Qxcomment")
    make_vote(make_suggestion("Qxvoted for"), mara)
    make_comment(wish.post, author=make_member("Otto"), body="Qxforeign")
    return build_export(export=ask_export(member=mara, at=NOW), at=NOW)


def parts_of(export) -> dict:
    with zipfile.ZipFile(path_of(export)) as bundle:
        return {name: bundle.read(name).decode() for name in bundle.namelist()}


def test_the_zip_has_everything_the_member_wrote_and_nothing_others_wrote(packed):
    told = " ".join(parts_of(packed).values())
    assert all(word in told for word in ("Qxbiography", "Qxwish", "Qxbody", "Qxtag", "Qxcomment"))
    assert "Qxforeign" not in told


def test_every_part_is_a_list_in_json_and_the_readme_counts_them(packed):
    parts = parts_of(packed)
    rows = {name: json.loads(text) for name, text in parts.items() if name.endswith(".json")}
    assert len(rows["posts.json"]) == 1 and len(rows["comments.json"]) == 1 and len(rows["votes.json"]) == 2
    assert "posts.json" in parts["README.html"]


def test_no_secret_is_in_it(packed, mara):
    told = " ".join(parts_of(packed).values())
    assert mara.password not in told and "hash" not in json.loads(parts_of(packed)["sign_in.json"] or "[]").__repr__()


def test_the_readme_speaks_the_members_language(mara):
    mara.language = "zh-hans"
    mara.save()
    export = build_export(export=ask_export(member=mara, at=NOW), at=NOW)
    assert '<html lang="zh-hans">' in parts_of(export)["README.html"]


def test_asking_twice_packs_once(mara):
    assert ask_export(member=mara, at=NOW) == ask_export(member=mara, at=NOW)
    assert Activity.objects.filter(verb="export_asked").count() == 1


def test_a_day_passes_between_two_exports(packed, mara):
    with pytest.raises(TooMany):
        ask_export(member=mara, at=NOW + timedelta(hours=23))
    assert ask_export(member=mara, at=NOW + timedelta(hours=24)) != packed


def test_the_worker_packs_it_and_tells_of_it(mara):
    ask_export(member=mara, at=timezone.now())
    drain()
    assert Export.objects.get().ready_at and Notice.objects.get(member=mara).kind == "export_ready"


def test_after_a_week_the_file_is_gone(packed):
    assert drop_exports(before=NOW) == 0
    path = path_of(packed)
    assert drop_exports(before=NOW + timedelta(seconds=1)) == 1
    assert not path.exists() and drop_exports(before=NOW + timedelta(days=9)) == 0


def test_only_its_owner_takes_the_file(packed, mara, client):
    address = f"/me/export/{packed.pk}/"
    assert client.get(address).status_code == 302
    client.force_login(make_member("Otto"))
    assert client.get(address).status_code == 404
    client.force_login(mara)
    answer = client.get(address)
    assert answer["Content-Type"] == "application/zip" and "attachment" in answer["Content-Disposition"]
    assert b"".join(answer)[:2] == b"PK"


def test_the_page_leads_from_asking_to_the_file(mara, client):
    client.force_login(mara)
    assert "Pack my data" in client.get("/me/export/").content.decode()
    client.post("/me/export/")
    assert "is being packed" in client.get("/me/export/").content.decode()
    drain()
    assert "Download the zip" in client.get("/me/export/", headers={"HX-Request": "true"}).content.decode()


def test_a_file_lies_where_only_we_look(packed):
    assert path_of(packed).stat().st_mode & 0o077 == 0 and path_of(packed).parent.stat().st_mode & 0o077 == 0
