"""Each check against its right answer and its foreseen mistakes, and what a check says in its two steps."""

import copy
import inspect
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

import checks
from checks import advice, mine
from checks.core import INDEXING, FunctionCheck, NumberCheck, StatementsCheck
from checks.running import Raised
from checks.verdict import Mistake

EACH = [check for several in checks.ALL.values() for check in several]
FUNCTIONS = [check for check in EACH if isinstance(check, FunctionCheck)]
NUMBERS = [check for check in EACH if isinstance(check, NumberCheck)]
SEEDS = range(2)  # inputs are drawn anew: what is caught with one draw must be caught with any
TAME = {}  # exercises without hostile inputs, with the reason


def name_of(check):
    return check.name


WRONG = [(check, mistake) for check in (*FUNCTIONS, *NUMBERS) for mistake in check.mistakes]


def ask(check, answer, seed, **options):
    return (
        check.verdict(answer, seed, **options) if isinstance(check, FunctionCheck) else check.verdict(answer, **options)
    )


# -- all checks


def test_exercises_have_names_of_their_own_and_no_modules():
    assert sorted(checks.ALL) == list(range(1, len(checks.NAMES) + 1))
    names = [check.name for check in EACH]
    assert len(set(names)) == len(names)
    assert all(getattr(checks, check.name) is check for check in EACH)
    assert set(names) < set(checks.__all__) <= set(dir(checks))
    assert not set(names) & {path.stem for path in Path(checks.__file__).parent.glob("*.py")}
    with pytest.raises(AttributeError, match="lokup"):
        checks.lokup  # noqa: B018
    with pytest.raises(KeyError):
        checks.ALL[99]


@pytest.mark.parametrize("check", EACH, ids=name_of)
def test_four_mistakes_at_least_and_a_hint_for_each(check):
    if isinstance(check, StatementsCheck):
        hints = [why for _, why in check.statements.values()]
        assert 0 < len(check.value) < len(check.statements)
    else:
        hints = [mistake.hint for mistake in check.mistakes]
        names = [mistake.name for mistake in check.mistakes]
        assert len(set(names)) == len(names)
    assert len(hints) >= 4
    for hint in hints:
        assert len(hint.split()) >= 5 and hint.rstrip().endswith((".", "?")), hint
        assert not re.search(r"[`$]|\*\*|\bsimply\b|\bobviously\b|\bjust\b|\btrap T", hint), hint


@pytest.mark.parametrize("check, mistake", WRONG, ids=lambda x: x.name)
def test_a_foreseen_mistake_gets_its_hint_on_request(check, mistake):
    for seed in SEEDS:
        verdict = ask(check, mistake.answer, seed, hint=True)
        assert (verdict.key, verdict.hint) == (mistake.name, mistake.hint)
        assert mistake.hint in str(verdict) and mistake.hint not in str(ask(check, mistake.answer, seed))


@pytest.mark.parametrize("check", [check for check in FUNCTIONS if check.name not in TAME], ids=name_of)
def test_a_code_exercise_has_hostile_inputs(check):
    assert len(check.hostile) >= 2 and all(check.hostile)


def form_of(kind, value, gradient=False):
    """A result as NumPy, PyTorch or nested lists give it."""
    if isinstance(value, (tuple, list)) and any(isinstance(x, (torch.Tensor, np.ndarray)) for x in value):
        return type(value)(form_of(kind, x) for x in value)
    if not isinstance(value, (torch.Tensor, np.ndarray, list)) or isinstance(value, list) and kind == "lists":
        return value
    if isinstance(value, list) and not all(isinstance(x, (int, float)) for x in value):
        return value
    array = value.detach().numpy() if isinstance(value, torch.Tensor) else np.asarray(value)
    return {"NumPy": array, "PyTorch": torch.as_tensor(array.copy()), "lists": array.tolist()}[kind]


@pytest.mark.parametrize("kind", ["NumPy", "PyTorch", "lists"])
@pytest.mark.parametrize("check", FUNCTIONS, ids=name_of)
def test_every_reference_is_right_in_every_form(check, kind):
    for reference in (check.reference, *check.also):
        assert check.verdict(reference, 5), str(check.verdict(reference, 5, hint=True))
        answer = lambda *args: form_of(kind, reference(*args))  # noqa: B023, E731
        verdict = check.verdict(answer, 6, hint=True)
        assert verdict.key == ("no gradient" if check.gradient else "correct"), str(verdict)


# -- mistakes that any function can have


