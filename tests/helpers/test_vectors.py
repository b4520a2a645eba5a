"""Neighbours, analogies and files, against gensim; the maps; the toy grammar's theorem."""

from collections import Counter

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from planted import needs_gensim
from scipy.stats import chisquare, spearmanr
from sklearn.metrics import pairwise_distances

from helpers.corpus import UnknownWord, Vocab
from helpers.evaluation import word_similarity
from helpers.maps import map_words, neighbours_kept, pca, tsne
from helpers.model import make_model
from helpers.texts import toy
from helpers.texts.samples import sample
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


def test_word_similarity_is_gensims_and_counts_its_pairs():
    words = ["love", "sex", "tiger", "cat", "book", "paper", "computer", "keyboard"]  # four pairs of WordSim-353
    W = torch.eye(9)
    W[2, 1], W[4, 3], W[6, 5] = 3.0, 1.0, 2.0
    rho, pairs = word_similarity(W, Vocab(words, [1] * 8))
    lines = [line.split("\t") for line in open(sample("wordsim353.tsv")) if not line.startswith("#")]
    index = {w: i + 1 for i, w in enumerate(words)}
    asked = [
        (index[a.lower()], index[b.lower()], float(s)) for a, b, s in lines if {a.lower(), b.lower()} <= set(index)
    ]
    expected = spearmanr([float(cosine(W, W[a])[b]) for a, b, _ in asked], [s for *_, s in asked])[0]
    assert pairs == len(asked) >= 4 and rho == pytest.approx(expected)


def test_neighbours_kept():
    points = np.random.default_rng(0).normal(size=(80, 2))
    W = torch.tensor(np.c_[points, np.zeros(80)])
    unit = W / W.norm(dim=1, keepdim=True)
    k = 5
    by_angle = np.argsort(pairwise_distances(unit) + 9 * np.eye(80), axis=1)[:, :k]
    by_map = np.argsort(pairwise_distances(points) + 99 * np.eye(80), axis=1)[:, :k]
    expected = np.mean([len(set(a) & set(b)) / k for a, b in zip(by_angle, by_map)])
    assert neighbours_kept(W, points, k) == pytest.approx(expected)
    assert neighbours_kept(unit, unit[:, :2].numpy(), k) == pytest.approx(1.0)


def test_maps_are_seeded_and_bad_perplexities_refused(toy):
    W, _ = vectors(40)
    assert np.array_equal(tsne(W, perplexity=5, seed=1), tsne(W, perplexity=5, seed=1))
    for perplexity in (0, 40, 400):
        with pytest.raises(ValueError, match="perplexity"):
            tsne(W, perplexity=perplexity)
    points, share = pca(W)
    assert points.shape == (40, 2) and 0 < share < 1
    words = map_words(toy, 40)
    assert len(words) == len(set(words)) == 40 and set(words) <= set(toy.vocab.words)
    assert words[:8] == list(toy.showcase.themes["people"])


def log_p(person):
    """log p(context word | person), over the slots of the grammar, computed from its lists."""
    rank, gender, age = toy.PEOPLE[person]
    slots = [(toy.AGE, age), (toy.PLACE, rank), (toy.PRONOUN, gender), (toy.KIN, gender), (toy.THING, rank)]
    p = Counter()
    for lists, value in slots:
        for v, words in lists.items():
            for word in words:
                p[word] += (1 - toy.LEAK if v == value else toy.LEAK) / len(words) / len(slots)
    return {word: np.log(x) for word, x in p.items()}


@pytest.mark.parametrize("quad", [("king", "man", "woman", "queen"), ("prince", "king", "queen", "princess")])
def test_the_theorem_of_the_toy_grammar(quad):
    a, b, c, d = map(log_p, quad)
    for word in a:
        assert a[word] - b[word] + c[word] == pytest.approx(d[word])
    assert len(a) == 4 * 4 + 4 * 2 + 2 + 8 and max(abs(a[w] - d[w]) for w in a) > 1


def test_sentences_follow_the_grammar():
    about = [s for s in toy.sentences(20_000, seed=4) if s[2] == "king" and len(s) == 12]
    seen = Counter(word for s in about for word in (s[1], s[5], s[7], s[8], s[11]))
    p = log_p("king")
    words = sorted(p)
    total = sum(seen.values())
    assert set(seen) <= set(words)
    assert chisquare([seen[w] for w in words], [total * np.exp(p[w]) for w in words]).pvalue > 1e-4
    assert toy.sentences(5, seed=1) == toy.sentences(5, seed=1) != toy.sentences(5, seed=2)
