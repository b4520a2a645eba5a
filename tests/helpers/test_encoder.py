"""Attention and pooling beside PyTorch's, the encoder beside the library that it was made with, and what is refused."""

import hashlib
import os
import subprocess
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

from helpers import encoder as module
from helpers.arguments import ArgumentError
from helpers.encoder import FILES, LONGEST, EncoderMissing, attention, encoder_operations, load_encoder, pool
from helpers.files import ROOT
from helpers.texts.fetching import FetchError

TEXTS = [["king"], ["the", "bank", "of", "the", "river"], ["word"] * 400, ["unbuttonedly", "xqz", "é"]]


@pytest.fixture(scope="module")
def encoder():
    found = load_encoder()
    if found is None:
        pytest.skip("the optional packages of notebook 13 are not here")
    return found


@pytest.mark.parametrize(("n", "m", "d", "e"), [(1, 1, 1, 1), (3, 5, 4, 2), (6, 2, 8, 8)])
def test_attention_is_pytorchs(n, m, d, e):
    generator = torch.Generator().manual_seed(n)
    Q, K, V = (3 * torch.randn(*shape, generator=generator) for shape in ((n, d), (m, d), (m, e)))
    mask = torch.arange(m) != 1
    found, weights = attention(Q, K, V, mask)
    wanted = functional.scaled_dot_product_attention(Q[None], K[None], V[None], attn_mask=mask[None, None, :])[0]
    assert torch.allclose(found, wanted, atol=1e-5) and torch.allclose(weights.sum(dim=1), torch.ones(n))
    assert not weights[:, ~mask].any()
    with pytest.raises(ArgumentError, match="mask"):
        attention(Q, K, V, torch.zeros(m, dtype=torch.bool))


def test_pooling_leaves_padding_out():
    states = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(0))
    mask = torch.tensor([[True, True, False], [False, True, False]])
    states[~mask] = torch.tensor(1e6)
    wanted = torch.stack([states[0, :2].mean(dim=0), states[1, 1]])
    assert torch.allclose(pool(states, mask), functional.normalize(wanted, dim=1), atol=1e-6)
    with pytest.raises(ArgumentError, match="mask"):
        pool(states, mask & torch.tensor([[True], [False]]))


def test_operations_are_those_of_the_products():
    n, D, F, layers = 7, 6, 10, 3
    with FlopCounterMode(display=False) as counted:
        for _ in range(layers):
            X = torch.ones(n, D)
            Q, K, V = (X @ torch.ones(D, D) for _ in range(3))
            X = (Q @ K.T) @ V @ torch.ones(D, D) @ torch.ones(D, F) @ torch.ones(F, D)
    assert 2 * encoder_operations(n, D, F, layers) == counted.get_total_flops()


def test_documents_are_those_of_the_library(encoder, tmp_path):
    from sentence_transformers import SentenceTransformer

    with zipfile.ZipFile(Path(find_spec("all_minilm_l6_v2").origin).parent / "model.zip") as archive:
        archive.extractall(tmp_path)
    whole = SentenceTransformer(str(tmp_path), device="cpu")
    wanted = whole.encode([" ".join(text) for text in TEXTS])
    assert np.allclose(encoder.documents(TEXTS), wanted, atol=1e-5)
    assert list(map(len, encoder.pieces(TEXTS)))[:3] == [3, 7, LONGEST]  # with the two marks


def test_states_are_the_models(encoder):
    texts, places = [TEXTS[1], TEXTS[3], TEXTS[1]], [4, 0, 1]
    found = encoder.states(texts, places)
    assert found.shape == (7, 3, 384)
    for k, (text, place) in enumerate(zip(texts, places)):
        cut = encoder.tokenizer([text], is_split_into_words=True)
        spots = [j for j, word in enumerate(cut.word_ids(0)) if word == place]
        assert len(spots) == (4 if k == 1 else 1)
        with torch.no_grad():
            layers = encoder.model(torch.tensor(cut["input_ids"]), output_hidden_states=True).hidden_states
        wanted = [layer[0, spots].mean(dim=0).numpy() for layer in layers]
        assert np.allclose(found[:, k], wanted, atol=1e-4)  # alone, or padded in a batch
    words = ["king", "unbuttonedly", "é", "xqz"]
    wanted = encoder.states([[word] for word in words], [0] * 4)[0]
    assert np.allclose(encoder.input_table(words), wanted, atol=1e-5)
    assert encoder.states([], []).shape == (7, 0, 384) and encoder.documents([]).shape == (0, 384)


@pytest.mark.parametrize(
    ("texts", "places", "named"),
    [
        ([["a"]], [1], r"places\[0\] is 1"),
        ([["a"]], [-1], r"places\[0\]"),
        ([["a"] * 400], [300], r"places\[0\] is 300.*256"),
        ([["a"], ["b"]], [0], "places has 1 for 2"),
        ([[]], [0], "texts"),
        (["a b"], [0], r"texts\[0\]"),
        ([[3]], [0], "texts"),
    ],
)
def test_what_is_no_text_is_refused(encoder, texts, places, named):
    with pytest.raises(ArgumentError, match=named):
        encoder.states(texts, places)


def test_weights_that_are_not_the_published_ones_are_refused(monkeypatch):
    monkeypatch.setitem(module.FILES, "tokenizer.json", ("0" * 64, 3))
    monkeypatch.setattr(module, "fetch", lambda *_: pytest.fail("a package is here"))
    if module.find_spec("all_minilm_l6_v2") is None:
        pytest.skip("the package is not here")
    with pytest.raises(EncoderMissing, match="SHA-256 is another"):
        module._read("tokenizer.json")


def test_the_model_is_fetched_where_its_package_is_not(monkeypatch, tmp_path):
    content = b"abc"
    monkeypatch.setattr(module, "find_spec", lambda name: None)
    monkeypatch.setitem(module.FILES, "tokenizer.json", (hashlib.sha256(content).hexdigest(), 3))
    asked = []

    def fetch(url, path, known, size):
        asked.append((url, path, known, size))
        (tmp_path / "x").write_bytes(content)
        return tmp_path / "x"

    monkeypatch.setattr(module, "fetch", fetch)
    assert module._read("tokenizer.json") == content
    [(url, path, known, size)] = asked
    assert url.startswith("https://") and url.endswith("/tokenizer.json") and (known, size) == FILES["tokenizer.json"]
    assert path == ROOT / "data" / "encoder" / "tokenizer.json"

    def fails(*_):
        raise FetchError("long", "no download (ConnectionError)")

    monkeypatch.setattr(module, "fetch", fails)
    with pytest.raises(EncoderMissing, match=r"no download \(ConnectionError\).*requirements-context.txt"):
        module._read("tokenizer.json")


@pytest.mark.parametrize("blocked", ["transformers", "safetensors", "tokenizers"])
def test_without_its_packages_it_says_so(blocked):
    code = f"import sys; sys.modules[{blocked!r}] = None; from helpers import encoder; print(encoder.load_encoder())"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, timeout=120)
    assert done.stdout.splitlines()[-1] == "None" and "stored results are shown: no transformers here" in done.stdout


def test_stored_results_can_be_asked_for(monkeypatch, capsys):
    monkeypatch.setenv("WORD2VEC_CONTEXT", "stored")
    assert load_encoder() is None and "WORD2VEC_CONTEXT is 'stored'" in capsys.readouterr().out
