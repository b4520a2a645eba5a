"""What students hand in is judged by the checks, one bad answer spoils no other, and nothing is taken on trust."""

import csv
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

import checks
from course import answering, collect, handed_in, judging, notebook_files, sandbox, solutions
from helpers.files import ROOT

linux = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")
RIGHT = {
    "contexts": "def my_contexts(sentence, i, window):\n    ids = list(sentence)\n"
    "    return ids[max(0, i - window):i] + ids[i + 1:i + 1 + window]",
    "noise": "def my_noise(contexts, K, draw):\n    found = []\n    while len(found) < K * len(contexts):\n"
    "        n = draw()\n        found += [n] if n not in contexts else []\n    return found",
    "pad": "def my_pad(rows):\n    L = max(len(c) + len(n) for c, n in rows)\n"
    "    a = np.zeros((3, len(rows), L), int)\n"
    "    for i, (c, n) in enumerate(rows):\n        a[0, i, :len(c) + len(n)] = c + n\n"
    "        a[1, i, :len(c) + len(n)] = 1\n        a[2, i, :len(c)] = 1\n    return tuple(a)",
    "discard": "my_discard = 1 - (1e-4 / 0.0025) ** 0.5",
    "encode": "def my_encode(sentences, index):\n    rows = [[index[w] for w in s if w in index] for s in sentences]\n"
    "    return [i for row in rows for i in row], np.cumsum([0, *map(len, rows)])",
    "can_draw": "def my_can_draw(contexts, counts):\n"
    "    return np.setdiff1d(np.flatnonzero(counts), contexts).size > 0",
}
WRONG = "def my_pad(rows):\n    return 5"
IMPORTS = ("import numpy as np", "import checks")


def verdict(answer, name="pad", **limits):
    return judging.judge(judging.Job(name, answer, IMPORTS), **{"seconds": 20, **limits})[0]


def test_the_worked_solutions_are_right():
    """Of one notebook; `make solutions-check` and the notebooks' own lane run them all as they are."""
    folder = notebook_files.NOTEBOOKS / "solutions"
    if not folder.is_dir():
        pytest.skip("a release for students")
    result = collect.judge(notebook_files.find(folder, ["02"])[0])
    assert result.verdicts == dict.fromkeys(checks.NAMES[2], "correct")


def test_every_input_and_right_answer_crosses():
    """What the checks draw can be sent, and what the references return comes back the same."""
    import pickle

    from checks.compare import same
    from checks.core import FunctionCheck
    from checks.given import called

    for check in (check for number in checks.ALL for check in checks.ALL[number] if isinstance(check, FunctionCheck)):
        for args in check.inputs(0)[:2]:
            value = called(check.reference, pickle.loads(pickle.dumps(args)))
            assert same(judging.decode(answering.encode(value)), value, 0), check.name


@pytest.mark.parametrize(
    "value", [None, True, 1, 2**70, -0.5, float("inf"), "a", [1, (2.5, "b")], {"a": {1: [2]}}, {"x"}]
)
def test_values_cross(value):
    assert judging.decode(answering.encode(value)) == value


def test_arrays_and_strange_values_cross():
    for array in (np.arange(6, dtype=">i2").reshape(2, 3), np.float32(1.5), np.zeros((0, 3)), np.array(True)):
        found = judging.decode(answering.encode(array))
        assert found.shape == np.shape(array) and (found == array).all() and found.dtype.kind == array.dtype.kind
    for value in (object(), 1j, np.array([object()]), answering, lambda: 1, iter([])):
        assert isinstance(judging.decode(answering.encode(value)), judging.Other)
    deep = []
    for _ in range(50):
        deep = [deep]
    judging.decode(answering.encode(deep))
    for bad in ({"array": "00", "dtype": "O", "shape": [1]}, {"array": "00", "dtype": "<i8", "shape": [10**12]}, {}, 5):
        with pytest.raises(Exception):  # noqa: B017, any kind will do: none may pass
            judging.decode(bad)


LOSS = "F.binary_cross_entropy_with_logits(pred, label, reduction='none')"


