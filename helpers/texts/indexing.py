# Used from 04 · exercised in 11.2 · tests/helpers/texts/test_indexing.py
"""A text of any size to ids, in memory that its vocabulary needs and no more. All counts are exact.

The first pass splits the text into words and writes a first id for each: words are numbered as they come. Then the
frequent ones are known, and a second pass, which NumPy makes, writes the ids proper. Where too many different words
come, the text is gone through once more, to tell which are certainly rare; those get one number together.
(word2vec.c's ReduceVocab forgets rare words on the way, and with them occurrences of words that are frequent later.)
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import count
from typing import BinaryIO

import numpy as np

from helpers.texts import stored
from helpers.texts.reading import TextError
from helpers.texts.words import unspaced, words

find_words = words.__wrapped__  # without the look at its argument, which takes longer than the words

RARE = ""  # all words that a sieve left out
UNKNOWN = "<unk>"  # where it stands in a text, it is unknown there too
CHUNK = 1000  # words: longer sentences are cut, as word2vec.c cuts them (MAX_SENTENCE_LENGTH)
HELD = 20  # every 20th sentence is held out
LEAST_HELD = 100  # tokens held out, or else nothing is
LINE_ENDS = re.compile("[\v\f\x1c-\x1e\x85\u2028\u2029]")  # those of str.splitlines, beside \n and \r
END = -(2**31)  # of a line, among codes
PIECES = 200_000  # what stands between two blanks is looked up, once seen; so many at most
LONG = 40  # characters: longer pieces are split each time
BLOCK = 1 << 20  # tokens of the second pass at a time
MOST = 1_000_000  # different words, at about 200 bytes each; where there are more, rare ones are sieved out first
LIMIT = 50_000_000  # different words after that: 10 GB
BUCKETS = 1 << 24, 1 << 30  # of the sieve, least and most


class _Pieces(dict):
    """What stands between two blanks -> its word's id; 0 for none, -k for the k-th of `several`."""

    def __init__(self, vocab: dict[str, int]):
        self.vocab, self.several = vocab, [None]
        self.clear()

    def clear(self) -> None:
        """Forget, before memory fills."""
        super().clear()
        self.several = [None]
        self.update({"": 0, "\n": END, UNKNOWN: self.vocab[UNKNOWN]})

    def __missing__(self, piece: str) -> int:
        found = find_words(piece)
        if len(found) == 1:
            code = self.vocab[found[0]]
        elif found:
            self.several.append([self.vocab[word] for word in found])
            code = 1 - len(self.several)
        else:
            code = 0
        if len(piece) <= LONG:
            self[piece] = code
        return code


