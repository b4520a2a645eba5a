"""Similarity, analogies, stability, association and averages: against gensim, SciPy and plain loops."""

from itertools import combinations

import numpy as np
import pytest
import torch
from planted import QUESTIONS, needs_gensim, vectors
from scipy import stats
from scipy.stats import spearmanr

from helpers import evaluation
from helpers.arguments import ArgumentError
from helpers.corpus import Vocab
from helpers.evaluation import (
    PAIRS,
    answer_analogies,
    known_questions,
    read_analogies,
    read_pairs,
    word_similarity,
)
from helpers.texts.samples import sample
from helpers.vectors import cosine, neighbours, to_keyed_vectors


@needs_gensim
@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("corpus", ["toy", "wiki", "every word"])
def test_the_agreement_with_people_is_gensims_and_so_is_the_number_of_pairs(request, corpus, name):
    pairs = read_pairs(name)
    words = sorted({word for pair in pairs for word in pair[:2]})
    vocab = Vocab(words, [1] * len(words)) if corpus == "every word" else request.getfixturevalue(corpus).vocab
    W = vectors(vocab, seed=1)
    human, cosine = evaluation.compare_with_people(pairs, W, vocab)
    _, (theirs, _), unknown = to_keyed_vectors(W, vocab).evaluate_word_pairs(str(sample(PAIRS[name])))
    assert len(pairs) == int(name.split("-")[1])
    assert len(human) == len(cosine) == round(len(pairs) * (1 - unknown / 100))
    assert evaluation.spearman(human, cosine) == pytest.approx(theirs, abs=1e-12)


def test_the_answers_to_googles_questions_are_gensims_in_every_section(wiki, gensims):
    W, _, _, theirs = gensims
    ids = {name: known_questions(questions, wiki.vocab) for name, questions in read_analogies().items()}
    assert list(ids) == [section["section"] for section in theirs[:-1]] and len(ids) == 14
    answers = answer_analogies(np.concatenate([*ids.values()]), W)  # all at once: more than one block of 1,000
    right = iter(answers == np.concatenate([*ids.values()])[:, 3])
    for section, asked in zip(theirs, ids.values()):
        mine = {"correct": [], "incorrect": []}
        for words in asked:
            mine["correct" if next(right) else "incorrect"].append(tuple(w.upper() for w in wiki.vocab.to_words(words)))
        assert mine == {key: section[key] for key in mine}
    assert min(len(theirs[-1][key]) for key in mine) > 200 and len(answers) > 1000


@pytest.mark.filterwarnings("ignore:Call to deprecated `init_sims`")
def test_3cosmul_answers_as_gensims(wiki, gensims):
    W, keyed, _, _ = gensims
    asked = known_questions([q for questions in read_analogies().values() for q in questions], wiki.vocab)[::8]
    mine = answer_analogies(asked, W, "mul")
    for (a, b, c, _), answer in zip((wiki.vocab.to_words(q) for q in asked), wiki.vocab.to_words(mine)):
        assert keyed.most_similar_cosmul(positive=[b, c], negative=[a], topn=1)[0][0] == answer
    assert (mine != answer_analogies(asked, W, "add")).any()


@needs_gensim
def test_gensims_evaluation_takes_no_notice_of_its_similarity_function(toy):
    W = vectors(toy.vocab, D=6)
    keyed = to_keyed_vectors(W, toy.vocab)
    plain = keyed.evaluate_word_analogies(QUESTIONS)
    assert keyed.evaluate_word_analogies(QUESTIONS, similarity_function="most_similar_cosmul") == plain
    asked = known_questions(read_analogies()["family"], toy.vocab)
    add, mul = (answer_analogies(asked, W, method) for method in ("add", "mul"))
    assert plain[0] == (add == asked[:, 3]).mean() and (add != mul).any()