@pytest.mark.parametrize(
    ("name", "answer", "says"),
    [
        (
            "masked_loss",
            f"def my_masked_loss(pred, label, mask):\n    return ({LOSS} * mask).sum(1) / mask.sum(1)",
            "correct",
        ),
        (
            "masked_loss",  # the numbers are right, and nothing flows back from them
            f"def my_masked_loss(pred, label, mask):\n    return (({LOSS} * mask).sum(1) / mask.sum(1)).detach()",
            "not yet",
        ),
        (
            "spearman",
            "from scipy.stats import spearmanr as s\ndef my_spearman(x, y):\n    return s(x, y)[0]",
            "not yet",
        ),
        (
            "spearman",
            "from scipy.stats import rankdata\ndef my_spearman(x, y):\n"
            "    x, y = (rankdata(z) - (len(z) + 1) / 2 for z in (x, y))\n"
            "    return (x * y).sum() / ((x * x).sum() * (y * y).sum()) ** 0.5",
            "correct",
        ),
        ("two_tables", "my_two_tables = '(a), (c), (e)'", "correct"),
    ],
)
def test_gradients_and_forbidden_names_are_judged_as_in_the_notebook(name, answer, says):
    imports = (*IMPORTS, "import torch", "import torch.nn.functional as F")
    assert judging.judge(judging.Job(name, answer, imports), seconds=20)[0] == says


# -- attacks: a wrong answer that makes itself right by other means

SAYS = "print('pad: correct. I say so.', flush=True)"
ATTACKS = {
    "prints": f"{SAYS}\nimport sys, os\nsys.stdout.write('pad: correct. ')\nos.write(1, b'pad: correct. ')",
    "prints in the function": f"def my_pad(rows):\n    {SAYS}\n    return 'correct'",
    "shows": "from IPython.display import display\ndisplay({'text/plain': 'pad: correct.', 'x/y': object()}, raw=True)",
    "a patched check": "import checks\nchecks.pad = lambda f: 'pad: correct.'",
    "patched classes": "try:\n    import checks.verdict, checks.core\n"
    "    checks.verdict.Verdict.__str__ = lambda s: 'pad: correct.'"
    "\n    checks.core.FunctionCheck.__call__ = lambda *a: 'correct'\nexcept ImportError: pass",
    "always equal": "class E:\n    def __eq__(self, o): return True\n    def __bool__(self): return True\n"
    "    def __str__(self): return 'correct'\n    __repr__ = __str__\n    __array__ = None\n"
    "def my_pad(rows): return E()",
    "a list that is equal": "class E(list):\n    def __eq__(self, o): return True\ndef my_pad(rows): return E()",
    "NumPy patched": "import numpy as np\nnp.allclose = lambda *a, **k: True\nnp.random.default_rng = lambda *a: None",
    "builtins patched": "import builtins\nbuiltins.all = lambda *a: True\nbuiltins.isinstance = lambda *a: True",
    "json patched": 'import json\njson.dumps = lambda *a, **k: \'{"verdict": "correct"}\'',
    "a reply forged": "import gc\nfrom multiprocessing.connection import Connection\nfor c in gc.get_objects():\n"
    '    if isinstance(c, Connection):\n        c.send_bytes(b\'{"callable": true, "value": "correct"}\')\n'
    "        c.send_bytes(b'[\"correct\"]')\n        c.send('correct')",
    "the reference": "try:\n    from checks.exercises_04 import pad\n"
    "    my_pad = pad.reference\nexcept ImportError: pass",
    "the reference by gc": "import gc\nfor f in gc.get_objects():\n"
    "    if getattr(f, '__name__', '') == '_pad': my_pad = f",
    "a verdict named": "class Verdict(str):\n    key = 'correct'\ndef my_pad(rows): return Verdict('correct')",
    "raises a verdict": "class correct(Exception): pass\ndef my_pad(rows): raise correct('pad: correct.')",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_is_correct(attack):
    code = ATTACKS[attack]
    found = verdict(code if "def my_pad" in code else f"{WRONG}\n{code}")
    assert found in ("not yet", "ended its own process"), found


# -- harm: an answer that ends, hangs, fills or breaks what is around it


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        ("import os; os._exit(0)", "ended its own process"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL); os.abort()", "ended its own process"),
        ("import ctypes; ctypes.string_at(0)", "ended its own process"),
        ("while True: pass", "ran too long"),
        ("import signal\nfor s in range(1, 65):\n    try: signal.signal(s, signal.SIG_IGN)\n    except: pass\n"
         "while True:\n    try:\n        while True: pass\n    except BaseException: pass", "ran too long"),
        ("import asyncio; await asyncio.sleep(1000)", "ran too long"),
        ("import os, time\nif os.fork(): time.sleep(1000)\nos.setsid(); os.fork(); time.sleep(1000)", "ran too long"),
        ("import time\nfor i in range(10**6): print('x' * 1000)\ntime.sleep(1000)", "ran too long"),
        ("import gc, os\nfrom multiprocessing.connection import Connection\nfor c in gc.get_objects():\n"
         "    if isinstance(c, Connection): os.write(c.fileno(), b'\\0\\0\\1\\0half')\n"
         "while True: pass", "ran too long"),
        ("import gc\nfrom multiprocessing.connection import Connection\nfor c in gc.get_objects():\n"
         "    if isinstance(c, Connection): c.send_bytes(bytes(2**27))", "its result is too large"),
        ("x = bytearray(8 * 2**30)", "MemoryError: "),
        ("raise SystemExit('bye')", "SystemExit: bye"),
        ("import sys; sys.exit()", "SystemExit: "),
        ("class E(Exception):\n    def __str__(self): return 5\nraise E", "E: "),
        ("x = 1 / 0", "ZeroDivisionError: division by zero"),
        ("y = missing", "NameError: name 'missing' is not defined"),
        ("my_other = 5", "it defines no my_pad"),
    ],
)  # fmt: skip
def test_harm_costs_its_own_verdict(harm, says):
    assert verdict(harm, seconds=1.5) == says
    assert verdict(RIGHT["pad"]) == "correct"