def change(value):
    """Change something of an argument in place; whether that can be."""
    if isinstance(value, list) and value:
        return change(value[0]) if not isinstance(value[0], (int, float, str)) else value.append(value[0]) is None
    if isinstance(value, tuple):
        return any(change(x) for x in value)
    if isinstance(value, dict) and value:
        value[next(iter(value))] = None
    elif isinstance(value, nn.Module):
        next(value.parameters()).data.add_(1)
    elif isinstance(value, (torch.Tensor, np.ndarray)) and np.prod(value.shape):
        value = value.data if isinstance(value, torch.Tensor) else value
        value[...] = ~value if value.dtype in (bool, torch.bool) else value + 1
    else:
        return False
    return True


CALLED = [check for check in FUNCTIONS if not any(hasattr(arg, "play") for arg in check.inputs(0)[0])]


@pytest.mark.parametrize("check", [check for check in CALLED if check.name != "step"], ids=name_of)  # its task
def test_damage_to_an_argument_is_seen_even_if_the_result_is_right(check):
    if not any(map(change, check.inputs(0)[-1])):
        return  # numbers alone

    def answer(*args):
        result = check.reference(*copy.deepcopy(args))
        any(map(change, args))
        return result

    verdict = check.verdict(answer, 0)
    assert verdict.key == "in place" and "argument number" in verdict.text


@pytest.mark.parametrize("check", FUNCTIONS, ids=name_of)
def test_an_answer_written_down_does_not_pass(check):
    value = check.ran(check.reference, check.draw(np.random.default_rng(99))).value
    value = value.detach() if isinstance(value, torch.Tensor) else value
    for seed in SEEDS:
        assert not check.verdict(lambda *args: copy.deepcopy(value), seed)


def fails(*args):
    raise RuntimeError("size mismatch" + "\nsecret"[:7])


@pytest.mark.parametrize("check", FUNCTIONS, ids=name_of)
def test_an_error_is_shown_with_its_line_and_input(check):
    verdict = check.verdict(fails, 0, hint=True)
    assert verdict.key == "error" and verdict.text.count("secret") == 1  # in the line alone
    assert "RuntimeError: size mismatch" in verdict.text and 'raise RuntimeError("size' in verdict.text
    assert "same k on both sides" in verdict.hint and "Traceback" not in str(verdict)


@pytest.mark.parametrize("check", EACH, ids=name_of)
def test_what_was_not_attempted_is_not_wrong(check):
    def stub(*args): ...

    def documented(*args):
        """What it will do."""

    def raising(*args):
        raise NotImplementedError

    answers = (None, ..., stub, documented, raising, lambda *args: ...)
    answers = answers if isinstance(check, FunctionCheck) else (None, ..., "", " ")
    for answer in answers:
        verdict = check.verdict(answer)
        assert verdict.key == "not attempted" and not verdict.hint and str(verdict) == str(check.verdict(answer))


# -- one check, made for the purpose


def centred(x):
    return x - x.mean()


def made(**changes):
    draw = lambda rng: (torch.tensor(rng.normal(size=rng.integers(2, 9)), dtype=torch.float32),)  # noqa: E731
    settings = {
        "name": "centred",
        "reference": centred,
        "draw": draw,
        "right": "The mean is 0.",
        "mistakes": [Mistake("sum", lambda x: x - x.sum(), "You subtract the sum. Divide by how many there are.")],
        "hostile": {"one number": lambda rng: (torch.ones(1),), "large": lambda rng: (torch.tensor([3e4, -3e4]),)},
    }
    return FunctionCheck(**{**settings, **changes})


def test_the_smallest_input_that_fails_is_shown_and_can_be_made_again():
    check = made()
    answer = lambda x: x - x.mean() + (x > 1e4)  # noqa: E731
    text = str(check.verdict(answer, 7))
    assert "1 of 10 inputs fail; the smallest (large):" in text and "x = [3e+04, -3e+04]" in text
    assert "First difference at [0]: yours 30001, wanted 30000. 1 of 2 entries differ." in text
    assert "Again: my_centred(*checks.centred.inputs(7)[1])" in text
    assert torch.equal(check.inputs(7)[1][0], torch.tensor([3e4, -3e4]))
    assert text.endswith("For a hint: checks.centred(my_centred, hint=True)")
    assert all(torch.equal(a[0], b[0]) for a, b in zip(check.inputs(3), check.inputs(3)))
    seeds = {re.search(r"inputs\((\d+)\)", str(check.verdict(lambda x: x))).group(1) for _ in range(5)}
    assert len(seeds) > 1  # drawn anew


def test_a_hint_that_explains_most_inputs_says_so():
    nearly = lambda x: x - x.sum() if len(x) < 8 else x * 0 + 7  # noqa: E731
    for seed in range(5):
        verdict = made().verdict(nearly, seed, hint=True)
        if any(len(args[0]) >= 8 for args in made().inputs(seed)):
            assert verdict.key == "other" and verdict.hint.startswith("On most of the inputs that fail")
            break
    else:
        pytest.fail("no seed drew such inputs")
    assert made().verdict(lambda x: x + 1, 0, hint=True).hint == advice.GENERAL


