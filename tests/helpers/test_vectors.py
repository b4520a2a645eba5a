"""Neighbours, analogies and files, against gensim."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from planted import needs_gensim

from helpers.corpus import UnknownWord, Vocab
from helpers.model import make_model
from helpers.vectors import (
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
    padded = tmp_path / "padded"
    padded.write_text("2 1\n<unk> 1\nw 2\n")
    with pytest.raises(VectorsError, match="name for padding"):
        load_vectors(padded)
    with pytest.raises(FileNotFoundError):
        load_vectors(tmp_path / "none")
    for use in (to_keyed_vectors, lambda *given: save_vectors(tmp_path / "never", *given)):
        with pytest.raises(ValueError, match="own vocabulary"):
            use(W, Vocab(["a"], [1]))
    assert not (tmp_path / "never").exists()


def test_a_save_that_fails_leaves_the_old_file(tmp_path):
    W, vocab = vectors()
    path = save_vectors(tmp_path / "w", W, vocab)
    before = path.read_bytes()
    with pytest.raises(UnicodeEncodeError):  # written as far as the word that is no text
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
    with pytest.raises(ValueError, match="^4 vectors for a vocabulary of 2 words"):
        save_vectors(path, W, Vocab(["a"], [1]))
