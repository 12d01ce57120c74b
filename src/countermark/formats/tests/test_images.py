"""Pictures are read from below one folder and nowhere else."""

import os
import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.formats import FolderImages
from countermark.model import ImageUnavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    root = tmp_path / "root"
    (root / "images").mkdir(parents=True)
    (root / "images" / "a.jpg").write_bytes(b"picture")
    return root


@pytest.mark.parametrize("uri", ["images/a.jpg", "./images/a.jpg", "images//a.jpg", "images\\a.jpg"])
def test_a_picture_below_the_folder_is_read(folder: Path, uri: str) -> None:
    assert FolderImages(folder).read(uri) == b"picture"


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "../secret.jpg",
        "images/../../secret.jpg",
        "..\\secret.jpg",
        "/etc/passwd",
        "C:\\a.jpg",
        "file:///etc/passwd",
        "https://x.example/a.jpg",
        "sha256:" + "0" * 64,
        "images/a.jpg\0.png",
        "images",
        "missing.jpg",
        "images/a.jpg/b.jpg",
        "x" * 5000,
        "x" * 300,
        "\ud800",
    ],
)
def test_any_other_name_is_unavailable_with_a_reason(folder: Path, uri: str) -> None:
    with pytest.raises(ImageUnavailable) as unavailable:
        FolderImages(folder).read(uri)
    assert str(unavailable.value).endswith(".")
    assert str(folder) not in str(unavailable.value)


def test_a_link_inside_is_followed_and_one_that_leaves_is_not(folder: Path) -> None:
    (folder / "inside.jpg").symlink_to("images/a.jpg")
    (folder / "outside.jpg").symlink_to("../secret.jpg")
    (folder / "up").symlink_to("..")
    (folder / "loop.jpg").symlink_to("loop.jpg")
    images = FolderImages(folder)
    assert images.read("inside.jpg") == b"picture"
    for uri in ("outside.jpg", "up/secret.jpg", "loop.jpg"):
        with pytest.raises(ImageUnavailable):
            images.read(uri)


def test_a_pipe_does_not_hold_us(folder: Path) -> None:
    os.mkfifo(folder / "pipe.jpg")
    with pytest.raises(ImageUnavailable):
        FolderImages(folder).read("pipe.jpg")


def test_a_picture_beyond_the_limit_is_not_read(folder: Path) -> None:
    with pytest.raises(ImageUnavailable, match="larger"):
        FolderImages(folder, largest=3).read("images/a.jpg")


def test_it_travels_to_other_processes(folder: Path) -> None:
    images = pickle.loads(pickle.dumps(FolderImages(folder)))
    assert images == FolderImages(folder)
    assert images.read("images/a.jpg") == b"picture"


@given(st.text(max_size=40))
def test_no_name_whatever_raises_anything_else(uri: str) -> None:
    with pytest.raises(ImageUnavailable):
        FolderImages(Path("/nonexistent-folder")).read(uri)
