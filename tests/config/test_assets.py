"""Static files are collected when they changed, and only then."""

import pytest

from config import assets


@pytest.fixture
def source(tmp_path, settings):
    """A folder of static files, and nothing collected yet."""
    folder = tmp_path / "static"
    folder.mkdir()
    (folder / "site.css").write_text("a { color: green }")
    settings.STATICFILES_DIRS = [folder]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    assets.get_finders.__globals__["get_finder"].cache_clear()
    yield folder
    assets.get_finders.__globals__["get_finder"].cache_clear()


def test_the_first_start_collects(source, settings):
    assert assets.collect_if_changed()
    assert (settings.STATIC_ROOT / "site.css").read_text() == "a { color: green }"


def test_the_second_start_has_nothing_to_do(source):
    assets.collect_if_changed()
    assert not assets.collect_if_changed()


def test_a_changed_file_is_collected_again(source, settings):
    assets.collect_if_changed()
    (source / "site.css").write_text("a { color: darkgreen }")
    assert assets.collect_if_changed()
    assert "darkgreen" in (settings.STATIC_ROOT / "site.css").read_text()


def test_a_file_that_went_away_is_not_served_any_more(source, settings):
    (source / "old.css").write_text("")
    assets.collect_if_changed()
    (source / "old.css").unlink()
    assert assets.collect_if_changed()
    assert not (settings.STATIC_ROOT / "old.css").exists()


def test_a_collection_that_was_cut_off_is_done_again(source, monkeypatch):
    def cut_off(*_, **__):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(assets, "call_command", cut_off)
        with pytest.raises(KeyboardInterrupt):
            assets.collect_if_changed()
    assert assets.collect_if_changed()