class Sieve:
    """Tells words that are certainly rare: occurrences are counted by the hash of the word, in a byte for each hash.

    Parameters
    ----------
    min_count : int
        Words that occur less often are rare. Others pass, and so do a few rare ones that share a bucket with them.
    size : int
        Bytes of the text. It has a bucket for every 256 of them, and 16 million at least: at one rare word in forty,
        less than two for each bucket.
    """

    def __init__(self, min_count: int, size: int = 0):
        least, most = BUCKETS
        self.least = min(min_count, 255)
        self.seen = np.zeros(min(max(size // 256, least), most), dtype=np.uint8)

    def __getitem__(self, word: str) -> int:
        """A number for a word, as a vocabulary gives it an id; `feed` counts these."""
        return hash(word) % len(self.seen) + 1

    def feed(self, codes: np.ndarray) -> None:
        """Count the words of a chunk, as `FirstPass.split` gives them."""
        bucket, times = np.unique(codes[codes != END] - 1, return_counts=True)
        self.seen[bucket] = np.minimum(self.seen[bucket] + times, 255)

    def lets_through(self, word: str) -> bool:
        """False for a word that is certainly rare."""
        return bool(self.seen[self[word] - 1] >= self.least)


class Sieved(dict):
    """Words -> first ids; those that a sieve keeps back have one together."""

    def __init__(self, sieve: Sieve):
        super().__init__({UNKNOWN: 1, RARE: 2})
        self.sieve, self.next = sieve, count(3).__next__

    def __missing__(self, word: str) -> int:
        if not self.sieve.lets_through(word):
            return self[RARE]
        self[word] = self.next()
        return self[word]


class FirstPass:
    """Words as they come, and how often each occurs in what is trained on and in what is held out.

    Parameters
    ----------
    tokenize : callable, optional
        From a line to its words; default: `helpers.texts.words.words`.
    vocab : Sieve or Sieved, optional
        What numbers the words. Default: a dict, from 1 on.
    """

    def __init__(self, tokenize: Callable[[str], Iterable[str]] | None = None, vocab: Sieve | Sieved | None = None):
        self.vocab = defaultdict(count(1).__next__) if vocab is None else vocab
        self.pieces = _Pieces(self.vocab)
        self.tokenize = tokenize
        self.trained = np.zeros(1024, dtype=np.int64)  # occurrences of each word in what is trained on
        self.held = np.zeros(1024, dtype=np.uint32)
        self.first = np.zeros(1024, dtype=np.int64)  # the first of those that are trained on
        self.blank = True  # so far
        self.tokens = self.sentences = self.filled = 0  # words so far, sentences, words in the last line

    def feed(self, chunk: str) -> np.ndarray:
        """The ids of a chunk's words, negative where a sentence begins; np.ndarray of int32."""
        self.blank = self.blank and chunk.isspace()
        codes = self.split(chunk)
        end = codes == END
        ids = codes[~end]
        if not len(ids):
            self.filled = 0 if len(end) else self.filled
            return ids
        line = np.cumsum(end)[~end]
        index = np.arange(len(ids))
        place = index - np.maximum.accumulate(np.where(np.diff(line, prepend=-1) != 0, index, 0))  # in its line ...
        place[line == 0] += self.filled  # ... which began in the chunk before
        starts = place % CHUNK == 0
        sentence = self.sentences + np.cumsum(starts) - 1
        self._count(ids, sentence % HELD == HELD - 1)
        self.sentences = int(sentence[-1]) + 1
        self.filled = 0 if end[-1] else int(place[-1]) + 1
        return np.where(starts, -ids, ids)

    def split(self, chunk: str) -> np.ndarray:
        """The number of each word, and `END` after each line; np.ndarray of int32."""
        if self.tokenize is not None:
            return self._split_by(self.tokenize, chunk)
        if LINE_ENDS.search(chunk):
            chunk = LINE_ENDS.sub("\n", chunk)
        pieces = chunk.replace("\t", " ").replace("\n", " \n ").split(" ")
        if len(self.pieces) > PIECES:
            self.pieces.clear()
        codes = np.fromiter(map(self.pieces.__getitem__, pieces), dtype=np.int32, count=len(pieces))
        codes = codes[codes != 0]
        of_several = (codes < 0) & (codes != END)
        if of_several.any():
            ids = [self.pieces.several[-code] for code in codes[of_several].tolist()]
            sizes = np.ones(len(codes), dtype=np.int64)
            sizes[of_several] = list(map(len, ids))
            codes, of_several = np.repeat(codes, sizes), np.repeat(of_several, sizes)
            codes[of_several] = [i for some in ids for i in some]
        return codes

    def _split_by(self, tokenize: Callable[[str], Iterable[str]], chunk: str) -> np.ndarray:
        codes = []
        for line in chunk.splitlines(keepends=True):
            codes += [self.vocab[word] for word in _tokenized(tokenize, line.rstrip("\n"))]
            if line.splitlines()[0] != line:
                codes.append(END)
        return np.array(codes, dtype=np.int32)

    def _count(self, ids: np.ndarray, held: np.ndarray) -> None:
        if len(self.vocab) >= len(self.trained):
            more = len(self.vocab) * 5 // 4 + 1024 - len(self.trained)
            self.trained, self.held, self.first = (np.pad(a, (0, more)) for a in (self.trained, self.held, self.first))
        new = np.flatnonzero((self.trained[ids] == 0) & ~held)[::-1]
        self.first[ids[new]] = self.tokens + new  # the last that is written, and so the first one, stays
        for counts, some in ((self.trained, np.bincount(ids[~held])), (self.held, np.bincount(ids[held]))):
            counts[: len(some)] += some.astype(counts.dtype)
        self.tokens += len(ids)

    def clause(self) -> str:
        """Of a text without blanks between words, one of its clauses; else ""."""
        return unspaced((word, int(self.trained[i] + self.held[i])) for word, i in self.vocab.items())


def _tokenized(tokenize: Callable[[str], Iterable[str]], line: str) -> list[str]:
    """The words that a function of the caller's finds in a line; blanks among them are left out."""
    try:
        found = tokenize(line)
        if not isinstance(found, (str, bytes)) and isinstance(found, Iterable):
            found = list(found)
    except Exception as error:  # whatever a function of the caller's raises
        what = f"{type(error).__name__}: {error}"
        raise TextError(f"tokenize fails for {line!r:.60} ({what}): let it take a line, and return words.") from error
    if not isinstance(found, list):
        raise TextError(f"tokenize gave {found!r:.60} for {line!r:.60}: let it return a list of words.")
    for word in found:
        if not isinstance(word, str):
            raise TextError(f"tokenize gave the word {word!r:.60} for {line!r:.60}: let it return texts.")
    found = [word.strip() for word in found]
    for word in found:
        if len(word.split()) > 1:
            raise TextError(f"tokenize gave the word {word!r:.60}, with a blank in it: join its parts, say by '_'.")
    return [word for word in found if word]


def second_pass(read: Callable[[int], np.ndarray], one: FirstPass, min_count: int, file: BinaryIO, **said) -> None:
    """Write the ids proper, the bounds of sentences, the words and their counts to a file, as `stored` keeps them.

    Parameters
    ----------
    read : callable
        ``read(n)`` gives the next ``n`` ids that `FirstPass.feed` gave, or fewer where they end.
    one : FirstPass
        After the whole text.
    min_count : int
        Rarer words are dropped.
    file : binary file, open for writing
    said : what JSON holds
        Kept beside the number of tokens that are trained on, before rare ones were dropped.
    """
    size = len(one.vocab) + 1
    trained, held, first = one.trained[:size], one.held[:size], one.first[:size]
    tokens = int(trained.sum())
    known = np.ones(size, dtype=bool)
    known[[0, *(one.vocab[word] for word in (UNKNOWN, RARE) if word in one.vocab)]] = False
    hold = int(held[known & (trained >= min_count)].sum()) >= LEAST_HELD
    if not hold:
        trained, held, first, tokens = trained + held, np.zeros_like(held), np.arange(size), one.tokens
    kept = np.flatnonzero(known & (trained >= max(min_count, 1)))
    kept = kept[np.lexsort((first[kept], -trained[kept]))]
    table = np.zeros(size, dtype=np.int32)  # the id proper of each first id, 0 for those that are dropped
    table[kept] = np.arange(1, len(kept) + 1)
    spelled = list(one.vocab)
    text = np.frombuffer("\n".join(spelled[i - 1] for i in kept.tolist()).encode("utf-8", "surrogatepass"), np.uint8)
    held_sentences = one.sentences // HELD if hold else 0
    lengths = {
        "ids": (np.int32, int(trained[kept].sum())),
        "bounds": (np.int64, one.sentences - held_sentences + 1),
        "held_ids": (np.int32, int(held[kept].sum())),
        "held_bounds": (np.int64, held_sentences + 1),
        "counts": (np.int64, len(kept)),
        "words": (np.uint8, len(text)),
    }
    to = stored.Writer(file, lengths)
    to.write("counts", trained[kept])
    to.write("words", text)
    sentences = 0
    while len(block := read(BLOCK)):
        starts = block < 0
        sentence = sentences + np.cumsum(starts) - 1
        sentences += int(np.count_nonzero(starts))
        ids = table[np.abs(block)]
        out = (sentence % HELD == HELD - 1) & hold
        for part, name in ((~out, ""), (out, "held_")):
            _write_part(to, name, ids[part], starts[part])
    for name in ("", "held_"):
        to.write(f"{name}bounds", np.array([lengths[f"{name}ids"][1]]))
    to.finish(tokens_read=tokens, **said)


def _write_part(to: stored.Writer, name: str, ids: np.ndarray, starts: np.ndarray) -> None:
    """Write a block's ids, and where its sentences begin among all ids that are kept."""
    known = ids > 0
    before = np.cumsum(known) - known
    to.write(f"{name}bounds", to.table[f"{name}ids"]["done"] + before[starts])
    to.write(f"{name}ids", ids[known])
