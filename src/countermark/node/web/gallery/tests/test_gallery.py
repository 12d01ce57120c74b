"""The gallery exists where it is wanted, and nowhere else."""

import pytest

from countermark.node.web.gallery.views import STORIES


def test_there_is_no_gallery_on_a_node(client, db):
    assert client.get("/gallery/").status_code == 404
    assert client.get("/gallery/review/").status_code == 404


@pytest.mark.parametrize("story", STORIES)
def test_each_story_is_drawn(client, db, settings, look, story):
    settings.COUNTERMARK_GALLERY = True
    assert f"/gallery/{story}/" in client.get("/gallery/").content.decode()
    answer = client.get(f"/gallery/{story}/")
    assert answer.status_code == 200
    assert len(look(answer.content).css("h1")) == 1


def test_no_other_story(client, db, settings):
    settings.COUNTERMARK_GALLERY = True
    assert client.get("/gallery/none/").status_code == 404
