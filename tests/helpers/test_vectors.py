"""Neighbours, analogies and files, against gensim."""

import gzip

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from planted import needs_gensim

from helpers.arguments import ArgumentError
from helpers.corpus import UnknownWord, Vocab
from helpers.model import make_model
from helpers.vectors import (
    FILE_UNKNOWN,
    TABLES,
    VectorsError,
    analogy,
    cosine,
    load_vectors,
    neighbours,
    save_vectors,
    table,
    to_keyed_vectors,
)


def vectors(n=60, D=12, seed=0):
    W = torch.randn(n, D, generator=torch.Generator().manual_seed(seed))
    vocab = Vocab([f"w{i}" for i in range(1, n)], range(n - 1, 0, -1))
    return W, vocab


@needs_gensim
@given(st.integers(0, 50), st.integers(1, 58))
def test_neighbours_equal_gensims(seed, k):
    W, vocab = vectors(seed=seed)
    ours = neighbours("w7", k, W, vocab)
    theirs = to_keyed_vectors(W, vocab).most_similar("w7", topn=k)
    assert [w for w, _ in ours] == [w for w, _ in theirs]
    assert np.allclose([s for _, s in ours], [s for _, s in theirs], atol=1e-5)


@needs_gensim
@given(st.integers(0, 50))
def test_analogies_equal_gensims(seed):
    W, vocab = vectors(seed=seed)
    theirs = to_keyed_vectors(W, vocab).most_similar(positive=["w2", "w3"], negative=["w1"], topn=9)
    assert [w for w, _ in analogy("w1", "w2", "w3", 9, W, vocab)] == [w for w, _ in theirs]


def test_without_exclusion_the_query_words_may_answer():
    W, vocab = vectors()
    unit = torch.nn.functional.normalize(W, dim=1)
    score = torch.nn.functional.normalize(unit[2] - unit[1] + unit[3], dim=0) @ unit[1:].T
    best = [vocab.words[1 + i] for i in score.argsort(descending=True)[:5].tolist()]
    assert [w for w, _ in analogy("w1", "w2", "w3", 5, W, vocab, exclude=False)] == best
    assert set(best) & {"w2", "w3"}


def test_the_query_is_left_out_by_its_id_even_where_it_does_not_rank_first():
    W, vocab = vectors()
    W[5] = W[9] * 3  # the same direction
    W[0] = W[9]  # the padding row must not answer
    assert neighbours("w9", 1, W, vocab)[0][0] == "w5"
    answers = [w for w, _ in neighbours("w9", 99, W, vocab)]
    assert len(answers) == 58 and "w9" not in answers and "<unk>" not in answers
    assert "w5" not in [w for w, _ in neighbours("w9", 99, W, vocab, exclude=["w5"])]
    assert (cosine(W, torch.zeros(12)) == 0).all()


def test_unknown_words_are_refused():
    W, vocab = vectors()
    with pytest.raises(UnknownWord, match="w10"):
        neighbours("w100", 3, W, vocab)
    with pytest.raises(UnknownWord, match="'<unk>'"):
        neighbours("<unk>", 3, W, vocab)
    with pytest.raises(KeyError):
        analogy("w1", "w2", "queen", 3, W, vocab)


def test_tables():
    model = make_model(9, 4)
    v, u = (e.weight.detach() for e in model)
    assert torch.equal(table(model), v) and torch.equal(table(model, "context"), u)
    assert torch.equal(table(model, "summed"), v + u)
    assert torch.equal(table(model, "concatenated"), torch.cat([v, u], 1)) and len(TABLES) == 4
    table(model)[:] = 0  # a copy
    assert v.abs().sum() > 0
    with pytest.raises(ValueError, match="concatenated"):
        table(model, "both")


@pytest.mark.parametrize("binary", [False, True])
def test_files_round_trip_without_the_padding(tmp_path, binary):
    W, vocab = vectors()
    path = save_vectors(tmp_path / "new" / "w.vec", W, vocab, binary=binary)
    back, read = load_vectors(path, binary=binary)
    assert read.words == vocab.words and torch.equal(back[1:], W[1:]) and not back[0].any()
    assert back.dtype == torch.float32 and read.counts.tolist() == [0] + [1] * 59
    assert [p.name for p in path.parent.iterdir()] == ["w.vec"]