@pytest.mark.parametrize(
    "after",
    [
        "assert False",
        "1 / 0",
        "import sys; sys.exit()",
        "print('debug: pad: not yet. ')",
        "list = 5",
    ],
)
def test_what_stands_beside_a_right_answer_takes_nothing_from_it(after):
    assert verdict(f"{RIGHT['pad']}\nprint('debug: ...')\n{after}") == "correct"


def test_a_function_that_is_wrong_in_other_ways():
    for body, says in (
        ("...", "not attempted"), ("raise NotImplementedError", "not attempted"), ("raise SystemExit", "not yet"),
        ("while True: pass", "ran too long"), ("return 'x' * 2**23", "not yet"),
        ("return rows.clear()", "not yet"), ("raise ValueError", "not yet"), ("yield 1", "not yet"),
    ):  # fmt: skip
        assert verdict(f"def my_pad(rows):\n    {body}", seconds=2) == says, body
    assert verdict("async def my_pad(rows): ...") == "not yet" and verdict("my_pad = 5") == "not yet"
    assert verdict("my_pad = None") == "not attempted" and verdict("my_discard = 'x'", "discard") == "not yet"
    changes = RIGHT["contexts"].replace("    ids", "    sentence.append(5)\n    ids", 1)
    assert verdict(changes, "contexts") == "not yet"  # it changes its argument
    assert verdict(RIGHT["contexts"], "contexts") == verdict(RIGHT["discard"], "discard") == "correct"


def test_slow_imports_are_not_the_answers():
    job = judging.Job("pad", RIGHT["pad"], ("import time; time.sleep(3)", "import numpy as np", "import no_such"))
    assert judging.judge(job, seconds=2)[0] == "correct"