@pytest.mark.parametrize("method", ["add", "mul"])
def test_the_query_words_answer_only_where_they_may_and_the_padding_never(toy, method):
    W = vectors(toy.vocab, D=6)
    asked = known_questions(read_analogies()["family"], toy.vocab)
    unit = torch.nn.functional.normalize(W.double(), dim=1).numpy()
    W[0] = torch.tensor(unit[asked[0, 1]] - unit[asked[0, 0]] + unit[asked[0, 2]])  # the padding would be the best
    unit[0] = np.nan
    best = []
    for a, b, c, _ in asked:
        cos = {word: unit @ unit[word] for word in (a, b, c)}
        moved = {word: (1 + x) / 2 for word, x in cos.items()}
        best.append(cos[b] - cos[a] + cos[c] if method == "add" else moved[b] * moved[c] / (moved[a] + 1e-6))
    assert answer_analogies(asked, W, method, exclude=False).tolist() == [int(np.nanargmax(x)) for x in best]
    assert any(np.nanargmax(x) in q[:3] for q, x in zip(asked, best))
    for question, x in zip(asked, best):
        x[question[:3]] = np.nan
    assert answer_analogies(asked[:, :3], W, method).tolist() == [int(np.nanargmax(x)) for x in best]


def test_nothing_known_gives_nothing_and_names_are_checked(toy):
    W = vectors(toy.vocab)
    assert [len(x) for x in evaluation.compare_with_people([("ax", "by", 1.0)], W, toy.vocab)] == [0, 0]
    none = known_questions([("athens", "greece", "king", "queen")], toy.vocab)
    assert none.shape == (0, 4) and answer_analogies(none, W).shape == (0,)
    with pytest.raises(ArgumentError, match="^method is 'mult'; give one of 'add', 'mul'"):
        answer_analogies(none, W, "mult")
    for name in ("WordSim", None, [], 3):
        with pytest.raises(ArgumentError, match="^name is .*'WordSim-353', 'SimLex-999'"):
            read_pairs(name)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_spearman_is_scipys_with_ties_and_along_an_axis(rng, axis):
    x, y = rng.integers(0, 5, (2, 9, 12))
    expected = [stats.spearmanr(a, b).statistic for a, b in (zip(x.T, y.T) if axis == 0 else zip(x, y))]
    assert evaluation.spearman(x, y, axis=axis) == pytest.approx(expected, abs=1e-12)
    assert evaluation.spearman(x[0], y[0]) == pytest.approx(stats.spearmanr(x[0], y[0]).statistic, abs=1e-12)


def test_the_table_of_neighbours_holds_each_words_neighbours():
    vocab = Vocab([f"w{i}" for i in range(1, 1101)], [1] * 1100)  # more than one block of 1,000
    W = vectors(vocab, D=8)
    W[0] = W[5]
    found = evaluation.neighbour_table(W, k=7)
    assert found.shape == (1101, 7) and found.dtype == np.uint16
    for word in (*range(1, 1100, 60), 5, 999, 1000, 1001, 1100):
        near = neighbours(f"w{word}", 7, W, vocab)
        assert vocab.to_words(found[word]) == [w for w, _ in near]


def tables_and_words(seeds=3):
    vocab = Vocab([f"w{i}" for i in range(1, 41)], [1] * 40)
    base = vectors(vocab, D=5)
    tables = [evaluation.neighbour_table(base + 0.3 * vectors(vocab, 5, s), 6) for s in range(1, 2 * seeds + 1)]
    return np.array(tables[:seeds]), np.array(tables[seeds:]), np.array([7, 3, 40, 12, 11, 25, 30, 8, 19, 2])


def test_shared_neighbours_equal_a_loop_over_sets():
    (one, *_), (other, *_), _ = tables_and_words()
    expected = [len(set(a) & set(b)) / 6 for a, b in zip(one, other)]
    assert evaluation.shared_neighbours(one, other).tolist() == pytest.approx(expected)
    assert 0.1 < np.mean(expected) < 0.9


