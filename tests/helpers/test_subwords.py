"""Character n-grams and their buckets beside gensim's, tables of sums beside sums by hand, and training with them."""

import signal

import numpy as np
import pytest
import torch
from gensim.models.fasttext_inner import compute_ngrams_bytes, ft_hash_bytes
from hypothesis import given
from hypothesis import strategies as st

from helpers.arguments import ArgumentError
from helpers.corpus import make_corpus
from helpers.engines import train
from helpers.engines.history import Settings
from helpers.engines.safety import check_tables
from helpers.model import make_model
from helpers.subwords import SCALES, bucket_of, make_subword_model, ngrams, subword_table
from helpers.training import evaluate, heldout_examples, step
from helpers.vectors import table

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=12)


@given(WORDS, st.integers(1, 4), st.integers(0, 3))
def test_ngrams_are_those_of_fasttext(word, least, more):
    assert [x.encode() for x in ngrams(word, least, least + more)] == compute_ngrams_bytes(word, least, least + more)


@given(WORDS, st.integers(1, 2**31 - 1))
def test_buckets_are_those_of_fasttext(word, buckets):
    assert bucket_of(word, buckets) == ft_hash_bytes(word.encode()) % buckets


class StopsOnce:
    """A curve that presses the stop button once, after so many points."""

    def __init__(self, after):
        self.after, self.stopped = after, False

    def update(self, history):
        if len(history.running) == self.after and not self.stopped:
            self.stopped = True
            signal.raise_signal(signal.SIGINT)

    def close(self, history):
        pass


@pytest.fixture
def corpus():
    sentences = ["the cat sat on the mats", "the cats sit on a mat", "a dog and cats", "the dogs sat on <num> mats"]
    return make_corpus([line.split() for line in sentences] * 40, min_count=1)


@pytest.mark.parametrize("scale", SCALES)
def test_a_words_vector_is_the_sum_of_its_rows(corpus, scale):
    model, V = make_subword_model(corpus.vocab, 7, buckets=50, scale=scale, seed=1), len(corpus.vocab)
    W = model[0].weight.detach()
    assert W.shape == (V + 50, 7) and model[1].weight.shape == (V, 7)
    for word in ("cats", "on", "a", "<num>"):
        rows = [corpus.vocab[word], *(V + bucket_of(x, 50) for x in (ngrams(word) if word != "<num>" else []))]
        expected = W[rows].sum(dim=0) * {"sum": 1, "mean": 1 / len(rows), "root": len(rows) ** -0.5}[scale]
        ids = torch.tensor([[corpus.vocab[word]], [1]])
        assert torch.allclose(model[0](ids)[0, 0], expected, atol=1e-6)
        assert model[0](ids).shape == (2, 1, 7)
        assert torch.allclose(subword_table(model)[corpus.vocab[word]], expected, atol=1e-6)
    assert torch.equal(subword_table(model)[0], W[0] * 1.0)  # the padding


def test_a_word_that_the_text_does_not_have_is_its_ngrams(corpus):
    embed = make_subword_model(corpus.vocab, 7, buckets=50, seed=1)[0]
    rows = [len(corpus.vocab) + bucket_of(x, 50) for x in ngrams("catty")]
    assert torch.allclose(embed.of("catty"), embed.weight.detach()[rows].sum(dim=0) / len(rows) ** 0.5)
    assert not embed.of("<eos>").any()


def test_the_initial_values_are_those_of_a_table_of_words(corpus):
    model = make_subword_model(corpus.vocab, 30, buckets=2000, seed=3)
    most = (6 / (len(corpus.vocab) + 30)) ** 0.5
    for embed in model:
        assert embed.weight.abs().max() <= most and embed.weight.std().item() == pytest.approx(most / 3**0.5, rel=0.1)
    assert torch.equal(model[0].weight, make_subword_model(corpus.vocab, 30, buckets=2000, seed=3)[0].weight)
    words = make_model(len(corpus.vocab), 30, seed=3)[0].weight
    assert subword_table(model)[1:].norm(dim=1).mean().item() == pytest.approx(words.norm(dim=1).mean().item(), rel=0.2)