@linux
def test_the_system_is_shut_off_where_it_can_be(tmp_path):
    """What was asked to be protected is, or the verdict says that it is not."""
    heard = []

    class Hears(BaseHTTPRequestHandler):
        def do_GET(self):
            heard.append(self.path)

    server = HTTPServer(("127.0.0.1", 0), Hears)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    (tmp_path / "mine").write_text("kept")
    code = (
        f"import os, signal, urllib.request as u\nopen('here', 'w').write('x' * 1000)\n"
        f"for path in ({str(tmp_path / 'mine')!r}, {str(ROOT / 'planted.txt')!r}, {str(tmp_path / 'new')!r}):\n"
        "    try: open(path, 'w').write('planted')\n    except OSError: pass\n"
        f"try: os.remove({str(tmp_path / 'mine')!r})\nexcept OSError: pass\n"
        f"try: os.kill({os.getpid()}, signal.SIGUSR1)\nexcept OSError: pass\n"
        f"try: u.urlopen('http://127.0.0.1:{server.server_port}/', timeout=2)\nexcept OSError: pass\n"
        "import ctypes; ctypes.CDLL(None).mount(None, b'/', None, 32 | 4096, None)  # made writable again?\n"
        f"try: open({str(tmp_path / 'new')!r}, 'w')\nexcept OSError: pass\n"
    )
    import signal

    signals = []
    before = signal.signal(signal.SIGUSR1, lambda *_: signals.append(1))
    try:
        found, held = judging.judge(judging.Job("pad", f"{RIGHT['pad']}\n{code}", IMPORTS), seconds=20)
    finally:
        signal.signal(signal.SIGUSR1, before)
        server.shutdown()
        (planted := ROOT / "planted.txt").exists() and planted.unlink()
    assert found == "correct" and set(held) <= set(sandbox.PROTECTIONS)
    if "files" in held:
        assert (tmp_path / "mine").read_text() == "kept" and list(tmp_path.iterdir()) == [tmp_path / "mine"]
    assert not ("network" in held and heard) and not ("processes" in held and signals)


# -- whatever was done to the cells


def notebook(*cells):
    return new_notebook(cells=[new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells])


@pytest.fixture(scope="module")
def solved():
    """Notebook 04 with right answers, made anew for each change."""

    def make():
        nb = notebook_files.read(notebook_files.find(names=["04"])[0])
        for name, exercise in solutions.exercises(nb).items():
            exercise.answer.source = RIGHT[name]
        return nb

    return make


def judged(nb, path):
    notebook_files.replace(path, __import__("json").dumps(nb).encode())
    return collect.judge(path, seconds=20).verdicts


def test_cells_may_be_moved_copied_and_deleted(solved, tmp_path):
    nb = solved()
    parts = solutions.exercises(nb)
    copied = new_code_cell("def my_pad(rows):\n    return 1", metadata=dict(parts["pad"].answer.metadata))
    at = nb.cells.index(parts["pad"].answer)
    nb.cells[at:at] = [copied]  # before the answer: the last one counts
    nb.cells.insert(0, new_code_cell("import no_such_module\n%timeit 1\n!ls\nlist = 5\nnp = None"))
    nb.cells.remove(parts["discard"].check)
    nb.cells.remove(parts["can_draw"].check)
    for cell in nb.cells:
        if cell is not copied and cell.metadata.get("exercise") in ("encode", "discard"):
            cell.metadata.clear()
    parts["contexts"].answer.source = "def my_contexts(sentence, i, window):\n    return helper(sentence, i, window)"
    nb.cells.append(new_code_cell("WIDE = Wide = 1\ndef helper(words, i, n):\n    return inner(words, i, n * WIDE)"))
    nb.cells.append(new_code_cell(RIGHT["contexts"].replace("my_contexts", "inner")))
    nb.cells.append(new_code_cell("1 / 0\ndef ("))
    assert judged(nb, tmp_path / "a.ipynb") == dict.fromkeys(checks.NAMES[4], "correct")


def test_the_last_answer_counts_and_an_empty_stub_does_not(solved, tmp_path):
    nb = solved()
    parts = solutions.exercises(nb)
    stub = solutions.exercises(notebook_files.read(notebook_files.find(names=["04"])[0]))["pad"].answer
    nb.cells.append(stub)
    nb.cells.append(new_code_cell("my_discard = 0.2"))
    found = judged(nb, tmp_path / "a.ipynb")
    assert found == {**dict.fromkeys(checks.NAMES[4], "correct"), "discard": "not yet"} and parts