def test_frequencies_and_agreement_equal_loops_over_seeds():
    one, other, keep = tables_and_words()
    F, G = (evaluation.neighbour_frequencies(tables, keep) for tables in (one, other))
    assert F.toarray().tolist() == [[sum(b in t[a] for t in one) for b in keep] for a in keep]
    ratio, *within = evaluation.agreement(F, G, seeds=3)

    def shared(s, t, word):
        return len(set(s[word]) & set(t[word]) & set(keep))

    for i, word in enumerate(keep):
        inside = [np.mean([shared(s, t, word) for s, t in combinations(x, 2)]) for x in (one, other)]
        between = np.mean([shared(s, t, word) for s in one for t in other])
        assert [w[i] for w in within] == pytest.approx(inside)
        expected = between / np.sqrt(np.prod(inside)) if all(inside) else np.nan
        assert ratio[i] == pytest.approx(expected, nan_ok=True)
    assert np.nanmin(ratio) < 0.95 and np.isfinite(ratio).sum() >= 5


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


def test_3cosmul_divides_by_a_little_more_than_nothing():
    """One candidate is the opposite of a: its moved cosine with a is 0, and so is that with b. 0 / 0 is no answer."""
    W = torch.tensor([[0, 0], [1.0, 0], [2.0, 0], [0, 1.0], [-1.0, 0], [1.0, 1.0]])
    assert answer_analogies(np.array([[1, 2, 3]]), W, "mul").tolist() == [5]
    # A candidate that is all but the opposite of a, and half like b and c: a million times a quarter is the most.
    W = torch.tensor([[0, 0, 0], [1.0, 0, 0], [0, 1.0, 0], [0, 0, 1.0], [-1.0, 0, 0], [0, 1.0, 1.0]])
    assert answer_analogies(np.array([[1, 2, 3]]), W, "mul").tolist() == [4]


def test_two_pairs_are_no_correlation_and_three_are_one():
    words = ["love", "sex", "tiger", "cat", "book", "paper"]
    (two, n), (three, m) = (
        word_similarity(vectors(Vocab(w, [1] * len(w)), D=3), Vocab(w, [1] * len(w)))
        for w in (words[:3] + words[4:], words)
    )
    asked = [pair for pair in read_pairs("WordSim-353") if {*pair[:2]} <= set(words)]
    assert m == len(asked) > 2 and -1 <= three <= 1 and type(three) is float
    few = [pair for pair in asked if {*pair[:2]} <= {*words[:3], *words[4:]}]
    assert n == len(few) and np.isnan(two) == (n < 3)
    vocab = Vocab(["tiger", "cat"], [1, 1])
    rho, pairs = word_similarity(vectors(vocab), vocab)
    assert np.isnan(rho) and isinstance(rho, float) and 0 < pairs < 3


def test_the_sets_are_asked_by_name(wiki):
    W = vectors(wiki.vocab)
    for name in PAIRS:
        human, cosines = evaluation.compare_with_people(read_pairs(name), W, wiki.vocab)
        assert word_similarity(W, wiki.vocab, name) == (evaluation.spearman(human, cosines), len(human))
        assert isinstance(cosines, np.ndarray)
    assert word_similarity(W, wiki.vocab) == word_similarity(W, wiki.vocab, "WordSim-353")


@pytest.mark.parametrize("n", [1, 999, 1000, 1001, 2500])
def test_any_number_of_questions_is_answered(toy, n):
    W = vectors(toy.vocab, D=6)
    asked = np.random.default_rng(n).integers(1, len(toy.vocab), (n, 3))
    one_by_one = [int(answer_analogies(asked[i : i + 1], W)[0]) for i in range(0, n, 97)]
    assert answer_analogies(asked, W).tolist()[::97] == one_by_one and len(answer_analogies(asked, W)) == n


def test_a_table_of_neighbours_has_its_limits():
    vocab = Vocab(["a", "b", "c"], [1] * 3)
    W = vectors(vocab, D=4)
    assert evaluation.neighbour_table(W, 2).shape == (4, 2) and evaluation.neighbour_table(W, 1).shape == (4, 1)
    assert [set(row) for row in evaluation.neighbour_table(W, 2)[1:].tolist()] == [{2, 3}, {1, 3}, {1, 2}]
    for k in (0, 3, -1):
        with pytest.raises(ValueError, match=f"k is {k}; give 1 to 2"):
            evaluation.neighbour_table(W, k)
    assert evaluation.neighbour_table(vectors(range(50), D=4)).shape == (50, 10)


