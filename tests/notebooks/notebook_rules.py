"""The rules of style that a machine can check. Each takes a `Notebook` and yields what breaks it.

`test_notebooks_rules.py` runs them over the series, and shows for each a notebook that breaks it.
"""

import ast
import base64
import html
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat

from course import notebook_files, site, solutions
from helpers.files import ROOT

OPENING = ("Question.", "You will do.", "You will learn", "You need.", "Time.", "Shapes.")
BANNED = re.compile(r"\b(simply|just|obviously)\b", re.IGNORECASE)
EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u26ff\u2705\u2728\u274c\ufe0f]")
MAX_LINES = 30  # of a cell and of a function: half a screen
MEDIAN_LINES = 10
LONGEST_LINE = 93  # characters of a line of code that a page shows whole
MIN_PROSE = 4  # words for each line of code
SHORTEST_ALT = 40  # characters of a picture's alternative text
NUMBER = re.compile(r"\d|\b(no|none|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b", re.IGNORECASE)
SIZE = re.compile(r"\b\d+ ?x ?\d+\b|\d ?px\b|\bpixels?\b", re.IGNORECASE)
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}\b")


@dataclass
class Notebook:
    """A notebook as the rules read it."""

    path: Path
    nb: nbformat.NotebookNode

    @classmethod
    def read(cls, path):
        return cls(path, notebook_files.read(path))

    @cached_property
    def code(self):
        return [cell for cell in self.nb.cells if cell.cell_type == "code" and cell.source.strip()]

    @cached_property
    def markdown(self):
        return [cell.source for cell in self.nb.cells if cell.cell_type == "markdown"]

    @cached_property
    def trees(self):
        return [(cell, parse(cell.source)) for cell in self.code]


def parse(source):
    """A cell's syntax tree, magics and shell commands turned into calls."""
    from IPython.core.inputtransformer2 import TransformerManager

    try:
        return ast.parse(TransformerManager().transform_cell(source))
    except SyntaxError:
        return ast.Module([], [])  # a cell that shows a syntax error


