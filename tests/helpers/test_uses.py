"""Association, classes of words, averages of texts, and all scores: against gensim, SciPy and loops."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
import torch
from planted import needs_gensim, vectors
from scipy import stats

from helpers import uses
from helpers.arguments import ArgumentError
from helpers.corpus import Vocab
from helpers.evaluation import PAIRS, read_analogies
from helpers.texts.samples import sample
from helpers.vectors import to_keyed_vectors


def test_word_classes_are_columns_of_the_questions(wiki):
    sections, classes = read_analogies(), uses.word_classes(wiki.vocab)
    for name, section, places in (("country", "capital-world", (1, 3)), ("city", "city-in-state", (0, 2))):
        assert set(classes[name]) < {question[i] for question in sections[section] for i in places}
    words = [word for group in classes.values() for word in group]
    assert len(set(words)) == len(words) > 200 and all(word in wiki.vocab for word in words)
    assert min(map(len, classes.values())) >= 6
    largest = max(map(len, classes.values()))
    assert {len(group) for group in uses.word_classes(wiki.vocab, least=largest).values()} == {largest}


@needs_gensim
def test_association_equals_a_loop_over_gensims_similarities(wiki):
    W, sets = vectors(wiki.vocab), [uses.known_words(x, wiki.vocab) for x in ("science", "male", "female")]
    keyed = to_keyed_vectors(W, wiki.vocab)
    near = [[np.mean([keyed.similarity(word, other) for other in others]) for word in sets[0]] for others in sets[1:]]
    assert uses.association(*sets, W, wiki.vocab) == pytest.approx(np.subtract(*near), abs=1e-6)
    assert sets[1] == [word for word in uses.WORD_SETS["male"] if word in wiki.vocab.words]


@pytest.mark.parametrize(("n", "m"), [(4, 4), (3, 5), (2, 2), (6, 3)])
def test_the_association_test_equals_scipys_permutations_and_a_loop(rng, n, m):
    s_x, s_y = rng.normal(0.3, 1, n), rng.normal(size=m)
    effect, p = uses.association_test(s_x, s_y)
    both, observed = [*s_x, *s_y], np.mean(s_x) - np.mean(s_y)
    parts = [(part, set(range(n + m)) - set(part)) for part in combinations(range(n + m), n)]
    differences = [np.mean([both[i] for i in a]) - np.mean([both[i] for i in b]) for a, b in parts]
    assert p == pytest.approx(np.mean([d >= observed - 1e-12 for d in differences]))
    theirs = stats.permutation_test(
        (s_x, s_y), lambda x, y: np.mean(x) - np.mean(y), n_resamples=np.inf, alternative="greater"
    )
    assert p == pytest.approx(theirs.pvalue) and effect == pytest.approx(theirs.statistic / np.std(both, ddof=1))


def test_the_association_test_turned_round_and_its_limits(rng):
    s_x, s_y = rng.normal(size=(2, 5))
    (effect, p), (back, q) = uses.association_test(s_x, s_y), uses.association_test(s_y, s_x)
    assert effect == pytest.approx(-back) and p + q == pytest.approx(1 + 1 / comb(10, 5))
    assert uses.association_test(s_x + 99, s_y)[1] == pytest.approx(1 / comb(10, 5))
    assert uses.association_test(s_x - 99, s_y)[1] == 1
    for n, m in ((1, 5), (5, 1), (10, 11)):
        with pytest.raises(ValueError, match=f"s_x and s_y are of {n} and {m} words"):
            uses.association_test(np.zeros(n), np.zeros(m))


@needs_gensim
def test_a_texts_vector_is_gensims_mean(toy):
    W = vectors(toy.vocab) * torch.linspace(0.1, 9, len(toy.vocab))[:, None]
    texts = [["king", "old", "king"], ["the", "spaceship", "queen"], [], ["spaceship"]]
    found, keyed = uses.text_vectors(texts, W, toy.vocab), to_keyed_vectors(W, toy.vocab)
    assert found.shape == (4, 20) and found.dtype == np.float32 and not found[2:].any()
    for text, vector in zip(texts[:2], found):
        assert vector == pytest.approx(keyed.get_mean_vector(text), abs=1e-6)


def test_all_scores_are_gensims_and_only_what_can_be_asked_is(toy, wiki, gensims):
    W, keyed, accuracy, _ = gensims
    found = uses.scores(W, wiki.vocab)
    assert found["analogies, add"] == pytest.approx(accuracy) and found["analogies, mul"] != found["analogies, add"]
    assert found["SimLex-999"] == pytest.approx(keyed.evaluate_word_pairs(str(sample("simlex999.txt")))[1].statistic)
    sets = [uses.known_words(x, wiki.vocab) for x in ("career", "family", "male", "female")]
    s_x, s_y = (uses.association(x, *sets[2:], W, wiki.vocab) for x in sets[:2])
    assert found["career against family"] == uses.association_test(s_x, s_y)[0]
    assert set(found) == {*PAIRS, "analogies, add", "analogies, mul", "career against family", "science against arts"}
    few = uses.scores(vectors(toy.vocab), toy.vocab)
    assert set(few) == {"SimLex-999", "analogies, add", "analogies, mul"}  # two pairs of WordSim are no correlation
    assert uses.scores(torch.ones(3, 2), Vocab(["ax", "by"], [1, 1])) == {}


def test_the_partitions_are_of_means_and_the_limits_are_allowed():
    # By hand: 20 in all, 4 the mean of both. Of the ten pairs five have a sum of 8 or more.
    effect, p = uses.association_test(np.array([4.0, 4.0]), np.array([1.0, 2.0, 9.0]))
    assert effect == pytest.approx(0) and p == pytest.approx(5 / 10)
    effect, p = uses.association_test(np.arange(10.0), np.arange(10.0))
    assert effect == 0 and 0.5 < p < 0.6 and type(effect) is type(p) is float
    assert uses.association_test(np.array([1, 2]), np.array([3, 4]))[1] == 1


def test_a_text_that_no_vector_knows_is_zero_and_so_are_no_texts(toy):
    W = vectors(toy.vocab)
    assert uses.text_vectors([], W, toy.vocab).shape == (0, 20)
    found = uses.text_vectors([["zzz"], ["king"]], W, toy.vocab)
    assert isinstance(found, np.ndarray) and found.dtype == np.float32 and not found[0].any()
    assert found[1] == pytest.approx((W[toy.vocab["king"]] / W[toy.vocab["king"]].norm()).numpy(), abs=1e-6)


def test_a_classs_words_come_from_its_column_and_from_no_other():
    sections = read_analogies()
    every = {word for questions in sections.values() for question in questions for word in question}
    classes = uses.word_classes(Vocab(sorted(every), [1] * len(every)), least=1)
    for name, section, column in (
        ("capital", "capital-world", 0), ("country", "capital-world", 1), ("city", "city-in-state", 0),
        ("state", "city-in-state", 1), ("nationality", "gram6-nationality-adjective", 1),
        ("adjective", "gram3-comparative", 0), ("comparative", "gram3-comparative", 1),
        ("adverb", "gram1-adjective-to-adverb", 1), ("participle", "gram7-past-tense", 0),
        ("past tense", "gram7-past-tense", 1), ("noun", "gram8-plural", 0), ("plural", "gram8-plural", 1),
    ):  # fmt: skip
        inside = {question[i] for question in sections[section] for i in (column, column + 2)}
        assert set(classes[name]) <= inside and classes[name] == sorted(classes[name]), name
        assert len(classes[name]) > 0.7 * len(inside), name  # but for those that stand in two columns
    assert len(classes) == 12 and "athens" in classes["capital"] and "greece" in classes["country"]
    assert {"dogs", "walked"} & {*classes["plural"], *classes["past tense"]} == {"dogs", "walked"}


def test_three_pairs_are_asked_and_sets_of_one_word_are_not():
    words = "love sex book paper computer keyboard executive home parents male man female woman".split()
    vocab = Vocab(words, [1] * len(words))
    found = uses.scores(vectors(vocab), vocab)  # three pairs of WordSim; one word of a career
    assert "WordSim-353" in found and "career against family" not in found
    vocab = Vocab([*words, "business"], [1] * (len(words) + 1))
    assert "career against family" in uses.scores(vectors(vocab), vocab)


def test_capitals_change_no_score_and_of_several_spellings_the_first_is_asked(wiki):
    words = [word for word in wiki.vocab.words[1:] if word.isalpha() and word.isascii()]
    W = vectors(["", *words])
    lower, title = (Vocab([f(w) for w in words], [1] * len(words)) for f in (str, str.title))
    expected = uses.scores(W, lower)
    assert uses.scores(W, title) == expected and len(expected) == 6
    assert uses.known_words("male", title) == [word.title() for word in uses.known_words("male", lower)] != []
    classes = {name: [w.lower() for w in found] for name, found in uses.word_classes(title).items()}
    assert classes == uses.word_classes(lower)
    both = Vocab([*title.words[1:], *lower.words[1:]], [1] * (2 * len(words)))
    more = torch.cat([W, vectors(["", *words], seed=9)[1:]])  # rarer spellings, with vectors of their own
    assert uses.scores(more, both) == expected


def test_nothing_is_answered_on_nan_or_on_words_that_do_not_differ(toy):
    W = vectors(toy.vocab)
    W[2, 0] = torch.nan
    sets = (["king"], ["the"], ["queen"])
    for call in (
        lambda W: uses.scores(W, toy.vocab),
        lambda W: uses.association(*sets, W, toy.vocab),
        lambda W: uses.text_vectors([["king"]], W, toy.vocab),
    ):
        for table in (W, W.bool(), torch.ones(3, 4), None):
            with pytest.raises(ArgumentError, match=r"\b(W|vocab)\b"):
                call(table)
    for s_x, s_y in (
        ([1, np.nan], [1, 2]),
        ([1, 2], [np.inf, 2]),
        ([0.5, 0.5], [0.5, 0.5]),
        ([[1, 2]], [1, 2]),
        ("ab", [1, 2]),
    ):
        with pytest.raises(ArgumentError, match="s_[xy]"):
            uses.association_test(s_x, s_y)
    good = vectors(toy.vocab)
    for name, call in (
        ("targets", lambda: uses.association("king", ["the"], ["queen"], good, toy.vocab)),
        ("male", lambda: uses.association(["king"], [], ["queen"], good, toy.vocab)),
        ("texts", lambda: uses.text_vectors(["the king"], good, toy.vocab)),
        ("texts", lambda: uses.text_vectors("the king", good, toy.vocab)),
        ("texts", lambda: uses.text_vectors([[1]], good, toy.vocab)),
        ("name", lambda: uses.known_words("cats", toy.vocab)),
        ("least", lambda: uses.word_classes(toy.vocab, least=-1)),
    ):
        with pytest.raises(ArgumentError, match=rf"^{name}"):
            call()


def test_a_p_value_counts_the_observed_choice_and_ties():
    assert uses.permutation_p(2, np.array([1.0, 2, 3])) == 3 / 4
    assert uses.permutation_p(9, np.zeros(999)) == 1 / 1000
    assert uses.permutation_p(-1.5, np.array([-2.0, -1])) == 2 / 3  # one-sided
    null = stats.norm.rvs(size=4000, random_state=0)
    assert uses.permutation_p(1.645, null) == pytest.approx(0.05, abs=0.01)


def test_neighbours_are_found_among_the_words_that_are_asked_about(toy):
    tables, k = [vectors(toy.vocab, seed=seed) for seed in range(3)], 2
    among = ["queen", "king", *[w for w in toy.vocab.words[1:] if w not in ("king", "queen")][:3]]
    found = uses.neighbours_among(tables, toy.vocab, among, k).toarray()
    expected = np.zeros((5, 5))
    for W in tables:
        unit = W / W.norm(dim=1, keepdim=True)
        for i, word in enumerate(among):
            cosines = {j: float(unit[toy.vocab[word]] @ unit[toy.vocab[x]]) for j, x in enumerate(among) if j != i}
            for j in sorted(cosines, key=cosines.get)[-k:]:  # of the whole vocabulary, most rows would have none
                expected[i, j] += 1
    assert (found == expected).all() and (found.sum(axis=1) == 3 * k).all()
    for words in (["king", "queen"], ["king", "king", "the"], ["king", "queen", "zzz"]):
        with pytest.raises(ArgumentError, match="^among"):
            uses.neighbours_among(tables, toy.vocab, words, k)


def test_random_words_are_about_as_frequent_new_and_none_twice(rng):
    ids, without = np.array([1, 2, 40, 400, 999]), {1, 2, 40, 400, 999, 41}
    drawn = np.array([uses.equally_frequent(ids, 1000, rng, [*without]) for _ in range(400)])
    for i, column in zip(ids, drawn.T):
        low, high = max(1, int(i / 1.25) - 5), min(999, int(i * 1.25) + 5)
        free = set(range(low, high + 1)) - without
        assert set(column) <= free and len(set(column)) > 0.5 * len(free)
        assert {min(free), max(free)} <= set(column) or len(free) > 50
    assert all(len(set(row)) == len(ids) for row in drawn)
    with pytest.raises(ArgumentError, match="^ids has 1"):
        uses.equally_frequent(np.array([1]), 4, rng, [1, 2, 3])


def test_random_words_of_a_topic_stand_together_and_are_as_frequent(rng):
    ids, unit = np.array([300, 2, 40, 400]), rng.normal(size=(2, 1000, 5))
    unit /= np.linalg.norm(unit, axis=2, keepdims=True)

    def to_the_first(near):
        drawn = [uses.equally_frequent(ids, 1000, rng, [], near) for _ in range(99)]
        return np.mean([unit[:, words[1:]] @ unit[:, words[0], :, None] for words in drawn])

    assert abs(to_the_first(None)) < 0.1 and to_the_first(unit) > 0.4
    drawn = np.array([uses.equally_frequent(ids, 1000, rng, [3], unit) for _ in range(99)])
    assert (
        (abs(drawn - ids) <= ids / 4 + 5).all() and 3 not in drawn and all(len({*row}) == 4 for row in drawn.tolist())
    )
    with pytest.raises(ArgumentError, match="^near has"):
        uses.equally_frequent(ids, 999, rng, [], unit)