def test_only_the_answers_own_warnings_are_heard(recwarn):
    check = made(mistakes=[Mistake("log", lambda x: np.log(0 * x.numpy()), "Not heard.")])
    assert not check.verdict(lambda x: x, 0) and not recwarn
    assert not check.verdict(lambda x: np.log(0 * x.numpy()), 0) and "divide by zero" in str(recwarn[0].message)


def test_what_is_no_function_or_returns_nothing():
    def forgotten(x):
        y = x - x.mean()  # noqa: F841

    check = made()
    assert check.verdict([1, 2]).key == "no function"
    assert check.verdict(forgotten, 0).key == "no value"
    verdict = check.verdict(lambda x: x - x.mean() if len(x) > 1 else None, 0)
    assert verdict.key == "no value" and "On some inputs" in verdict.text and "(one number)" in verdict.text
    assert check.verdict(lambda x: (y for y in x - x.mean()), 0, hint=True).hint.startswith("That is a generator")
    assert "broadcast" in check.verdict(lambda x: centred(x)[None], 0, hint=True).hint
    assert "broadcast" not in check.verdict(lambda x: [centred(x).tolist()], 0, hint=True).hint
    assert check.verdict(lambda x: centred(x) / 0, 0).key == "not finite"
    assert check.verdict(lambda x: [1.0, 2.0], 0).key in ("shape", "constant")

    def ends(x):
        raise SystemExit

    assert check.verdict(ends, 0).key == "error"


@pytest.mark.parametrize(
    "odd",
    [10**400, -(10**400), 10**5000, [10**400, 1], torch.zeros(2, device="meta"), [torch.zeros((), device="meta"), 1]],
    ids=["large", "small", "too long for repr", "in a list", "meta", "meta in a list"],
)
def test_what_no_array_can_hold_is_a_wrong_answer(odd):
    several = made(reference=lambda x: centred(x)[:2])
    one = made(reference=lambda x: 7, hostile={}, mistakes=[Mistake("8", lambda x: 8, "It is one less than that.")])
    for check in (made(), several, one):
        verdict = check.verdict(lambda x: odd, 0, hint=True)
        assert not verdict and "wanted" in verdict.text and verdict.hint
    if isinstance(odd, torch.Tensor):
        assert "device meta" in verdict.text and "no numbers" in verdict.hint


def test_another_reference_counts_if_it_agrees_on_all_inputs():
    population, sample = (lambda x, d=d: x.var(correction=d) if len(x) > 1 else x.sum() * 0 for d in (0, 1))
    check = made(reference=population, also=[sample])
    assert check.verdict(population, 1) and check.verdict(sample, 1)
    assert not check.verdict(lambda x: (population if len(x) % 2 else sample)(x), 1)
    assert "wanted" in str(check.verdict(lambda x: sample(x) * (1 if x.max() < 2e4 else 2), 1))


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        (centred, "correct"),
        (lambda x: x - sum(x) / len(x), "correct"),
        (lambda x: torch.stack([y - x.mean() for y in x]), "correct"),
        (lambda x: x - x.mean().detach(), "no gradient"),
        (lambda x: centred(x).detach(), "no gradient"),
        (lambda x: centred(x).tolist(), "no gradient"),
        (lambda x: torch.tensor(centred(x).tolist(), requires_grad=True), "no gradient"),
        (lambda x: x.numpy() - x.numpy().mean(), "error"),
        (lambda x: x.sub_(x.mean()), "error"),
        (lambda x: x - x.sum(), "sum"),
    ],
)
def test_a_gradient_that_is_wanted_has_to_be_right(answer, key):
    verdict = made(gradient=(0,)).verdict(answer, 2, hint=True)
    assert verdict.key == key, str(verdict)
    if key == "no gradient":
        assert "wanted" in verdict.text and "cut it" in verdict.hint


def test_the_gradient_of_a_module_and_autograd_inside_of_an_answer():
    def draw(rng):
        return torch.tensor(rng.integers(0, 5, 4)), nn.Embedding(5, 2)

    def by_autograd(ids, embed):
        layer = nn.Embedding.from_pretrained(embed.weight.detach().clone(), freeze=False)
        layer(ids).pow(2).sum().backward()
        return layer.weight.grad

    def by_hand(ids, embed):
        return torch.zeros(5, 2).index_add(0, ids, 2 * embed.weight.detach()[ids])

    assert made(reference=by_hand, draw=draw, hostile={}).verdict(by_autograd, 0)
    check = made(reference=lambda ids, embed: embed(ids), draw=draw, hostile={}, gradient=(1,), mistakes=[])
    assert check.verdict(lambda ids, embed: nn.functional.one_hot(ids, 5).float() @ embed.weight, 0)
    verdict = check.verdict(lambda ids, embed: embed.weight.data[ids], 0)
    assert verdict.key == "no gradient" and "yours: none" in verdict.text


