"""Whether a notebook's cells can be run again: python -m tests.notebooks.rerun 03 [04 ...]

After all cells have run, each runs once more, in order, and then in a shuffled order that keeps definitions before
uses. What they print must be what they printed first. In notebooks of the lax lane numbers may differ.
"""

import argparse
import ast
import copy
import random
import re
import sys

from course import notebook_files, run

NUMBER = re.compile(r"[+−-]?\d[\d,.]*(e[+-]?\d+)?%?")


def names(source):
    """(names that a cell defines, names that it reads and has not defined before)."""
    from tests.notebooks.notebook_rules import parse

    found, needed = set(), set()
    for node in parse(source).body:
        inner = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
        needed |= {n.id for n in inner if not isinstance(n.ctx, ast.Store)} - found
        found |= {n.id for n in inner if isinstance(n.ctx, ast.Store)}
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.add(node.name)
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return found, needed


def shuffled(sources, seed):
    """A random order of cells in which each stands after the cell that last defined what it reads."""
    before, defined = [], {}
    for i, source in enumerate(sources):
        found, needed = names(source)
        before.append({defined[name] for name in needed if name in defined})
        defined.update(dict.fromkeys(found, i))
    rng, order, left = random.Random(seed), [], set(range(len(sources)))
    while left:
        ready = sorted(i for i in left if not before[i] & left)
        order.append(rng.choice(ready))
        left.remove(order[-1])
    return order


def printed(cell, lax):
    """What a cell printed, its errors and values included."""
    texts = []
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stdout":
            texts.append(output.text)
        elif output.output_type == "error":
            texts.append(f"{output.ename}: {output.evalue}")
        elif "image/png" not in output.get("data", {}):
            texts.append(output.get("data", {}).get("text/plain", ""))
    text = "".join(texts)
    text = re.sub(r"[^\n]*\r", "", text)  # bars
    return NUMBER.sub("#", re.sub(r"\s+", " ", text)) if lax else text


def differences(path, seed=0, lax=None):
    """Lines that say which cells printed something else when they were run again."""
    nb = notebook_files.read(path)
    lax = notebook_files.lane(nb) == "lax" if lax is None else lax
    cells = [cell for cell in nb.cells if cell.cell_type == "code" and cell.source.strip()]
    orders = {"in order": range(len(cells)), "shuffled": shuffled([cell.source for cell in cells], seed)}
    if lax:
        del orders["in order"]  # of long notebooks, the stricter of the two
    whole = copy.deepcopy(nb)
    whole.cells = copy.deepcopy(cells)
    for order in orders.values():
        for i in order:
            again = copy.deepcopy(cells[i])
            again.metadata["tags"] = [*again.metadata.get("tags", []), "raises-exception"]  # go on after it
            again.id = f"again-{len(whole.cells)}"
            whole.cells.append(again)
    notebook_files.clear(whole)
    with run.nobodys():
        run.execute(whole, path.name, path.parent)
    first, rest = whole.cells[: len(cells)], iter(whole.cells[len(cells) :])
    for name, order in orders.items():
        for i, cell in zip(order, rest):
            if "nbval-ignore-output" in cells[i].metadata.get("tags", []):
                continue
            if printed(cell, lax) != printed(first[i], lax):
                yield f"In [{i + 1}] {name}: {printed(cell, lax)[:300]!r}, first {printed(first[i], lax)[:300]!r}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    found = 0
    for path in notebook_files.find(names=args.names):
        for line in differences(path, args.seed):
            print(f"{path.stem}  {line}")
            found += 1
    print(f"{found} differences")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