def prose(markdown):
    """Markdown without code, formulas and the targets of links."""
    text = re.sub(r"```.*?```", " ", markdown, flags=re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`]*`", " ", text, flags=re.DOTALL)
    return re.sub(r"\]\([^)]*\)|<[^>]+>", "]", text)


def tags(cell):
    return cell.metadata.get("tags", [])


def where(cell):
    return f"In [{cell.get('execution_count')}]"


def output_texts(cell):
    """(mime type or stream name, text) of each output."""
    for output in cell.outputs:
        if output.output_type == "stream":
            yield output.name, output.text
        elif output.output_type == "error":
            yield "error", "\n".join(output.traceback)
        else:
            for mime, data in output.data.items():
                if isinstance(data, str) and not mime.startswith("image/p"):
                    yield mime, data


# -- how a notebook opens and closes


def opening_block(book):
    """Title, question, what you will do, learn and need, the time, the shapes: in this order, in the first cell."""
    first = book.markdown[0] if book.nb.cells and book.nb.cells[0].cell_type == "markdown" else ""
    number = book.path.name[:2]
    if not re.match(rf"# {number} · [A-Z]\w+ \w", first):
        yield f"the first cell does not begin with '# {number} · Verb ...'"
    places = [first.find(f"\n**{label}**") for label in OPENING]
    for label, place in zip(OPENING, places):
        if place < 0:
            yield f"the opening has no **{label}**"
    if sorted(places) != places:
        yield "the opening's parts stand in another order than " + ", ".join(OPENING)
    for label in ("Question.", "You will do.", "You need.", "Shapes."):
        if f"**{label}**" in first and not notebook_files.part(first, label):
            yield f"**{label}** is empty"
    if "?" not in notebook_files.part(first, "Question."):
        yield "the question is no question"
    time = notebook_files.part(first, "Time.")
    if not re.search(r"\d+ (seconds?|minutes?) to run on a laptop CPU, \d+ (minutes )?to work through", time):
        yield f"the time is not 'about N minutes to run on a laptop CPU, M minutes to work through': {time!r}"


def learn_list(book):
    """The items of **You will learn**."""
    first = book.markdown[0] if book.markdown else ""
    after = first.partition("**You will learn**")[2].partition("\n**")[0]
    return re.findall(r"^\d+\. ", after, re.MULTILINE)


def at_most_four_aims(book):
    """One to four things to learn."""
    if not 1 <= len(learn_list(book)) <= 4:
        yield f"**You will learn** lists {len(learn_list(book))} items, not 1 to 4"


def recap(book, series):
    """The last text before the exercises is the recap, if no appendix is: it answers the aims, names the next one."""
    texts = [cell.source for cell in book.nb.cells if cell.cell_type == "markdown" and "exercise" not in cell.metadata]
    appendix = next((i for i, text in enumerate(texts) if re.search(r"^## Appendix\b", text, re.MULTILINE)), None)
    last = texts[:appendix][-1] if texts[:appendix] else ""
    if "## Recap" not in last:
        yield "the last markdown cell before the exercises has no '## Recap'"
    answers = re.findall(r"^\d+\. ", last.partition("## Recap")[2], re.MULTILINE)
    if len(answers) != len(learn_list(book)):
        yield f"the recap answers {len(answers)} of the {len(learn_list(book))} aims"
    after = [name for name in series if name > book.path.name]
    if after and f"({after[0]})" not in last:
        yield f"the recap has no link to {after[0]}"


# -- exercises


def exercises_in_place(book):
    """*Your turn* stands where its function is needed, the exercises after everything else, numbered through.

    Each has its tag, its aims and its minutes, a deliverable and a criterion; together they cover the aims.
    """
    try:
        found = solutions.exercises(book.nb)
    except ValueError as error:
        yield str(error)
        return
    number = int(book.path.name[:2])
    covered, last = set(), []
    for i, exercise in enumerate(found.values(), 1):
        head = re.match(
            rf"### (Your turn|Exercise) {number}\.{i} · \S.+\n\n\*(\w+), aims? ([\d, ]+), (\d+) minutes\*\n",
            exercise.text,
        )
        if not head or head.group(2) not in ("concept", "code", "extended"):
            yield f"{exercise.name} does not begin with its kind and number {number}.{i}, title, tag, aims and minutes"
            continue
        turn = head.group(1) == "Your turn"
        covered |= {int(aim) for aim in head.group(3).split(",")}
        last += [] if turn else [exercise.name]
        for label in ("Deliverable.", "Success.", *(["Expected."] if turn else [])):
            if not notebook_files.part(exercise.text, label):
                yield f"{exercise.name} has no **{label}**"
        if exercise.check.source != f"checks.{exercise.name}(my_{exercise.name})":
            yield f"{exercise.name} is not checked by checks.{exercise.name}"
    if not 3 <= len(last) <= 5:
        yield f"{len(last)} exercises at the end, not 3 to 5"
    at_end = [cell.metadata.get("exercise") in (*last, "intro") for cell in book.nb.cells]
    if sorted(at_end) != at_end:
        yield "a cell without an exercise stands after the first exercise"
    aims = set(range(1, len(learn_list(book)) + 1))
    if covered != aims:
        yield f"the exercises are about the aims {sorted(covered)}; the notebook has {sorted(aims)}"


def progress_shown(book):
    """The cell before the exercises shows which pieces and exercises are done."""
    before = [cell.source for cell in book.code if "exercise" not in cell.metadata]
    if not before or before[-1] != f"checks.progress({int(book.path.name[:2])})":
        yield f"the recap is not followed by checks.progress({int(book.path.name[:2])})"


def guess_first(book):
    """Three questions or more before outputs that surprise; those are folded until they are asked for."""
    asked = 0
    cells = [c for c in book.nb.cells if c.cell_type == "markdown" or c.get("outputs")]  # definitions may stand between
    for cell, after in zip(cells, cells[1:]):
        asks = cell.cell_type == "markdown" and "**Guess first.**" in cell.source
        folded = after.metadata.get("jupyter", {}).get("outputs_hidden", False)
        asked += asks
        if asks and not (folded and after.get("outputs")):
            yield f"no folded output follows the guess {cell.source.partition('**Guess first.**')[2].strip()[:50]!r}"
        if folded and not asks:
            yield f"{where(after)} is folded, and no **Guess first.** stands before it"
        if asks and not re.search(r"\(a\).+\(b\)", cell.source.partition("**Guess first.**")[2], re.DOTALL):
            yield f"no choices (a), (b) for the guess {cell.source.partition('**Guess first.**')[2].strip()[:50]!r}"
    if asked < 3:
        yield f"{asked} guesses, not 3 or more"


def honest_time(book):
    """The time to work through is that of the rule."""
    stated = re.search(r"(\d+) (minutes )?to work through", notebook_files.opening(book.nb).time)
    rule = notebook_files.work_minutes(book.nb)
    if stated and int(stated.group(1)) != rule:
        yield f"it says {stated.group(1)} minutes to work through; by the rule it takes {rule}"


# -- what is stored


def lane_named(book):
    """The metadata says how the outputs are compared."""
    if book.nb.metadata.get("lane") not in notebook_files.LANES:
        yield f"the metadata has lane {book.nb.metadata.get('lane')!r}"


def counts(book):
    """Execution counts 1..n; without them nbval compares nothing."""
    found = [cell.execution_count for cell in book.code]
    if found != list(range(1, len(found) + 1)):
        yield f"the execution counts are {found}, not 1 to {len(found)}"


def no_semicolon(book):
    """No cell ends in ``;``: under nbval the suppressed value comes back."""
    for cell in book.code:
        if cell.source.rstrip().endswith(";"):
            yield f"{where(cell)} ends in ';'"


def no_history(book):
    """No ``Out[...]``, ``In[...]`` or ``input()``: a tested kernel has none of them."""
    for cell, tree in book.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Subscript) and getattr(node.value, "id", "") in ("Out", "In"):
                yield f"{where(cell)} uses {node.value.id}[...]"
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "input":
                yield f"{where(cell)} calls input()"


