"""T1-T16: each test shows what the book's code does, and that ours does not."""

import collections
import contextlib
import http.server
import io
import math
import os
import random
import re
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from helpers import training
from helpers.batches import batchify
from helpers.book import d2l as book
from helpers.corpus import CorpusError, make_corpus
from helpers.engines import runs
from helpers.engines.devices import pick_device
from helpers.files import ROOT
from helpers.model import make_model, masked_bce, slot_weights
from helpers.sampling import draw_examples, draw_noise, keep_probability, noise_distribution
from helpers.texts import sources
from helpers.texts import toy as grammar
from helpers.training import train
from helpers.vectors import neighbours


def some_batches(n, B=8, V=30, seed=0):
    rng = np.random.default_rng(seed)
    corpus = make_corpus([rng.integers(0, V, 12).astype(str).tolist() for _ in range(60)])
    examples = draw_examples(corpus, t=None, rng=rng)
    rows = np.arange(n * B).reshape(n, B)
    return [[x.long() for x in batchify(examples, row)] for row in rows], len(corpus.vocab)


def run_book(chapter, batches, V, epochs, **kwargs):
    out = io.StringIO()
    net = nn.Sequential(nn.Embedding(V, 4), nn.Embedding(V, 4))
    with contextlib.redirect_stdout(out):
        chapter.train(net, batches, 0.01, epochs, **kwargs)
    line = out.getvalue().strip().splitlines()[-1]
    return float(line.split()[1].rstrip(",")), float(line.split()[2]), net


class Clock:
    """Stands for the module `time`: it goes on only when something says that it took time."""

    def __init__(self):
        self.now = 1000.0

    def time(self):
        return self.now

    perf_counter = time

    def take(self, seconds, value):
        self.now += seconds
        return value


class Slow(list):
    """Batches that take a known time each, by a clock."""

    clock = None

    def __iter__(self):
        return (self.clock.take(0.03, batch) for batch in list.__iter__(self))


def test_t1_all_words_by_the_last_epochs_time(chapter, monkeypatch):
    batches, V = some_batches(10)
    clock = Slow.clock = Clock()
    monkeypatch.setattr(time, "time", clock.time)  # which d2l's timer asks
    _, printed, _ = run_book(chapter, Slow(batches), V, 4)
    assert printed == pytest.approx(4 * 80 / 0.3, rel=1e-3)  # four times the 80 / 0.3 that it was: one epoch's time