def test_names_that_are_forbidden_are_found_in_what_an_answer_calls():
    from scipy import stats
    from scipy.stats import zscore as renamed

    check = made(forbid={"zscore": "Compute it yourself."})
    helper = lambda x: renamed(x)  # noqa: E731
    for answer in (
        lambda x: stats.zscore(x),
        lambda x: renamed(x),
        lambda x: helper(x),
        renamed,
        lambda x: vars(stats)["zscore"](x),
    ):
        verdict = check.verdict(answer, 0)
        assert verdict.key == "forbidden" and "Compute it yourself." in verdict.text
    assert check.verdict(centred, 0)


def test_operations_that_are_forbidden_on_a_table():
    def draw(rng):
        return torch.tensor(rng.integers(0, 5, (2, 3))), torch.tensor(rng.normal(size=(5, 2)))

    F = nn.functional
    check = made(
        reference=lambda ids, weight: weight[ids],
        draw=draw,
        hostile={},
        guarded=(1,),
        forbid_ops=dict.fromkeys(INDEXING, "Multiply."),
    )
    for answer in (
        lambda ids, weight: weight[ids],
        lambda ids, weight: F.embedding(ids, weight),
        lambda ids, weight: nn.Embedding.from_pretrained(weight)(ids),
        lambda ids, weight: weight.index_select(0, ids.flatten()).view(2, 3, 2),
        lambda ids, weight: torch.from_numpy(weight.numpy()[ids]),
        lambda ids, weight: torch.stack([torch.stack([weight[i] for i in row]) for row in ids.tolist()]),
        lambda ids, weight: weight.clone()[ids],
        lambda ids, weight: (weight * 1)[ids],
        lambda ids, weight: weight.T[:, ids].permute(1, 2, 0),
        lambda ids, weight: torch.stack(list(weight))[ids],
        lambda ids, weight: torch.tensor(weight.tolist())[ids],
    ):
        assert check.verdict(answer, 0).key == "forbidden", inspect.getsource(answer)
    for answer in (
        lambda ids, weight: F.one_hot(ids, len(weight)).to(weight) @ weight,
        lambda ids, weight: torch.einsum("blv,vd->bld", F.one_hot(ids, 5).double(), weight),
        lambda ids, weight: (ids[..., None] == torch.arange(5)).double() @ weight,
        lambda ids, weight: torch.stack([F.one_hot(ids, 5).double() @ weight[:, d] for d in range(2)], -1),
        lambda ids, weight: torch.stack([torch.eye(5).double()[row] @ weight for row in ids]),
        lambda ids, weight: (weight.T @ F.one_hot(ids, 5).double().transpose(1, 2)).transpose(1, 2),
        lambda ids, weight: (F.one_hot(ids, 5)[..., None] * weight[None, None]).sum(2),
    ):
        assert check.verdict(answer, 0), str(check.verdict(answer, 0))


def test_an_answer_that_is_right_is_kept_and_what_cannot_be_kept_is_said(monkeypatch):
    kept = []
    monkeypatch.setattr(mine, "keep", lambda name, answer: kept.append(name))
    check = made()
    assert check(centred) and not check(lambda x: x) and kept == ["centred"]
    number = NumberCheck("sum", 4, [], "2 + 2.")
    statements = StatementsCheck("which", {"a": (True, "Yes."), "b": (False, "No.")})
    assert number(4) and statements("a") and not number(5) and not statements("b")
    assert kept == ["centred", "sum", "which"]
    monkeypatch.setattr(mine, "keep", lambda name, answer: "Not kept: no name.")
    assert check(centred).text == "The mean is 0. Not kept: no name." and "Not kept" not in str(check(lambda x: x))


# -- how a verdict looks


def test_a_verdict_is_text_and_html_with_the_hint_folded():
    bundle = made().verdict(lambda x: x - x.sum(), 0)._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html"}
    assert bundle["text/plain"].startswith("centred: not yet. ") and "subtract the sum" not in bundle["text/plain"]
    html = bundle["text/html"]
    assert "<b>centred: not yet.</b>" in html and "<b>yours</b>" in html and "<b>wanted</b>" in html
    assert "<details><summary>Hint</summary>You subtract the sum." in html and "#D55E00" in html
    assert "<details open>" in made().verdict(lambda x: x - x.sum(), 0, hint=True).html()
    assert "&lt;" in checks.Verdict("x", "other", "a < b").html() and Raised(ValueError("x")).text == "x"
    assert "&lt;b&gt;" in made().verdict(lambda x: "<b>", 0).html()