@needs_gensim
def test_keyed_vectors_have_the_words_the_vectors_and_the_counts():
    W, vocab = vectors()
    keyed = to_keyed_vectors(W, vocab)
    assert keyed.index_to_key == vocab.words[1:] and np.array_equal(keyed.vectors, W[1:])
    assert [keyed.get_vecattr(word, "count") for word in vocab.words[1:]] == vocab.counts[1:].tolist()


def test_files_that_hold_no_vectors(tmp_path):
    W, vocab = vectors()
    text, binary = (save_vectors(tmp_path / n, W, vocab, binary=n == "b") for n in ("t", "b"))
    for path, kind in ((binary, False), (text, True)):
        with pytest.raises(VectorsError, match=rf"word2vec's.*binary={not kind}"):
            load_vectors(path, binary=kind)
    with pytest.raises(FileNotFoundError):
        load_vectors(tmp_path / "none")
    for use in (to_keyed_vectors, lambda *given: save_vectors(tmp_path / "never", *given)):
        with pytest.raises(ArgumentError, match="vocab has V = 2 .*, and W 60: give two that fit"):
            use(W, Vocab(["a"], [1]))
    assert not (tmp_path / "never").exists()


def test_a_save_that_fails_leaves_the_old_file(tmp_path):
    W, vocab = vectors()
    path = save_vectors(tmp_path / "w", W, vocab)
    before = path.read_bytes()
    with pytest.raises(VectorsError, match="it is no text"):
        save_vectors(path, W, Vocab([*vocab.words[1:-1], "\ud800"], [1] * 59))
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_more_neighbours_than_there_are_words_and_one_alone():
    W, vocab = vectors(5, 3)
    assert len(neighbours("w1", 99, W, vocab)) == 3 and len(neighbours(W[1], 99, W, vocab)) == 4
    score = {word: float(cosine(W, W[1])[vocab[word]]) for word in vocab.words[2:]}
    nearest = max(score, key=score.get)
    assert neighbours("w1", 1, W, vocab) == [(nearest, pytest.approx(score[nearest]))]
    before = W.clone()
    assert len(neighbours("w1", 9, W, vocab, exclude=["w2", "w3"])) == 1
    assert torch.equal(W, before)


def test_an_analogy_is_asked_of_vectors_of_length_1():
    vocab = Vocab(["man", "king", "woman", "queen", "crown"], [1] * 5)
    W = torch.tensor([[0, 0, 0], [1.0, 0, 0], [0.6, 0.8, 0], [0, 0, 1], [-0.2, 0.8, 1], [0.6, 0.8, 0.1]])
    stretched = W * torch.tensor([1, 50.0, 0.02, 3, 1, 1])[:, None]
    assert analogy("man", "king", "woman", 1, W, vocab)[0][0] == "queen"
    for (word, score), (same, other) in zip(*(analogy("man", "king", "woman", 2, x, vocab) for x in (W, stretched))):
        assert word == same and score == pytest.approx(other, abs=1e-6)


def test_a_file_is_text_by_default_and_its_path_may_be_a_string(tmp_path):
    W, vocab = vectors(4, 2)
    path = str(tmp_path / "w.vec")
    assert save_vectors(path, W, vocab).read_text().startswith("3 2\nw1 ")
    assert load_vectors(path)[1].words == vocab.words
    assert not table(make_model(9, 4)).requires_grad and not table(make_model(9, 4), "summed").requires_grad