def test_it_is_trained_saved_and_resumed(corpus, tmp_path):
    kept = dict(t=None, progress=False, threads=1, engine="numba", checkpoint=tmp_path / "a.pt")
    make = lambda **more: make_subword_model(corpus.vocab, 12, buckets=300, seed=2, **more)  # noqa: E731
    whole, halves, before = make(), make(), make()
    history = train(whole, corpus, epochs=4, **{**kept, "checkpoint": None})
    assert history.epoch_losses[-1] < history.epoch_losses[0]
    curve = StopsOnce(after=13)  # in the second epoch
    train(halves, corpus, epochs=4, curve=curve, **kept)
    assert curve.stopped and not torch.equal(halves[0].weight, whole[0].weight)
    train(halves, corpus, epochs=4, resume=True, **kept)
    state = torch.get_rng_state()
    again = make()
    assert torch.equal(state, torch.get_rng_state())  # its initial values are drawn from its own seed alone
    train(again, corpus, epochs=4, resume=True, **kept)
    for one, two, three, four in zip(whole, halves, again, before):
        assert torch.equal(one.weight, two.weight) and torch.equal(one.weight, three.weight)
        assert not torch.equal(one.weight, four.weight)
    with pytest.raises(Exception, match="other settings.*subwords"):
        train(make(most=5), corpus, epochs=4, resume=True, **kept)
    near = torch.nn.functional.normalize(subword_table(whole), dim=1)
    assert torch.isfinite(near).all()


def test_the_heldout_loss_is_that_of_the_summed_vectors(corpus, toy):
    model = make_subword_model(toy.vocab, 9, buckets=200, seed=2)
    flat = make_model(len(toy.vocab), 9)
    flat[0].weight.data, flat[1].weight.data = subword_table(model), model[1].weight.detach().clone()
    held = heldout_examples(toy, Settings(lr=0.1))
    assert evaluate(model, held) == pytest.approx(evaluate(flat, held), rel=1e-5)


def test_what_needs_a_row_a_word_says_so(corpus):
    model = make_subword_model(corpus.vocab, 5, buckets=9)
    for engine in ("reference", "torch"):
        with pytest.raises(ArgumentError, match="model has subwords.*engine='numba'"):
            train(model, corpus, engine=engine, progress=False)
    for refused in (lambda: table(model), lambda: step(model, torch.optim.SGD(model.parameters(), 1), None)):
        with pytest.raises(ArgumentError):
            refused()
    other = make_corpus(["another text of other words".split()] * 9, min_count=1)
    with pytest.raises(ArgumentError, match="model"):
        train(model, other, engine="numba", progress=False)


@pytest.mark.parametrize(
    "given, named",
    [
        ({"buckets": 0}, "buckets"), ({"dim": 0}, "dim"), ({"least": 0}, "least"), ({"least": 4, "most": 3}, "least"),
        ({"scale": "max"}, "scale"), ({"vocab": ["a"]}, "vocab"), ({"seed": -1}, "seed"), ({"buckets": 2.5}, "buckets"),
    ],
    ids=str,
)  # fmt: skip
def test_bad_arguments_are_named(corpus, given, named):
    with pytest.raises(ArgumentError, match=named):
        make_subword_model(**{"vocab": corpus.vocab, **given})


def test_rows_are_summed_as_often_as_they_are_named(corpus):
    """One bucket: every n-gram is the same row."""
    model = make_subword_model(corpus.vocab, 4, buckets=1, scale="sum")
    W, n = model[0].weight.detach(), len(ngrams("cats"))
    assert torch.allclose(subword_table(model)[corpus.vocab["cats"]], W[corpus.vocab["cats"]] + n * W[-1], atol=1e-6)
    assert np.array_equal(np.diff(model[0].bag[1]), [len(model[0].rows_of(w)) + 1 for w in corpus.vocab.words])


def test_tables_of_two_sizes_may_lie_side_by_side(corpus):
    model, V = make_subword_model(corpus.vocab, 4, buckets=90), len(corpus.vocab)
    both = torch.randn(2 * V + 90, 4)
    model[1].weight.data, model[0].weight.data = both[:V], both[V:]
    check_tables(model, V, bags=True)
    model[1].weight.data = both[1 : V + 1]  # its last row is the other's first
    with pytest.raises(ArgumentError, match="share a part of their memory"):
        check_tables(model, V, bags=True)