def no_widgets(book):
    """No widget is stored: its state breaks the page where notebooks are shown."""
    if "widgets" in book.nb.metadata:
        yield "metadata.widgets is stored"
    for cell in book.code:
        if any(notebook_files.WIDGET in output.get("data", {}) for output in cell.outputs):
            yield f"{where(cell)} stores a widget"


def errors_tagged(book):
    """An error is stored if, and only if, the cell is tagged raises-exception; the lax lane would miss either."""
    for cell in book.code:
        raised = any(output.output_type == "error" for output in cell.outputs)
        if raised != ("raises-exception" in tags(cell)):
            yield f"{where(cell)} {'stores an error untagged' if raised else 'is tagged raises-exception, none stored'}"


def no_stderr(book):
    """Nothing on stderr: warnings carry paths, and ``UsageError`` is a magic that did not run."""
    for cell in book.code:
        for name, text in output_texts(cell):
            if "UsageError" in text and name in ("stderr", "error"):
                yield f"{where(cell)} has a UsageError: {text.strip()[:60]}"
            elif name == "stderr" and "stderr" not in tags(cell):
                yield f"{where(cell)} writes to stderr: {text.strip()[:60]}"


def no_addresses(book):
    """No memory address in an output that is compared."""
    if book.nb.metadata.get("lane") == "strict":
        for cell in book.code:
            for _, text in output_texts(cell):
                if ADDRESS.search(text):
                    yield f"{where(cell)} shows an address: {ADDRESS.search(text).group()}"


def pictures_current(book):
    """The pictures in images/ are those in the cells that make them."""
    try:
        pictures = notebook_files.pictures(book.nb)
    except ValueError as error:
        yield str(error)
        return
    for name, data in pictures.items():
        path = book.path.parent / "images" / f"{name}.png"
        if not path.is_file() or path.read_bytes() != data:
            yield f"images/{name}.png is not the picture in the notebook: make store"


def pictures_in_words(book):
    """Each picture says in words what is to be seen in it, with numbers, and has two pixels for each CSS pixel."""
    headings = {line.lstrip("# ").strip() for text in book.markdown for line in text.splitlines() if line[:1] == "#"}
    for cell in book.code:
        for output in cell.outputs:
            data = output.get("data", {})
            if "image/png" in data:
                about = output.get("metadata", {}).get("image/png", {})
                for wrong in _wrong_alt(about.get("alt", ""), headings):
                    yield f"{where(cell)} shows a picture whose alternative text {wrong}: {about.get('alt', '')[:60]!r}"
                pixels = int.from_bytes(base64.b64decode(data["image/png"])[16:20], "big")
                if pixels != 2 * (about.get("width") or 0):
                    yield f"{where(cell)} shows a picture {pixels} pixels wide, its width is {about.get('width')}"
            for tag in re.findall(r"<img\b[^>]*>", data.get("text/html", "")):
                found = re.search(r'\balt="([^"]*)"', tag)
                for wrong in _wrong_alt(html.unescape(found.group(1)) if found else "", headings):
                    yield f"{where(cell)} shows a picture in HTML whose alternative text {wrong}: {tag[:60]}"