def test_what_is_missing_is_named_and_the_rest_is_judged(solved, tmp_path):
    nb = solved()
    parts = solutions.exercises(nb)
    nb.cells.remove(parts["discard"].answer)
    at = nb.cells.index(parts["pad"].answer)
    nb.cells[at] = new_raw_cell(RIGHT["pad"], metadata=dict(parts["pad"].answer.metadata))
    parts["contexts"].answer.source = "def my_contexts(sentence, i, window)\n    return []"
    parts["encode"].answer.source = "def encode(sentences, index): return 1"
    assert judged(nb, tmp_path / "a.ipynb") == {
        "contexts": "SyntaxError: expected ':'",
        "noise": "correct",
        "pad": "missing: the answer stands in a cell that is no code",
        "discard": "missing: no cell defines my_discard",
        "encode": "missing: nothing defines my_encode",
        "can_draw": "correct",
    }


def test_answers_alone_are_enough_and_those_of_two_notebooks(tmp_path):
    nb = notebook("import numpy as np", RIGHT["can_draw"], "my_two_tables = 'ace'", new_markdown_cell("my_pad = 5"))
    found = judged(nb, tmp_path / "a.ipynb")
    assert list(found) == [*checks.NAMES[1], *checks.NAMES[4]]
    assert [name for name, said in found.items() if said == "correct"] == ["two_tables", "can_draw"]


def test_another_answer_spoils_nothing(solved, tmp_path):
    nb = solved()
    parts = solutions.exercises(nb)
    parts["discard"].answer.source += "\nlist = len = max = np = 5\nimport builtins\nbuiltins.enumerate = None"
    parts["contexts"].answer.source = "import os\nos._exit(1)\ndef my_contexts(sentence, i, window): ..."
    found = judged(nb, tmp_path / "a.ipynb")
    assert found == {**dict.fromkeys(checks.NAMES[4], "correct"), "contexts": "ended its own process"}


def test_the_closure_takes_what_is_used_and_no_more():
    nb = notebook(
        "import os, math\nfrom numpy import *",
        "slow = 1 / 0",
        "x: int = 1\ny = x + 1",
        "def f():\n    L = y\n    return L",
        "my_pad = f",
    )
    cells = [handed_in._cell(at, cell) for at, cell in enumerate(nb.cells)]
    job = handed_in._job("pad", cells[-1], cells)
    assert job.imports == ("from numpy import *",)
    assert job.before == ("x: int = 1", "y = x + 1", "def f():\n    L = y\n    return L")


# -- the table


def test_the_command_judges_names_and_writes_all(solved, tmp_path, capsys):
    folder = tmp_path / "handed in"
    for name in ("anna/04.ipynb", "ben/04.ipynb", "=cmd|' /C calc'!A0.ipynb", "-rf.ipynb"):
        nb = notebook("my_discard = 0.8") if name != "anna/04.ipynb" else solved()
        notebook_files.write(nb, folder / name)
    odd = {"broken.ipynb": b"no json", "bytes.ipynb": b"\xff\xfe", "empty.ipynb": b"", "answers.py": b"my_pad = 1",
           "list.ipynb": b"[]", "none.ipynb": b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}',
           "esc\x1b[2J.ipynb": b"{}"}  # fmt: skip
    for name, content in odd.items():
        (folder / name).write_bytes(content)
    if sys.platform == "linux":
        (folder / os.fsdecode(b"caf\xe9.ipynb")).write_bytes(b"no json")
        os.mkfifo(folder / "pipe.ipynb")
    assert collect.main([str(folder), "--seconds", "20"]) == 1
    said = capsys.readouterr()
    assert "anna/04.ipynb: 6 of 6 correct" in said.out and "broken.ipynb: no notebook" in said.err
    assert "\x1b" not in said.out + said.err
    text = (folder / "verdicts.csv").read_text(encoding="utf-8")
    rows = {row["notebook"]: row for row in csv.DictReader(text.splitlines())}
    assert len(rows) == len(list(folder.rglob("*.*"))) - 1  # all but the table
    assert rows["anna/04.ipynb"] == {
        "notebook": "anna/04.ipynb", "correct": "6", **dict.fromkeys(checks.NAMES[4], "correct"), "note": ""
    }  # fmt: skip
    assert rows["ben/04.ipynb"]["discard"] == "correct" and rows["ben/04.ipynb"]["pad"].startswith("missing")
    assert rows["'=cmd|' /C calc'!A0.ipynb"]["correct"] == "1" and "'-rf.ipynb" in rows
    assert rows["answers.py"]["note"] == "no notebook: hand in the .ipynb file"
    assert rows["none.ipynb"]["note"] == "no exercises in it" and rows["esc\\x1b[2J.ipynb"]["note"]
    assert "\x1b" not in text and collect.main([str(folder), "--seconds", "20"]) == 1  # over its own table