def test_t1_ours(toy, monkeypatch):
    clock = Clock()
    step = training.step
    monkeypatch.setattr(runs, "time", clock)
    monkeypatch.setattr(training, "step", lambda *args: clock.take(0.25, step(*args)))
    history = train(make_model(len(toy.vocab), 4), toy, epochs=4, t=0.01, progress=False, device="cpu", heldout=False)
    sizes = [len(draw_examples(toy, t=0.01, rng=np.random.default_rng([0, epoch]))) for epoch in range(4)]
    seconds = sum(0.25 * -(-size // 512) for size in sizes)  # of every epoch
    assert history.seconds == pytest.approx(seconds)
    assert history.words_per_second == pytest.approx(sum(sizes) / seconds)


def test_t2_the_mean_since_the_start_is_not_the_loss_of_now(chapter, toy):
    batches, V = some_batches(20)
    printed, _, net = run_book(chapter, batches, V, 20)
    with torch.no_grad():
        now = np.mean([
            masked_bce(chapter.skip_gram(c, x, *net).squeeze(1), y.float(), m.float()).mean() for c, x, m, y in batches
        ])  # fmt: skip
    assert printed > now + 0.03  # 0.05 in the book
    history = train(make_model(len(toy.vocab), 4), toy, epochs=3, t=0.01, lr=0.01, progress=False, device="cpu")
    assert history.epoch_losses[-1] < history.mean_since_start < history.epoch_losses[0]


def test_t3_fewer_than_five_batches(chapter):
    batches, V = some_batches(4)
    with pytest.raises(ZeroDivisionError):
        run_book(chapter, batches, V, 1)
    corpus = make_corpus([["a", "b", "c"]])
    assert train(make_model(4, 3), corpus, epochs=1, t=None, progress=False, device="cpu").centers == 3


def test_t4_a_correction_forgotten_makes_short_rows_weigh_less(chapter):
    pred, label = torch.zeros(2, 6), torch.zeros(2, 6)
    mask = torch.tensor([[1.0] * 6, [1.0] * 2 + [0.0] * 4])
    assert chapter.loss(pred, label, mask).tolist() == pytest.approx([math.log(2), math.log(2) / 3])  # silently
    assert masked_bce(pred, label, mask).tolist() == pytest.approx([math.log(2)] * 2)


def test_t5_a_row_weighs_one_whatever_its_window():
    mask = torch.tensor([[1.0] * 60, [1.0] * 6 + [0.0] * 54])
    assert slot_weights(mask, "row").sum(1).tolist() == pytest.approx([1, 1])
    assert slot_weights(mask, "pairs").sum(1).tolist() == [60, 6]  # the paper's sum over pairs


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no interval timer on this system")
def test_t6_contexts_that_cover_the_vocabulary(d2l):
    class TooLong(Exception):
        pass

    def stop(*_):
        raise TooLong

    vocab = d2l.Vocab([["a", "b"]])
    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, 1)
    try:
        with pytest.raises(TooLong):
            d2l.get_negatives([[1, 2]], vocab, collections.Counter("ab"), 5)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    with pytest.raises(CorpusError, match="smaller max_window"):
        draw_noise(np.array([0, 2]), np.array([1, 2]), np.array([0, 0.5, 0.5]), 5, np.random.default_rng(0))


def test_t7_a_center_can_be_its_own_noise_word_and_a_context_cannot(d2l):
    vocab = d2l.Vocab([list("abc")])
    random.seed(0)
    assert 1 in d2l.get_negatives([[2]], vocab, collections.Counter("abc"), 50)[0]  # center a, context b
    noise = draw_noise(np.array([0, 1]), np.array([2]), np.array([0, 1, 1, 1]) / 3, 50, np.random.default_rng(0))
    assert 1 in noise and 2 not in noise  # the same rule, said in the docstring and counted in notebook 04


def test_t8_drawn_anew_each_epoch_or_frozen():
    few = make_corpus(grammar.sentences(300, seed=0), heldout=grammar.sentences(500, seed=1))
    runs = {}
    for frozen in (True, False):
        model = make_model(len(few.vocab), 32)
        options = {"epochs": 20, "t": 0.05, "lr": 0.02, "batch_size": 64}
        runs[frozen] = train(model, few, frozen=frozen, progress=False, device="cpu", **options)
    assert runs[True].epoch_losses[-1] < runs[False].epoch_losses[-1] - 0.005  # frozen rows are memorised,
    assert runs[True].heldout[-1][1] > runs[False].heldout[-1][1] + 0.005  # and that helps with no other text


def test_t9_an_unknown_word(d2l, capsys, monkeypatch, chapter):
    corpus = make_corpus([["chip", "disk", "intel"]] * 3)
    model = make_model(4, 5)
    monkeypatch.setattr(chapter, "vocab", d2l.Vocab([["chip", "disk", "intel"]]))
    chapter.get_similar_tokens("chpi", 2, model[0])
    assert capsys.readouterr().out.count("cosine sim") == 2  # an answer for a word that is none
    with pytest.raises(KeyError, match="chip"):
        neighbours("chpi", 2, model[0].weight.detach(), corpus.vocab)


def test_t10_the_query_need_not_rank_first(capsys, monkeypatch, chapter):
    corpus = make_corpus([["chip", "disk", "intel"]] * 3)
    W = torch.tensor([[0.0, 1.0], [1e-5, 0.0], [1.0, 0.0], [2.0, 0.0]])
    monkeypatch.setattr(chapter, "vocab", book.BookVocab(corpus.vocab))
    chapter.get_similar_tokens("chip", 2, nn.Embedding.from_pretrained(W))
    assert "chip" in capsys.readouterr().out  # its own neighbour
    assert {word for word, _ in neighbours("chip", 2, W, corpus.vocab)} == {"disk", "intel"}


def test_t11_the_padding_id_is_no_words_id(toy):
    assert 0 not in toy.ids and toy.vocab.counts[0] == 0
    assert noise_distribution(toy.vocab.counts)[0] == 0
    model = make_model(len(toy.vocab), 8)
    before = [embed.weight[0].clone() for embed in model]
    train(model, toy, epochs=1, t=0.01, progress=False, device="cpu")
    assert all(torch.equal(embed.weight[0], b) for embed, b in zip(model, before))  # never trained


def test_t12_a_default_device_is_chosen_when_the_function_is_defined(chapter, monkeypatch):
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)  # a GPU that appears later
    assert chapter.train.__defaults__ == (torch.device("cpu"),) or torch.cuda.is_available()
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda *a: "a late GPU")
    assert pick_device(quiet=True).type == "cuda"


