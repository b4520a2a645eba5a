# Run by python -m experiments.cases · tests/experiments/test_cases.py
"""Cases of texts and of vectors that people bring, for `experiments.cases`."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import pickle
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from helpers import maps, plots, training
from helpers.corpus import Vocab, load_corpus, make_corpus
from helpers.evaluation import word_similarity
from helpers.model import make_model
from helpers.vectors import load_vectors, save_vectors


class Cases(list):
    """Kinds, names and functions of cases."""

    def case(self, kind: str, name: str) -> Callable:
        """Add a case: a function without arguments, whose result, warnings or error are what happens."""

        def add(function):
            self.append((kind, name, function))
            return function

        return add


CASES = Cases()
case = CASES.case


TEXT = 60 * (
    "Die Tür ist schön und der Fluß ist naß.\n"
    "The king doesn’t see the co\u00adop’s well-known _door_ of 1,000 İstanbul.\n"
)
LATIN = TEXT.replace("’", "'").replace("İ", "I").encode("latin-1")


def written(data: bytes | str, name: str = "mine.txt", encoding: str = "utf-8") -> Path:
    """A file in the case's own folder."""
    path = Path(name).absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data if isinstance(data, bytes) else data.encode(encoding))
    return path


def read(data: bytes | str, encoding: str = "utf-8", coding: str | None = None, **options) -> str:
    """What load_corpus makes of a file, told that it is in ``coding``: its first words, or its error."""
    path = written(data, encoding=encoding)
    corpus = load_corpus(path, min_count=1, quiet=True, encoding=coding, **options)
    return f"{len(corpus.ids):,} tokens: {' '.join(corpus.sentence(0)[:12])}"


SCRIPTS = {
    "umlauts in two characters (NFD)": "Die Tu\u0308r ist scho\u0308n",
    "Hindi": "नमस्ते दुनिया हिन्दी",
    "Tamil": "தமிழ் மொழி",
    "pointed Hebrew": "שָׁלוֹם עוֹלָם",
    "vocalised Arabic": "مَرْحَبًا بِالعَالَم",
    "Persian with joiners": "می\u200cخواهم کتاب\u200cها",
    "soft hyphens": "well\u00adknown words",
    "Turkish capitals": "İstanbul IĞDIR",
    "two kinds of apostrophe": "don't and don’t",
    "underscores": "_was_ is",
    "numbers": "3.14, and 1,000 men",
}
for kind, line in SCRIPTS.items():
    case("D1", kind)(lambda line=line: read((line + "\n") * 30))
case("D1", "Chinese, without blanks")(lambda: read("我们今天去图书馆看书\n他们明天也去图书馆\n" * 30))
case("D1", "Chinese, tokenize=list")(lambda: read("我们今天去图书馆看书\n" * 30, tokenize=list))
case("D3", "a text too small to hold some out")(
    lambda: loud(lambda: load_corpus(written("the king saw the queen\n" * 30), min_count=1))
)


def loud(run: Callable) -> str:
    """What a function prints, and its result."""
    with contextlib.redirect_stdout(io.StringIO()) as said:
        result = run()
    return f"{said.getvalue().strip()} / {result}"


@case("D3", "subsampling leaves next to nothing")
def thinned():
    corpus = make_corpus([["the", "king", "saw", "a", "queen"]] * 100)
    return loud(lambda: training.train(make_model(len(corpus.vocab), 4), corpus, epochs=1, progress=False))


for encoding in ("utf-16", "utf-32", "utf-8-sig"):
    case("D4", encoding)(lambda encoding=encoding: read(TEXT, encoding=encoding))
case("D4", "gz")(lambda: read(gzip.compress(TEXT.encode())))
case("D4", "bz2")(lambda: read(bz2.compress(TEXT.encode())))
case("D4", "gz, cut off")(lambda: read(gzip.compress(TEXT.encode())[:-20]))
case("D4", "Latin-1")(lambda: read(LATIN))
case("D4", "Latin-1, encoding=")(lambda: read(LATIN, coding="latin-1"))


@case("D4", "zip of two texts")
def zipped():
    with zipfile.ZipFile("mine.zip", "w") as archive:
        archive.writestr("a.txt", TEXT)
        archive.writestr("b.txt", TEXT)
    return str(load_corpus("mine.zip", quiet=True))


@case("D4", "a folder of texts")
def folder():
    for name in ("texts/b.txt", "texts/deep/a.txt", "texts/.hidden"):
        written(TEXT, name)
    return str(load_corpus("texts", quiet=True))


