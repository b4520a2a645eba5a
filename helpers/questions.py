# Used from 07 · tests/helpers/test_evaluation.py
"""The sets of questions that vectors are asked, gensim's sample data, and how many of them a vocabulary knows."""

from __future__ import annotations

import numpy as np

from helpers.arguments import Rule, checked, listed, one_of, refuse, sized
from helpers.corpus import Vocab
from helpers.spellings import AnyCase, any_case
from helpers.texts.samples import sample

PAIRS = {"WordSim-353": "wordsim353.tsv", "SimLex-999": "simlex999.txt"}


def rows_of(size: int, wanted: str, last_is_number: bool = False) -> Rule:
    """A list of rows of words, of which the last may be a number."""

    def fits(row) -> bool:
        if not isinstance(row, (tuple, list)) or len(row) != size:
            return False
        end = row[-1]
        rated = isinstance(end, (int, float, np.number)) and not isinstance(end, bool) and np.isfinite(end)
        return all(isinstance(word, str) for word in row[:-1]) and (rated if last_is_number else isinstance(end, str))

    def rule(name, value, sizes):
        rows = listed(name, value, f"a list of {wanted}")
        for i, row in enumerate(rows):
            if not fits(row):
                raise refuse(f"{name}[{i}]", row, wanted)
        return rows

    return rule


@checked(name=one_of(*PAIRS))
def read_pairs(name):
    """Pairs of words with people's ratings.

    Parameters
    ----------
    name : {"WordSim-353", "SimLex-999"}
        Finkelstein et al. (2002), which rates relatedness, and Hill et al. (2015), which rates similarity.

    Returns
    -------
    list of (str, str, float)
        In lower case. Ratings from 0 to 10.

    Raises
    ------
    ValueError
        For another name.
    """
    with open(sample(PAIRS[name]), encoding="utf-8") as file:
        rows = [line.lower().split("\t") for line in file if not line.startswith("#")]
    return [(a, b, float(rating)) for a, b, rating in rows]


def read_analogies():
    """Google's analogy questions (Mikolov et al. 2013), by section.

    Returns
    -------
    dict of str to list of (str, str, str, str)
        "a is to b as c is to d", in lower case.
    """
    sections: dict[str, list] = {}
    with open(sample("questions-words.txt"), encoding="utf-8") as file:
        for line in file:
            if line.startswith(":"):
                questions = sections.setdefault(line[1:].strip(), [])
            else:
                questions.append(tuple(line.lower().split()))
    return sections


@checked(questions=rows_of(4, "four words"), vocab=any_case())
def known_questions(questions, vocab):
    """The questions whose four words the vocabulary holds, in any case, as ids of the most frequent spellings.

    Returns
    -------
    np.ndarray of int, shape (n, 4)
    """
    known = [[vocab[w] for w in question] for question in questions if all(w in vocab for w in question)]
    return np.array(known, dtype=np.int64).reshape(-1, 4)


@checked(pairs=rows_of(3, "two words and a rating", True), vocab=any_case())
def known_pairs(pairs, vocab):
    """The pairs whose two words the vocabulary holds, as ids; in the order of `evaluation.compare_with_people`.

    Returns
    -------
    np.ndarray of int, shape (n, 2)
    """
    known = [[vocab[a], vocab[b]] for a, b, _ in pairs if a in vocab and b in vocab]
    return np.array(known, dtype=np.int64).reshape(-1, 2)


@checked(vocab=sized(Vocab, "V"))
def coverage(vocab):
    """How many pairs and questions a vocabulary can be asked, of how many there are.

    Returns
    -------
    dict of str to (int, int)
        ``"WordSim-353"``, ``"SimLex-999"`` and ``"analogies"`` to what is known and all. A score on few of many says
        little of the vectors.
    """
    known = AnyCase(vocab)
    found = {}
    for name in PAIRS:
        pairs = read_pairs(name)
        found[name] = sum(a in known and b in known for a, b, _ in pairs), len(pairs)
    questions = [question for section in read_analogies().values() for question in section]
    found["analogies"] = len(known_questions(questions, vocab)), len(questions)
    return found