def test_t13_two_formulas_for_subsampling():
    counts = np.array([0, 989_900, 10_000, 100])  # of a million
    paper, program = (keep_probability(counts, 1e-4, formula) for formula in ("book", "word2vec.c"))
    assert (paper[2], program[2]) == (pytest.approx(0.1), pytest.approx(0.11))
    assert paper[1] == pytest.approx(0.0100509, rel=1e-5) and program[1] == pytest.approx(0.0101519, rel=1e-5)
    assert paper[3] == program[3] == 1  # 1 in 10,000 is the threshold itself


def test_t14_a_404_page_is_no_archive(d2l, tmp_path, monkeypatch):
    class Missing(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_error(404)

        def log_message(self, *args):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Missing)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{httpd.server_port}/ptb.zip"
    try:
        monkeypatch.setitem(d2l.DATA_HUB, "ptb", (url, sources.PTB_SHA1))
        with contextlib.redirect_stdout(io.StringIO()):
            fname = d2l.download("ptb", cache_dir=str(tmp_path / "theirs"))
        assert b"Error response" in open(fname, "rb").read()  # an error page, stored under the archive's name
        with pytest.raises(sources.FetchError, match="HTTPError"):
            sources.fetch(url, tmp_path / "ours" / "ptb.zip", sources.PTB_SHA1, 9)
        assert not os.listdir(tmp_path / "ours")
    finally:
        httpd.shutdown()


@pytest.mark.parametrize("name", ["skip_gram", "SigmoidBCELoss", "train", "get_similar_tokens"])
def test_t15_the_chapters_code_is_not_in_the_package(d2l, chapter, name):
    assert not hasattr(d2l, name)
    assert hasattr(chapter, name)


def test_t16_sigmd_is_no_sigmoid_and_overflows():
    def sigmd(x):  # as printed
        return -math.log(1 / (1 + math.exp(-x)))

    assert sigmd(1.1) == pytest.approx(-math.log(torch.sigmoid(torch.tensor(1.1)).item()), rel=1e-6)
    with pytest.raises(OverflowError):
        sigmd(-710.0)
    loss = masked_bce(torch.tensor([[-710.0]]), torch.ones(1, 1), torch.ones(1, 1))
    assert loss.item() == pytest.approx(710)


def test_the_list_of_traps_names_each_that_is_tested_and_each_that_is_named():
    doc = (ROOT / "helpers" / "book" / "chapter.py").read_text(encoding="utf-8")
    listed = re.findall(r"^T(\d+) ", doc, re.M)
    assert listed == [str(n) for n in range(1, 17)]
    assert set(listed) == set(re.findall(r"^def test_t(\d+)", Path(__file__).read_text(encoding="utf-8"), re.M))
    for path in [*(ROOT / "helpers").rglob("*.py"), *(ROOT / "checks").rglob("*.py")]:
        assert set(re.findall(r"trap T(\d+)", path.read_text(encoding="utf-8"))) <= set(listed), path
