"""Arrays in a file: what was written is read, and a file that was harmed is not."""

import io

import numpy as np
import pytest

from helpers.texts import stored

LENGTHS = {"ids": (np.int32, 1000), "bounds": (np.int64, 11), "none": (np.int64, 0), "words": (np.uint8, 7)}
ARRAYS = {"ids": np.arange(1000), "bounds": np.arange(11) * 2**40, "none": np.zeros(0), "words": np.arange(7)}


def written(file):
    to = stored.Writer(file, LENGTHS)
    for start in range(0, 1000, 300):  # side by side
        to.write("ids", ARRAYS["ids"][start : start + 300])
        to.write("bounds", ARRAYS["bounds"][start // 75 : start // 75 + 4])
    to.write("words", ARRAYS["words"])
    to.finish(said="é")
    return file


@pytest.mark.parametrize("mapped", [False, True])
def test_what_was_written_is_read(tmp_path, monkeypatch, mapped):
    monkeypatch.setattr(stored, "MAPPED", 1 if mapped else 1 << 24)
    with (tmp_path / "file").open("w+b") as file:
        arrays, said = stored.open_stored(written(file))
    assert said == {"said": "é"} and list(arrays) == list(LENGTHS)
    before = (tmp_path / "file").read_bytes()
    for name, (dtype, _) in LENGTHS.items():
        assert arrays[name].dtype == dtype and np.array_equal(arrays[name], ARRAYS[name])
        assert type(arrays[name]) is np.ndarray and isinstance(arrays[name].base, np.memmap) is (
            mapped and name != "none"
        )
        arrays[name][:1] = 5  # as in any array; the file keeps what it has
    assert (tmp_path / "file").read_bytes() == before


def test_a_harmed_file_is_not_read():
    whole = written(io.BytesIO()).getvalue()
    table = whole.rfind(b'{"arrays"')
    assert table > 4000
    used = [*range(0, 4000, 97), *range(table, len(whole), 13), len(whole) - 1]
    for at in used:
        harmed = bytearray(whole)
        harmed[at] ^= 1
        with pytest.raises(ValueError, match="checksum|end is not there"):
            stored.open_stored(io.BytesIO(bytes(harmed)))
    for size in (0, 1, 19, 20, len(whole) // 2, len(whole) - 1):
        with pytest.raises(ValueError, match="end is not there"):
            stored.open_stored(io.BytesIO(whole[:size]))
    with pytest.raises(ValueError, match="checksum|end is not there"):
        stored.open_stored(io.BytesIO(whole[100:]))


def test_an_array_that_was_not_written_to_its_end_is_not_read():
    to = stored.Writer(file := io.BytesIO(), LENGTHS)
    to.write("ids", np.zeros(999))
    to.finish()
    with pytest.raises(ValueError, match="ids has another checksum"):
        stored.open_stored(file)