@pytest.mark.parametrize("binary", [False, True])
def test_a_files_own_unknown_word_is_a_word_under_another_name_and_gets_its_own_back(tmp_path, binary):
    from helpers.formats import read_vectors, write_vectors

    W = np.arange(1.0, 7).reshape(3, 2).astype(np.float32)
    write_vectors(tmp_path / "w", ["the", "<unk>", "cat"], W, binary=binary)
    with pytest.warns(UserWarning, match=r"a vector for <unk>.*read as the word '<unk>\(file\)'"):
        back, vocab = load_vectors(tmp_path / "w", binary=binary)
    assert vocab.words == ["<unk>", "the", FILE_UNKNOWN, "cat"] and np.array_equal(back[1:], W) and not back[0].any()
    assert neighbours(FILE_UNKNOWN, 1, back, vocab)[0][0] == "cat"
    save_vectors(tmp_path / "again", back, vocab, binary=binary)
    assert (tmp_path / "again").read_bytes() == (tmp_path / "w").read_bytes()
    assert read_vectors(tmp_path / "again", binary=binary)[0] == ["the", "<unk>", "cat"]
    write_vectors(tmp_path / "both", ["<unk>", FILE_UNKNOWN], W[:2])
    with pytest.raises(VectorsError, match="rename one"):
        load_vectors(tmp_path / "both")


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("ending", [".gz", ".bz2", ".xz"])
def test_a_name_that_ends_so_is_packed_and_read_again(tmp_path, binary, ending):
    W, vocab = vectors()
    plain, packed = (save_vectors(tmp_path / f"w.vec{end}", W, vocab, binary=binary) for end in ("", ending))
    assert packed.read_bytes()[:2] == {".gz": b"\x1f\x8b", ".bz2": b"BZ", ".xz": b"\xfd7"}[ending]
    if ending == ".gz":
        assert gzip.decompress(packed.read_bytes()) == plain.read_bytes()
    back, read = load_vectors(packed.rename(tmp_path / "other.name"), binary=binary)
    assert read.words == vocab.words and torch.equal(back[1:], W[1:])


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.bfloat16, torch.int64])
def test_tables_of_other_kinds_are_written_as_float32(tmp_path, dtype):
    W, vocab = vectors(5, 3)
    W = (4 * W).to(dtype)
    for table_ in (W, W.float().requires_grad_(), torch.nn.Parameter(W.float()), W.T.contiguous().T):
        assert torch.equal(load_vectors(save_vectors(tmp_path / "w", table_, vocab))[0][1:], W.float()[1:])


def test_tables_that_hold_no_vectors_are_refused_by_name(tmp_path):
    W, vocab = vectors(5, 3)
    bad = [
        W * torch.nan,
        W / 0,
        W.bool(),
        W.to(torch.complex64),
        W[0],
        W[:, :0],
        W[:4],
        W.to_sparse(),
        None,
        "x",
        1e20 * W,
    ]
    calls = [
        lambda W: save_vectors(tmp_path / "w", W, vocab),
        lambda W: to_keyed_vectors(W, vocab),
        lambda W: neighbours("w1", 2, W, vocab),
        lambda W: analogy("w1", "w2", "w3", 2, W, vocab),
        lambda W: cosine(W, torch.ones(3)) if len(W) == 5 else neighbours("w1", 2, W, vocab),
    ]
    for call in calls:
        call(W)
        for table_ in bad:
            with pytest.raises((ArgumentError, TypeError), match="W|NoneType"):
                call(table_)
    for k in (0, -1, 1.5, "x", None, True):
        with pytest.raises(ArgumentError, match="^k is"):
            neighbours("w1", k, W, vocab)
    assert neighbours("w1", 2.0, W.numpy(), vocab) == neighbours("w1", np.int64(2), W.requires_grad_(), vocab)
    for x in (W[1] * torch.nan, W[:2], None, 3, torch.ones(4)):
        with pytest.raises(ArgumentError, match=r"\bx\b"):
            neighbours(x, 2, W, vocab)


def test_places_that_cannot_be_written(tmp_path):
    W, vocab = vectors(5, 3)
    (tmp_path / "file").write_text("x")
    for path, says in (
        (tmp_path, "is a folder"),
        (tmp_path / "file" / "w", "cannot be written: "),
        ("/proc/w", "cannot be"),
    ):
        with pytest.raises(VectorsError, match=f"the path .* {says}"):
            save_vectors(path, W, vocab)
    assert (tmp_path / "file").read_text() == "x" and len(list(tmp_path.iterdir())) == 1