@pytest.mark.parametrize(("V", "dtype"), [(2**16 - 1, np.uint16), (2**16, np.uint32)])
def test_a_table_of_many_words_has_room_for_their_ids(monkeypatch, V, dtype):
    """Whose products nobody waits for: the rows are scored against themselves alone."""
    monkeypatch.setattr(torch, "cat", lambda rows: rows[0])
    monkeypatch.setattr(evaluation, "range", lambda *_: [0], raising=False)
    W = torch.zeros(V, 1)
    W[:1000, 0] = 1
    assert evaluation.neighbour_table(W, 1).dtype == dtype


def test_frequencies_keep_their_shape_where_nothing_is_found():
    tables = np.array([[[0, 0], [2, 3], [1, 3], [1, 2], [1, 2]]])
    F = evaluation.neighbour_frequencies(tables, np.array([4, 1]))
    assert F.shape == (2, 2) and F.toarray().tolist() == [[0, 1], [0, 0]]


@pytest.mark.parametrize(("pairs", "expected"), [(2, None), (3, 0.5)])
def test_a_correlation_needs_three_pairs(monkeypatch, pairs, expected):
    rated = [("a", "b", 1.0), ("c", "d", 2.0), ("e", "f", 3.0)][:pairs]
    monkeypatch.setattr(evaluation, "read_pairs", lambda name: rated)
    W = torch.tensor([[0.0, 0.0], [1, 0], [0, 1], [1, 0], [1, 1], [1, 0], [1, 3]])  # cosines 0, .71, .32: ranks 1, 3, 2
    rho, asked = word_similarity(W, Vocab(list("abcdef"), [1] * 6))
    assert asked == pairs and (np.isnan(rho) if expected is None else rho == pytest.approx(expected))


def titles(vocab):
    return Vocab([word.title() for word in vocab.words[1:]], vocab.counts[1:])


@needs_gensim
@pytest.mark.parametrize("name", PAIRS)
def test_capitals_change_no_score_and_gensim_agrees(wiki, name):
    words = list(dict.fromkeys(word.title() for word in wiki.vocab.words[1:]))
    W = vectors(["", *words], seed=2)
    lower, title, upper = (Vocab([f(w) for w in words], [1] * len(words)) for f in (str.lower, str.title, str.upper))
    found = word_similarity(W, lower, name)
    assert found == word_similarity(W, title, name) == word_similarity(W, upper, name) and found[1] > 30
    _, (theirs, _), unknown = to_keyed_vectors(W, title).evaluate_word_pairs(
        str(sample(PAIRS[name])), case_insensitive=True
    )
    assert found[0] == pytest.approx(theirs, abs=1e-12)
    assert found[1] == round(len(read_pairs(name)) * (1 - unknown / 100))
    assert evaluation.coverage(title)[name] == (found[1], len(read_pairs(name)))


@needs_gensim
def test_analogies_of_capitals_are_gensims_and_a_words_first_spelling_asks(gensims, wiki):
    W, _, share, _ = gensims
    upper = Vocab([word.upper() for word in wiki.vocab.words[1:]], wiki.vocab.counts[1:]) if unique(wiki) else None
    vocab = upper or titles(wiki.vocab)
    questions = [question for section in read_analogies().values() for question in section]
    asked = known_questions(questions, vocab)
    assert np.array_equal(asked, known_questions(questions, wiki.vocab)) and len(asked) > 1000
    theirs, _ = to_keyed_vectors(W, vocab).evaluate_word_analogies(QUESTIONS, case_insensitive=True)
    assert (answer_analogies(asked, W) == asked[:, 3]).mean() == pytest.approx(theirs) == pytest.approx(share)
    assert evaluation.coverage(vocab)["analogies"] == (len(asked), len(questions))


def unique(corpus):
    words = [word.upper() for word in corpus.vocab.words[1:]]
    return len(set(words)) == len(words)


