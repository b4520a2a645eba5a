"""Eight bits a number: none off by more than half a step; what is measured; the page as the template makes it."""

import json
import re

import numpy as np
import pytest
import torch

from experiments import answers
from helpers.arguments import ArgumentError
from helpers.corpus import Vocab, load_corpus
from helpers.evaluation import word_similarity
from helpers.questions import PAIRS, read_pairs
from helpers.vectors import analogy, neighbours

HTML = answers.PAGE.read_text(encoding="utf-8")
DATA = answers.data_of(HTML)


@pytest.fixture(scope="module")
def small():
    """Words of the question sets with random vectors of very different lengths."""
    names = sorted({word for name in PAIRS for a, b, _ in read_pairs(name)[:40] for word in (a, b)})
    names = [*names, *"athens greece berlin germany paris france he she his her boy girl".split()]
    vocab = Vocab(list(dict.fromkeys(names)), [1] * len(set(names)))
    rng = np.random.default_rng(0)
    W = rng.normal(size=(len(vocab), 12)) * np.exp(rng.normal(size=(len(vocab), 1)))
    W[0] = 0
    return torch.tensor(W, dtype=torch.float32), vocab


@pytest.mark.parametrize(("bits", "most"), [(8, 127), (4, 7), (2, 1)])
def test_no_number_is_off_by_more_than_half_a_step(bits, most):
    rng = np.random.default_rng(bits)
    W = torch.tensor(rng.normal(size=(200, 30)) * np.exp(3 * rng.normal(size=(200, 1))), dtype=torch.float32)
    numbers, steps = answers.quantise(W, bits)
    assert numbers.dtype == np.int8 and steps.dtype == np.float32
    assert (np.abs(numbers).max(axis=1) == most).all()  # each row uses all of its steps
    off = np.abs(answers.dequantise(numbers, steps).double().numpy() - W.double().numpy())
    assert (off <= (0.5 + 1e-5) * steps[:, None]).all() and off.max() > 0.4 * steps.max()
    assert np.array_equal(answers.quantise(-W, bits)[0], -numbers)  # symmetric
    again, same = answers.quantise(answers.dequantise(numbers, steps), bits)
    assert np.array_equal(again, numbers) and np.allclose(same, steps, rtol=1e-6)


def test_rows_of_zeros_stay_and_a_row_of_one_number_is_kept():
    W = torch.tensor([[0.0, 0, 0], [0, -3, 0], [1e-30, 0, 0]])
    numbers, steps = answers.quantise(W)
    assert numbers.tolist() == [[0, 0, 0], [0, -127, 0], [127, 0, 0]] and steps[0] == 0
    assert torch.allclose(answers.dequantise(numbers, steps), W, rtol=1e-6, atol=0)


def test_by_hand():
    W = torch.tensor([[1.0, 0.6, 0.4, -0.1]])
    assert answers.quantise(W, 2)[0].tolist() == [[1, 1, 0, 0]]
    assert answers.quantise(W, 4)[0].tolist() == [[7, 4, 3, -1]]
    assert answers.quantise(W, 8)[0].tolist() == [[127, 76, 51, -13]]


@pytest.mark.parametrize("bits", [1, 9, 0, 2.5])
def test_other_numbers_of_bits_are_refused(bits):
    with pytest.raises(ArgumentError, match="bits"):
        answers.quantise(torch.ones(2, 2), bits)


def test_errors_of_cosines_are_those_of_all_pairs(small):
    W, _ = small
    other = answers.dequantise(*answers.quantise(W, 4))
    one, two = (torch.nn.functional.normalize(rows[1:].double(), dim=1) for rows in (W, other))
    off = [float(abs(one[i] @ one[j] - two[i] @ two[j])) for i in range(len(one)) for j in range(i)]
    median, largest = answers.cosine_errors(W, other)
    assert abs(median - np.median(off)) < 1e-4 and abs(largest - max(off)) < 1e-6