def _wrong_alt(alt, headings):
    if len(alt) < SHORTEST_ALT:
        yield f"has {len(alt)} characters, fewer than {SHORTEST_ALT}"
    if not NUMBER.search(alt):
        yield "has no number"
    if re.match(r"<?figure", alt, re.IGNORECASE):
        yield "says that it is a figure"
    if alt.strip(" .") in headings:
        yield "is a heading"
    if SIZE.search(alt):
        yield "says a size in pixels"


def stored_form(book):
    """The file has the form that ``make store`` writes: no metadata of a run, one output for one stream."""
    for cell in book.nb.cells:
        left = set(cell.metadata) & set(notebook_files.RUN_METADATA)
        if left:
            yield f"the metadata of a run is stored: {', '.join(sorted(left))}"
    for cell in book.code:
        names = [output.get("name") for output in cell.outputs]
        if any(a == b and a for a, b in zip(names, names[1:])):
            yield f"{where(cell)} stores one stream in pieces"


# -- how it reads


def short_cells(book):
    """Cells of at most 30 lines, half of them of at most 10."""
    lengths = [len(cell.source.strip().splitlines()) for cell in book.code]
    for cell, n in zip(book.code, lengths):
        if n > MAX_LINES:
            yield f"{where(cell)} has {n} lines, more than {MAX_LINES}"
    middle = sorted(lengths)[len(lengths) // 2] if lengths else 0
    if middle > MEDIAN_LINES:
        yield f"the median cell has {middle} lines, more than {MEDIAN_LINES}"


def short_lines(book):
    """No line of code that a page would cut."""
    for cell in book.code:
        for line in cell.source.splitlines():
            if len(line) > LONGEST_LINE and line not in notebook_files.FIRST_LINES:
                yield f"{where(cell)} has a line of {len(line)} characters: {line[:40]}"


def short_functions(book):
    """A function fits on half a screen."""
    for cell, tree in book.trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > MAX_LINES:
                yield f"{where(cell)}: {node.name} has {node.end_lineno - node.lineno + 1} lines"


def enough_prose(book):
    """At least four words of prose for each line of code."""
    words = sum(len(prose(text).split()) for text in book.markdown)
    lines = sum(bool(line.strip()) for cell in book.code for line in cell.source.splitlines())
    if words < MIN_PROSE * lines:
        yield f"{words} words of prose for {lines} lines of code: {words / lines:.1f} a line, below {MIN_PROSE}"


def plain_words(book):
    """No 'simply', 'just', 'obviously', no emoji."""
    for text in book.markdown:
        for match in [*BANNED.finditer(prose(text)), *EMOJI.finditer(text)]:
            yield f"{match.group()!r} in: {' '.join(prose(text).split())[:60]}"


def one_imports_cell(book):
    """Imports stand in the first code cell, which finds the repository's root; a late one is tagged."""
    for i, (cell, tree) in enumerate(book.trees):
        imports = any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(tree))
        if i == 0 and not re.match(r'import (os; import )?sys; sys\.path\[:0\] = \["\.\.", "\."[],]', cell.source):
            yield "the first code cell does not begin with the line that finds the repository's root"
        elif i > 0 and imports and "late-import" not in tags(cell):
            yield f"{where(cell)} imports, outside of the first cell"


def formulas(book):
    """Each formula can be written as MathML, for the book that needs no network."""
    for i, cell in enumerate(book.nb.cells):
        if cell.cell_type == "markdown":
            text = re.sub(r"```.*?```|`[^`]*`", " ", cell.source, flags=re.DOTALL)
            for block, inline in re.findall(r"\$\$(.+?)\$\$|\$([^$\n]+(?:\n[^$\n]+)?)\$", text, re.DOTALL):
                try:
                    site.mathml(block or inline)
                except site.FormulaError as error:
                    yield f"cell {i}: {error}"


# -- links


def broken_links(text, folder, known=()):
    """Relative links and images in Markdown that lead nowhere, and links without encryption."""
    text = re.sub(r"```.*?```|`[^`\n]*`", " ", text, flags=re.DOTALL)
    targets = re.findall(r"\]\(([^)\s]+)[^)]*\)", text) + re.findall(r'(?:src|href)="([^"]+)"', text)
    for target in targets:
        if target.startswith("http:"):
            yield f"{target} is not https"
        elif not re.match(r"[a-z]+:|#", target):
            path = folder / target.partition("#")[0]
            if not path.exists() and path.name not in known:
                yield f"{target} leads nowhere"


def links(book):
    """Links resolve; code outputs fetch nothing."""
    for text in book.markdown:
        yield from broken_links(text, book.path.parent)
    for cell in book.code:
        for _, text in output_texts(cell):
            for address in re.findall(r"https?://[^\s\"'<>)]+", text):
                if not address.startswith("http://www.w3.org/"):  # the names of SVG and MathML are no addresses
                    yield f"{where(cell)} shows the address {address}"