def test_of_several_spellings_the_first_is_asked():
    vocab = Vocab(["us", "Berlin", "US", "BERLIN", "germany"], [9, 8, 7, 6, 5])
    assert known_questions([("Us", "berlin", "GERMANY", "US")], vocab).tolist() == [[1, 2, 5, 1]]
    W = torch.tensor([[0.0, 0], [1, 0], [0, 1], [1, 1], [1, -1], [3, 4]])
    human, cosine = evaluation.compare_with_people([("us", "germany", 3), ("Berlin", "Germany", 7.5)], W, vocab)
    assert human.tolist() == [3, 7.5] and cosine.tolist() == pytest.approx([0.6, 0.8])
    assert evaluation.coverage(vocab) == {"WordSim-353": (0, 353), "SimLex-999": (0, 999), "analogies": (0, 19544)}


def test_arguments_that_cannot_be_right_are_named(toy):
    W, n = vectors(toy.vocab), len(toy.vocab)
    some, asked = [("king", "queen", 5.0)], np.array([[1, 2, 3]])
    x, y = np.arange(9.0), np.arange(9.0) ** 2
    counts = evaluation.neighbour_frequencies(np.array([[[0, 0], [2, 1], [1, 2]]] * 2), np.array([1, 2]))
    nans = W.clone()
    nans[3, 1] = torch.nan
    for call in (
        lambda table: evaluation.compare_with_people(some, table, toy.vocab),
        lambda table: word_similarity(table, toy.vocab),
        lambda table: answer_analogies(asked, table),
        lambda table: evaluation.neighbour_table(table, 2),
    ):
        for table in (nans, W.bool(), W.to(torch.complex64), W[0], W[:, :0], None, "x", W * 1e20):
            with pytest.raises(ArgumentError, match=r"\bW\b"):
                call(table)
    for name, call in (
        ("vocab", lambda: word_similarity(W[:4], toy.vocab)),
        (r"pairs\[1\]", lambda: evaluation.compare_with_people([*some, ("king", "queen")], W, toy.vocab)),
        (r"pairs\[0\]", lambda: evaluation.compare_with_people([("king", "queen", np.nan)], W, toy.vocab)),
        ("pairs", lambda: evaluation.compare_with_people(None, W, toy.vocab)),
        ("cosine", lambda: evaluation.spearman(x, y[:3])),
        ("cosine", lambda: evaluation.spearman(x, y * np.nan)),
        ("axis", lambda: evaluation.spearman(x, y, axis=1)),
        (r"questions\[0\]", lambda: known_questions([("a", "b", "c")], toy.vocab)),
        ("questions", lambda: known_questions("abcd", toy.vocab)),
        ("questions", lambda: answer_analogies([[1, 2, n]], W)),
        ("questions", lambda: answer_analogies([[-1, 2, 3]], W)),
        ("questions", lambda: answer_analogies([[1, 2]], W)),
        ("other", lambda: evaluation.shared_neighbours(np.ones((3, 2), int), np.ones((4, 2), int))),
        ("tables", lambda: evaluation.neighbour_frequencies(np.full((1, 3, 2), 3), np.array([1]))),
        ("keep", lambda: evaluation.neighbour_frequencies(np.ones((1, 3, 2), int), np.array([3]))),
        ("keep", lambda: evaluation.neighbour_frequencies(np.ones((1, 3, 2), int), np.array([1, 1]))),
        ("one", lambda: evaluation.agreement(counts.toarray(), counts, 2)),
        ("other", lambda: evaluation.agreement(counts, counts[:1, :1], 2)),
        ("seeds", lambda: evaluation.agreement(counts, counts, 1)),
        ("seeds", lambda: evaluation.agreement(counts * 9, counts, 3)),
    ):
        with pytest.raises(ArgumentError, match=rf"\b{name}"):
            call()


@pytest.mark.filterwarnings("error")
def test_a_correlation_of_equal_values_is_nan_without_noise():
    assert np.isnan(evaluation.spearman(np.ones(5), np.arange(5)))
    assert np.isnan(evaluation.spearman([], [])) and evaluation.spearman(
        np.zeros((0, 3)), np.zeros((0, 3)), axis=0
    ).shape == (3,)
