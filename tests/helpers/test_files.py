"""Files that are written whole or not at all."""

import os

import pytest

from helpers.files import ROOT, atomic_write


def test_a_file_takes_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "deep" / "down" / "a.txt"
    for content in ("old", "new"):
        with atomic_write(str(path)) as part:
            assert part.parent == path.parent and part.name == f"a.txt.{os.getpid()}.part"
            part.write_text(content)
            assert not path.exists() or path.read_text() == "old"
        assert path.read_text() == content and list(path.parent.iterdir()) == [path]


def test_a_block_that_fails_leaves_what_was_there(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(ZeroDivisionError), atomic_write(path) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]
    with pytest.raises(FileNotFoundError), atomic_write(path):
        pass  # nothing was written: that is no empty file
    assert path.read_text() == "old"


def test_the_root_is_the_checkout():
    assert (ROOT / "helpers" / "files.py").is_file() and (ROOT / "tests").is_dir()