# -- defined once, imported after


def bare(tree):
    """A definition's tree without docstrings, annotations and the check of its arguments; comments are not in it."""
    tree = ast.parse(ast.unparse(tree))
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef)):
            if ast.get_docstring(node, clean=False) is not None:
                node.body = node.body[1:] or [ast.Pass()]
            node.decorator_list = [d for d in node.decorator_list if not ast.unparse(d).startswith("checked(")]
            if not isinstance(node, ast.ClassDef):
                node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if hasattr(node, "body") and isinstance(node.body, list):
            node.body = [_without_annotation(line) for line in node.body]
    return ast.dump(tree)


def _without_annotation(line):
    if isinstance(line, ast.AnnAssign) and line.value is not None:
        return ast.copy_location(ast.Assign([line.target], line.value), line)
    if isinstance(line, ast.AnnAssign):
        line.annotation = ast.Constant(None)
    return line


def definitions(tree):
    return {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))}


def helper_definitions(root=ROOT):
    """``{"helpers.model": {"skip_gram": tree, ...}, ...}``, read and not imported."""
    found = {}
    for path in sorted((root / "helpers").rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        found[name] = definitions(ast.parse(path.read_text(encoding="utf-8")))
    return found


def mirrors(book, helpers):
    """A taught function is the imported one, and says which it is."""
    names = Counter(name for module in helpers.values() for name in module)
    for cell, tree in book.trees:
        claimed = cell.metadata.get("mirrors", [])
        claimed = [claimed] if isinstance(claimed, str) else claimed
        here = definitions(tree)
        for claim in claimed:
            module, _, name = claim.partition(":")
            if name not in helpers.get(module, {}):
                yield f"{where(cell)} mirrors {claim}, which is not there"
            elif name not in here:
                yield f"{where(cell)} mirrors {claim} and does not define {name}"
            elif bare(here[name]) != bare(helpers[module][name]):
                yield f"{where(cell)}: {name} is not the code of {claim}"
        for name in set(here) - {claim.partition(":")[2] for claim in claimed}:
            if names[name]:
                yield f"{where(cell)} defines {name}, as helpers do, and does not say which it mirrors"


# -- the page a visitor sees


def course_rows(readme):
    """``{notebook file: question}`` from the README's table of the course."""
    rows = {}
    for line in readme.splitlines():
        found = re.search(r"\(notebooks/(\d\d_\w+\.ipynb)\)", line)
        if found and line.lstrip().startswith("|"):
            rows[found.group(1)] = [part.strip() for part in line.strip().strip("|").split("|")]
    return rows


def readme_table(readme, books):
    """The README's table lists the notebooks that there are, with their questions and times, and nothing else."""
    rows = course_rows(readme)
    names = {book.path.name for book in books}
    for name in sorted(names ^ set(rows)):
        yield f"{name} is {'not in the table' if name in names else 'in the table and not there'}"
    for book in books:
        question = notebook_files.opening(book.nb).question
        if book.path.name in rows and question not in rows[book.path.name]:
            yield f"{book.path.name} asks {question!r}; the table has {rows[book.path.name]}"
        time = minutes(book)
        if book.path.name in rows and time not in rows[book.path.name]:
            yield f"{book.path.name} takes {time!r}; the table has {rows[book.path.name]}"


def minutes(book):
    """The opening's **Time.** as the table has it: ``15 s · 40 min``."""
    pattern = r"(\d+) (s|m)\w* to run on a laptop CPU, (\d+) (?:minutes )?to work through"
    found = re.search(pattern, notebook_files.opening(book.nb).time)
    return f"{found.group(1)} {'s' if found.group(2) == 's' else 'min'} · {found.group(3)} min" if found else ""


def png(data):
    """A stored PNG, for synthetic notebooks."""
    return base64.b64encode(data).decode()


# Rules that read one notebook and nothing else; the others take what they compare it with.
ALONE = (
    opening_block,
    at_most_four_aims,
    lane_named,
    counts,
    no_semicolon,
    no_history,
    no_widgets,
    errors_tagged,
    no_stderr,
    no_addresses,
    pictures_current,
    pictures_in_words,
    stored_form,
    short_cells,
    short_lines,
    short_functions,
    enough_prose,
    plain_words,
    one_imports_cell,
    formulas,
    links,
)