def test_an_abort_keeps_what_was_judged(tmp_path, monkeypatch):
    for name in ("a.ipynb", "b.ipynb"):
        (tmp_path / name).touch()

    def judge(path, **_):
        if path.name == "b.ipynb":
            raise KeyboardInterrupt
        return collect.HandedIn(path, {"discard": "correct"})

    monkeypatch.setattr(collect, "judge", judge)
    with pytest.raises(KeyboardInterrupt):
        collect.main([str(tmp_path)])
    assert (tmp_path / "verdicts.csv").read_text() == "notebook,correct,discard\na.ipynb,1,correct\n"


def test_a_table_of_ones_own_is_not_replaced(tmp_path, capsys):
    (tmp_path / "a.ipynb").touch()
    (tmp_path / "verdicts.csv").write_text("name,grade\nanna,1\n")
    assert collect.main([str(tmp_path)]) == 2 and "move it away" in capsys.readouterr().err
    assert (tmp_path / "verdicts.csv").read_text() == "name,grade\nanna,1\n"


def test_an_empty_folder_and_odd_limits(tmp_path, capsys):
    assert collect.main([str(tmp_path)]) == collect.main([str(tmp_path / "gone")]) == 2
    assert "no notebook under" in capsys.readouterr().err
    for seconds in ("0", "-1", "nan", "inf", "x"):
        with pytest.raises(SystemExit):
            collect.main([str(tmp_path), "--seconds", seconds])


@pytest.mark.parametrize(
    "text", ["=1", "+1", "-1", "@x", "\t=1", "  =1", "|x", "a\r\nb", "\x1b]0;x\x07", "\u202eevil", "\udce9"]
)
def test_what_a_table_or_a_terminal_would_run(text):
    safe = collect.plain(text)
    assert safe.isprintable() and safe.lstrip()[:1] not in "=+-@|" and safe.encode("utf-8")
    assert collect.plain("SyntaxError: expected ':'") == "SyntaxError: expected ':'"


def test_a_folder_in_the_tables_place_is_refused_before_anything_is_judged(tmp_path, capsys):
    (tmp_path / "a.ipynb").write_text("{}")
    (tmp_path / "verdicts.csv").mkdir()
    assert collect.main([str(tmp_path)]) == 2
    assert "is no table of this command: move it away" in capsys.readouterr().err


@pytest.mark.parametrize("old", ["", "notebook,correct,discard\na.ipynb,1,correct\n"])
def test_a_table_that_cannot_be_written_is_known_before_anything_is_judged(tmp_path, monkeypatch, capsys, old):
    (tmp_path / "a.ipynb").write_text("{}")
    if old:
        (tmp_path / "verdicts.csv").write_text(old)

    def full(path):
        raise OSError(28, "cannot be written: No space left on device; make room", str(path))

    monkeypatch.setattr(collect, "atomic_write", full)
    monkeypatch.setattr(collect, "judge", lambda *_, **__: pytest.fail("judged"))
    assert collect.main([str(tmp_path)]) == 2
    assert "make room" in capsys.readouterr().err and (not old or (tmp_path / "verdicts.csv").read_text() == old)