for kind, data in {
    "PDF": b"%PDF-1.7\n%\xe2\xe3\n1 0 obj\n<< /Type /Catalog >>\n" * 20,
    "HTML": b"<!DOCTYPE html>\n<html><body><p>The king&nbsp;saw</p></body></html>\n" * 20,
    "RTF": rb"{\rtf1\ansi The king \par saw}" * 20,
    "CSV": b"id,name,age\n1,king,70\n2,queen,60\n" * 30,
    "JSONL": b'{"text": "the king saw"}\n{"text": "the queen"}\n' * 30,
    "vectors": b"the 0.1 0.2 0.3 -0.4\nking 0.3 0.1 0.2 0.5\n" * 30,
    "binary": bytes(range(256)) * 20,
    "empty": b"",
    "only signs": b"... --- !!!\n" * 20,
}.items():
    case("D4", kind)(lambda data=data: read(data))
case("D4", "CSV, force=True")(lambda: read("id,name,age\n1,king,70\n2,queen,60\n" * 30, force=True))

for kind, sentences in {
    "strings in place of sentences": ["the cat", "the dog"],
    "integer words": [["a", 3]],
    "None among the words": [["a", None]],
    "an empty word": [["a", ""]],
}.items():
    case("D5", kind)(lambda sentences=sentences: make_corpus(sentences))
case("D5", "a generator")(lambda: make_corpus(line.split() for line in ("a b", "b c")))


# -- D: vectors


def vectors(text: bytes, name: str = "v.txt", **options) -> str:
    """What load_vectors makes of a file."""
    W, vocab = load_vectors(written(text, name), **options)
    return f"{tuple(W.shape)}: {' '.join(vocab.words[1:])}"


FILE = b"2 3\nking 1 2 3\nqueen 1 2 4\n"
for kind, text in {
    "a word twice": b"2 3\nking 1 2 3\nking 1 2 4\n",
    "a header that counts too few": b"1 3\nking 1 2 3\nqueen 1 2 4\n",
    "a header that counts too many": b"3 3\nking 1 2 3\nqueen 1 2 4\n",
    "NaN": b"2 3\nking 1 nan 3\nqueen 1 2 4\n",
    "infinity": b"2 3\nking 1 inf 3\nqueen 1 2 4\n",
    "an impossible size": b"1000000000 4\nking 1 2 3 4\n",
    "GloVe, without a header": b"king 1 2 3\nqueen 1 2 4\n",
    "a row of fewer numbers": b"2 3\nking 1 2\nqueen 1 2 4\n",
    "<unk> in the file": b"2 3\n<unk> 1 2 3\nqueen 1 2 4\n",
    "packed by gzip": gzip.compress(FILE),
    "a model of fastText": b"\xba\x16O/" + bytes(100),
    "a pickle": pickle.dumps({"king": [1.0]}),
    "an array of NumPy": b"\x93NUMPY\x01\x00" + bytes(200),
    "a word in Latin-1": "1 2\nTür 1 2\n".encode("latin-1"),
}.items():
    case("D7", kind)(lambda text=text: vectors(text))
case("D7", "Latin-1, encoding=")(lambda: vectors("1 2\nTür 1 2\n".encode("latin-1"), encoding="latin-1"))


@case("D7", "written as .vec.gz, and read")
def packed():
    path = save_vectors("w.vec.gz", torch.ones(3, 2), Vocab(["king", "queen"], [2, 1]))
    return f"begins with {path.read_bytes()[:2].hex()}; {load_vectors(path)[1].words[1:]}"


@case("D7", "a word with a blank, written")
def blank():
    vocab = Vocab(["king", "queen"], [2, 1])
    vocab.words[1] = "the king"
    return save_vectors("w.vec", torch.ones(3, 2), vocab)


@case("D8", "a capitalised vocabulary, WordSim")
def capitals():
    from helpers.evaluation import read_pairs

    words = sorted({word.capitalize() for a, b, _ in read_pairs("WordSim-353") for word in (a, b)})
    vocab = Vocab(words, [1] * len(words))
    return word_similarity(torch.randn(len(vocab), 5, generator=torch.Generator().manual_seed(0)), vocab)


case("D8", "t-SNE of equal rows")(lambda: maps.tsne(torch.ones(50, 4)))


@case("D8", "a word $$ on a map")
def dollars():
    plots.word_map(np.random.default_rng(0).random((3, 2)), ["$$", r"$\frac$", "a_b"], {"t": ["$$"]})
    return "drawn"


@case("D8", "an unknown word among 370,000")
def unknown():
    rng = np.random.default_rng(0)
    words = sorted({"".join(map(chr, rng.integers(97, 123, n))) for n in rng.integers(5, 11, 370_000)})
    vocab = Vocab(words, [1] * len(words))
    with contextlib.suppress(KeyError):
        vocab["warm-up"]
    start = time.perf_counter()
    try:
        vocab["mircoprocesor"]
    except KeyError as error:
        return f"{1000 * (time.perf_counter() - start):.0f} ms: {error}"