def test_what_is_measured_is_what_asking_one_by_one_gives(small):
    W, vocab = small
    other = answers.dequantise(*answers.quantise(W, 4))
    found = answers.agreement(W, other, vocab)
    kept = []
    for word in vocab.words[1:]:
        lists = [{w for w, _ in neighbours(word, 10, rows, vocab)} for rows in (W, other)]
        kept.append(len(set.intersection(*lists)) / 10)
    assert found["neighbours"][0] == pytest.approx(np.mean(kept), abs=1e-5)
    half = 1.97 * np.std(kept, ddof=1) / len(kept) ** 0.5
    assert found["neighbours"][1:] == pytest.approx([np.mean(kept) - half, np.mean(kept) + half], rel=0.03)
    for name in PAIRS:
        rho = [word_similarity(rows, vocab, name)[0] for rows in (W, other)]
        assert found[name][0] == pytest.approx(rho[1], abs=1e-5)
        assert found[f"{name}, less"][0] == pytest.approx(rho[1] - rho[0], abs=2e-5)
        assert all(found[key][1] < found[key][0] < found[key][2] for key in (name, f"{name}, less"))
    questions, sections = answers.questions_by_section(vocab)
    assert len(questions) == len(sections) > 3 and len(set(sections)) > 1
    for rule, exclude in (("without", True), ("with", False)):
        same = []
        for a, b, c in ([vocab.words[i] for i in row[:3]] for row in questions):
            first = [analogy(a, b, c, 1, rows, vocab, exclude)[0][0] for rows in (W, other)]
            same.append(first[0] == first[1])
        assert found[f"analogies {rule}"][0] == pytest.approx(np.mean(same), abs=1e-5)


def test_a_table_beside_itself_loses_nothing(small):
    W, vocab = small
    found = answers.agreement(W, W, vocab)
    assert found["neighbours"] == found["analogies with"] == found["analogies without"] == [1, 1, 1]
    assert found["largest error"] == 0 and found["WordSim-353, less"] == [0, 0, 0]


def test_the_page_is_what_the_template_and_its_own_data_give():
    assert answers.page(DATA, answers.TEMPLATE.read_text(encoding="utf-8")) == HTML
    assert "{{" not in HTML and HTML.count("</script>") == 3


def test_a_word_of_markup_does_not_end_the_data():
    data = {**DATA, "words": DATA["words"].replace("the ", "</script><b> ", 1)}
    html = answers.page(data, "{{words}}" + '<script id="data" type="application/json">{{data}}</script>')
    assert html.count("</script>") == 1 and answers.data_of(html) == data


def test_the_page_holds_wikipedias_words_and_a_table_within_the_measured_error():
    W, vocab = answers.vectors(DATA)
    corpus = load_corpus("wiki")
    assert vocab.words == corpus.vocab.words and np.array_equal(vocab.counts, corpus.vocab.counts)
    assert W.shape == (len(vocab), 100) and not W[0].any() and (W[1:].abs().sum(dim=1) > 0).all()
    assert DATA["tokens"] == len(corpus.ids) and f"{len(corpus.ids):,}" in HTML
    themes = {name: [vocab.words[i + 1] for i in group] for name, _, group in DATA["map"]["themes"]}
    assert themes == {name: [w for w in group if w in vocab] for name, group in corpus.showcase.themes.items()}
    rho, pairs = word_similarity(W, vocab)
    found = DATA["quality"]
    assert found["tables"]["8"]["WordSim-353"][0] == pytest.approx(rho, abs=1e-4)
    assert found["pairs"]["WordSim-353"] == [pairs, 353]


def test_more_bits_cost_less_and_the_table_says_so():
    tables = DATA["quality"]["tables"]
    kept, off = ([tables[bits][key] for bits in ("8", "4", "2")] for key in ("neighbours", "median error"))
    assert [row[0] for row in kept] == sorted((row[0] for row in kept), reverse=True) and off == sorted(off)
    table = re.search('aria-label="The table of costs">(.*?)</div>', HTML, re.S)[1]
    assert table.strip() == answers.cost_table(DATA) and f"<td>{kept[0][0]:.3f}<br>" in table
    assert "<td>-" not in table and "−0.000<" not in table.replace("−0.0000 to", "")
    assert json.dumps(DATA["quality"]).count("NaN") == 0


def test_the_command_keeps_the_data(tmp_path, monkeypatch, capsys):
    copy = tmp_path / "answers.html"
    copy.write_text(HTML[HTML.index('<script id="data"') :], encoding="utf-8")  # the rest is made anew
    monkeypatch.setattr(answers, "PAGE", copy)
    monkeypatch.setattr(answers, "ROOT", tmp_path)
    answers.main(["--keep"])
    assert copy.read_text(encoding="utf-8") == HTML and "bytes" in capsys.readouterr().out
