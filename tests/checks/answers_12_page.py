"""Answers to the exercises of 12, written from the page alone: ``test_answers.py`` runs them and says why."""

import heapq
import math
import re
import unicodedata
from bisect import insort
from collections import Counter, deque
from decimal import Decimal
from itertools import combinations

from scipy import special
from torch.nn import functional as F

SCOPE = {
    "Counter": Counter,
    "Decimal": Decimal,
    "F": F,
    "combinations": combinations,
    "deque": deque,
    "heapq": heapq,
    "insort": insort,
    "math": math,
    "re": re,
    "special": special,
    "unicodedata": unicodedata,
}

WRONG = {
    "ngrams": [
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, most) for i in range(len(word) + 3 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)]",
        ),  # none of most characters
        (
            None,
            "return [word[i:i + n] for n in range(least, most + 1) for i in range(len(word) - n + 1)]",
        ),  # without marks
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
            "return list({marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)})",
        ),  # repeated parts once
        (
            None,
            "marked = '<' + word + '>'\n"
            "parts = [marked[i:i + n] for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
            "return [part for part in parts if part not in ('<', '>')]",
        ),  # the word's own < and > are gone, too
        (
            None,
            "marked = '<' + word + '>'\n"
            "return [marked[i:i + n] for n in range(least, most + 1) for i in range(len(word) + 3 - n)]",
        ),  # the marks alone are in it
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or i > 0]",
        ),  # the mark at the end stays
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(word) + 2 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or i > 0]",
        ),  # the last of each length is missing
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)] + [marked]",
        ),  # the whole word as well, as fastText has it
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
            "parts = [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)]\n"
            "return [part for part in parts if part != marked]",
        ),  # the whole word is no part of itself
        (
            None,
            "marked = '<' + word + '>'\n"
            "parts = [marked[i:j] for i, j in combinations(range(len(marked) + 1), 2)]\n"
            "return [part for part in parts if least <= len(part.strip('<>')) <= most]",
        ),  # marks not counted as characters
        (
            None,
            "marked = '<' + word + '>'\n"
            "return [marked[i:i + n] for n in range(max(least, 2), most + 1) for i in range(len(word) + 3 - n)]",
        ),  # no single letters
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in {least, most} for i in range(len(word) + 3 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)]",
        ),  # no lengths between the two, as in the examples
        (
            None,
            "marked = ('<' + word + '>').encode()\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(marked) + 1 - n)]\n"
            "parts = [marked[i:i + n] for i, n in spans if n > 1 or 0 < i < len(marked) - 1]\n"
            "return [part.decode(errors='ignore') for part in parts if part.decode(errors='ignore')]",
        ),  # an ö is two bytes
        (
            None,
            "marked = '<' + unicodedata.normalize('NFD', word) + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(marked) + 1 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i < len(marked) - 1]",
        ),  # an ö taken apart
        (
            None,
            "marked = '<' + word.lower() + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(marked) + 1 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i < len(marked) - 1]",
        ),  # capitals
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, min(most, len(word)) + 1) for i in range(len(word) + 3 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)]",
        ),  # none longer than the word without its marks
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)] or [marked]",
        ),  # a short word whole
        (
            None,
            "if len(word) < least:\n"
            "    return []\n"
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)]",
        ),  # shorter than least without its marks
        (
            None,
            "marked = '<' + word.strip('<>') + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(marked) + 1 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i < len(marked) - 1]",
        ),  # takes the word's own for marks
        (
            None,
            "marked = ('' if word[0] == '<' else '<') + word + ('' if word[-1] == '>' else '>')\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(marked) + 1 - n)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i < len(marked) - 1]",
        ),  # no mark where there seems to be one
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for i in range(len(marked) + 1 - most) for n in range(least, most + 1)]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)]",
        ),  # starts only where the longest has room
        (
            None,
            "marked = '<' + word + '>'\n"
            "spans = [(i, n) for n in range(least, most + 1) for i in range(len(marked))]\n"
            "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)]",
        ),  # rests shorter than n at the end
        (
            None,
            "marked = '<' + word + '>'\n"
            "parts = [marked[i:i + n] for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
            "return parts[1:-1] if least == 1 else parts",
        ),  # the last of all is not the mark if most is above 1
        (
            None,
            "marked, parts = '<' + word + '>', []\n"
            "for n in range(least, most + 1):\n"
            "    parts += re.findall('.' * n, marked) if n > 1 else list(word)\n"
            "return parts",
        ),  # parts that do not overlap
        (
            None,
            "marked, parts = '<' + word + '>', []\n"
            "for n in range(least, most + 1):\n"
            "    found = re.findall(rf'(?=([<>\\w]{{{n}}}))', marked)\n"
            "    parts += found if n > 1 else found[1:-1]\n"
            "return parts",
        ),  # an apostrophe, a hyphen
        (
            None,
            "marked = '<' + word + '>'\n"
            "parts = [marked[i:i + n] for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
            "return [part for part in parts if len(part) > 1 or part.isalpha()]",
        ),  # the word's own marks and digits alone
    ],
    "bag_gradient": [
        (None, "table = torch.zeros(R, len(grad))\ntable[rows] += scale * grad\nreturn table"),  # named twice, once
        (
            None,
            "table = torch.zeros(R, len(grad), requires_grad=True)\n"
            "(scale * table[rows].mean(0) @ grad).backward()\n"
            "return table.grad",
        ),  # the mean, and the scale on top
        (
            None,
            "count = torch.bincount(rows, minlength=R)\nreturn count[:, None] / max(len(rows), 1) * grad",
        ),  # 1 / n for any scale
        (None, "return torch.bincount(rows, minlength=R)[:, None] * grad"),  # no scale
        (None, "return torch.bincount(rows, minlength=R)[:, None] * grad / scale"),  # undoes the scale
        (None, "return -scale * torch.bincount(rows, minlength=R)[:, None] * grad"),  # the step, not the gradient
        (
            None,
            "table = torch.zeros(R, len(grad))\n"
            "for r in rows.tolist():\n"
            "    table[r] += grad\n"
            "    table *= scale\n"
            "return table",
        ),  # the scale once a row
        (
            None,
            "grad *= scale\nreturn torch.bincount(rows, minlength=R)[:, None] * grad",
        ),  # right, and the argument is another
        (None, "return scale * torch.bincount(rows)[:, None] * grad"),  # no rows behind the last that is named
        (None, "return sum(scale * torch.eye(R)[r][:, None] * grad for r in rows)"),  # the number 0 for no rows
        (None, "return (len(rows) * scale * grad).repeat(R, 1)"),  # every row
        (None, "return (scale * grad).repeat(len(rows), 1)"),  # the rows of the bag, not of the table
        (
            None,
            "named, times = torch.unique_consecutive(rows, return_counts=True)\n"
            "table = torch.zeros(R, len(grad))\n"
            "table[named] = scale * times[:, None] * grad\n"
            "return table",
        ),  # named twice, but not in a row
        (
            None,
            "table = torch.zeros(R, len(grad))\n"
            "return table.scatter_add_(0, rows[:, None], (scale * grad).repeat(len(rows), 1))",
        ),  # the first column alone
        (
            None,
            "count = torch.bincount(rows, minlength=R)\nreturn scale * count[:, None] * grad.half().float()",
        ),  # three digits
        (
            None,
            "count = torch.bincount(rows, minlength=R)\ncount *= scale\nreturn count[:, None] * grad",
        ),  # an error: whole numbers times a fraction, in place
        (None, "return torch.outer(scale * grad, torch.bincount(rows, minlength=R).float())"),  # (D, R)
        (
            None,
            "count = torch.bincount(rows, minlength=R).float()\n"
            "return len(rows) * scale * (count / count.sum())[:, None] * grad",
        ),  # 0 / 0 for no rows
        (
            None,
            "table = torch.zeros(R, len(grad))\n"
            "for r in rows.tolist():\n"
            "    if r:\n"
            "        table[r] += scale * grad\n"
            "return table",
        ),  # row 0 taken for padding
        (
            None,
            "count, table = torch.bincount(rows, minlength=R), torch.zeros(R, len(grad))\n"
            "for r in rows.tolist():\n"
            "    table[r] += count[r] * scale * grad\n"
            "return table",
        ),  # the square of how often
        (
            None,
            "table = torch.zeros(R, len(grad))\n"
            "for r in range(R - 1):\n"
            "    table[r] = (rows == r).sum() * scale * grad\n"
            "return table",
        ),  # not the last row
        (
            None,
            "table = torch.zeros(R, len(grad))\n"
            "for r in rows.tolist():\n"
            "    table[r - 1] += scale * grad\n"
            "return table",
        ),  # ids from 1
        (
            None,
            "table = torch.zeros(R, len(grad))\n"
            "for r in rows.tolist():\n"
            "    table[r] = scale * (table[r] + grad)\n"
            "return table",
        ),  # a row's scale once for each time it is named
        (
            None,
            "table = torch.zeros(R, len(grad))\n"
            "if len(rows) == 0:\n"
            "    return torch.zeros_like(grad)\n"
            "return table.index_add_(0, rows, (scale * grad).repeat(len(rows), 1))",
        ),  # one row of zeros for no rows
    ],
    "expected_sharing": [
        (None, "return 1 - (1 - 1 / buckets) ** n"),  # with itself
        (None, "return -math.expm1(-(n - 1) / buckets)"),  # Poisson
        (None, "return min((n - 1) / buckets, 1)"),  # the expected others, not the chance of one
        (
            None,
            "q = 1 - 1 / buckets\nreturn 1 - q**n - n / buckets * q ** (n - 1)",
        ),  # the share of the buckets that are shared
        (
            None,
            "q = 1 - 1 / buckets\nreturn 1 - n * q ** (n - 1) / (buckets * (1 - q**n))",
        ),  # of the buckets that are not empty
        (None, "return 1 - buckets * (1 - (1 - 1 / buckets) ** n) / n"),  # the first in a bucket does not count
        (
            None,
            "apart = 1.0\n"
            "for k in range(min(n, buckets + 1)):\n"
            "    apart *= 1 - k / buckets\n"
            "    if apart < 1e-300:\n"
            "        break\n"
            "return 1 - apart",
        ),  # the birthdays: any two at all
        (None, "return float(1 - np.float32(1 - 1 / buckets) ** np.float32(n - 1))"),  # seven digits
        (None, "return -math.expm1((n - 1) * math.log1p(-1 / buckets))"),  # one bucket: the logarithm of 0
        (None, "return 1.0 if n > buckets else 1 - (1 - 1 / buckets) ** (n - 1)"),  # more than buckets: not all share
        (None, "return n * (1 - (1 - 1 / buckets) ** (n - 1))"),  # how many
        (None, "return 100 * (1 - (1 - 1 / buckets) ** (n - 1))"),  # percent
        (None, "return (1 - 1 / buckets) ** (n - 1)"),  # who is alone
        (
            None,
            "draws = np.random.default_rng(0).integers(buckets, size=n)\n"
            "_, at, times = np.unique(draws, return_inverse=True, return_counts=True)\n"
            "return float((times[at] > 1).mean())",
        ),  # a draw
        (None, "return round(1 - (1 - 1 / buckets) ** (n - 1), 6)"),  # a millionth
        (None, "return 1 - (1 - 1 / buckets) ** max(n - 1, 1)"),  # one n-gram has nobody to share with
        (None, "return 1.0 if buckets == 1 else 1 - (1 - 1 / buckets) ** (n - 1)"),  # one n-gram in one bucket
        (None, "return 0.0 if buckets == 1 else 1 - (1 - 1 / buckets) ** (n - 1)"),  # one bucket: all share it
        (None, "return 1 - (1 - 1 / n) ** (buckets - 1)"),  # the two exchanged
        (
            None,
            "if n < 1000:\n    return 1 - (1 - 1 / buckets) ** (n - 1)\nreturn -math.expm1(-(n - 1) / buckets)",
        ),  # Poisson for many n-grams
        (
            None,
            "def alone(k):\n    return 1.0 if k == 0 else alone(k - 1) * (1 - 1 / buckets)\nreturn 1 - alone(n - 1)",
        ),  # too deep for millions
        (None, "return 1 - float(buckets - 1) ** (n - 1) / float(buckets) ** (n - 1)"),  # overflows
        (None, "return 0.0 if n == 1 else (n - 1) / buckets * (1 - 1 / buckets) ** (n - 2)"),  # with one other, no more
        (None, "x = (n - 1) / buckets\nreturn min(max(x - x * x / 2 + x**3 / 6, 0), 1)"),  # the start of a series
        (None, "return 1 - (1 - 1 / buckets**2) ** (n * (n - 1) / 2)"),  # a pair in one given bucket
        (None, "return 1 - (1 - 1 / buckets) ** (n // 2)"),  # as if in pairs: right up to two n-grams
    ],
    "mean_code_length": [
        (
            None,
            "depth, heap = np.zeros(len(counts)), [(c, [i]) for i, c in enumerate(counts.tolist())]\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    (a, left), (b, right) = heapq.heappop(heap), heapq.heappop(heap)\n"
            "    depth[left + right] += 1\n"
            "    heapq.heappush(heap, (a + b, left + right))\n"
            "return depth.mean()",
        ),  # over words, not tokens
        (
            None,
            "depth, heap = np.zeros(len(counts)), [(c, [i]) for i, c in enumerate(counts.tolist())]\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    (a, left), (b, right) = heapq.heappop(heap), heapq.heappop(heap)\n"
            "    depth[left + right] += 1\n"
            "    heapq.heappush(heap, (a + b, left + right))\n"
            "return depth.max()",
        ),  # the longest
        (
            None,
            "depth, heap = np.zeros(len(counts)), [(c, [i]) for i, c in enumerate(counts.tolist())]\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    (a, left), (b, right) = heapq.heappop(heap), heapq.heappop(heap)\n"
            "    depth[right] += 1\n"
            "    heapq.heappush(heap, (a + b, left + right))\n"
            "return (depth * counts).sum() / counts.sum()",
        ),  # the ones in the code: a no is a decision, too
        (
            None,
            "depth, heap = np.zeros(len(counts)), [(c, [i]) for i, c in enumerate(sorted(counts.tolist()))]\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    (a, left), (b, right) = heapq.heappop(heap), heapq.heappop(heap)\n"
            "    depth[left + right] += 1\n"
            "    heapq.heappush(heap, (a + b, left + right))\n"
            "return (depth * counts).sum() / counts.sum()",
        ),  # sorted lengths times counts as they came
        (
            None,
            "heap = [(c, {i: 0}) for i, c in enumerate(counts.tolist())]\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    (a, left), (b, right) = heapq.heappop(heap), heapq.heappop(heap)\n"
            "    heapq.heappush(heap, (a + b, {i: d + 1 for i, d in (left | right).items()}))\n"
            "return sum(counts[i] * d for i, d in heap[0][1].items()) / counts.sum()",
        ),  # an error for equal counts: dicts have no order
        (
            None,
            "heap, total = list(set(counts.tolist())), 0\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return total / int(counts.sum())",
        ),  # equal counts become one word
        (
            None,
            "heap, total = counts.tolist(), 0\n"
            "while len(heap) > 1:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return total / int(counts.sum())",
        ),  # no heap unless the counts come sorted
        (
            None,
            "heap, total = counts.tolist(), 0\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return total",
        ),  # the sum over the tokens
        (
            None,
            "heap, total = counts.tolist(), 0\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return total / len(counts)",
        ),  # a sum over tokens by the number of words
        (
            None,
            "heap, total = counts.tolist(), 0\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return total // int(counts.sum())",
        ),  # whole decisions
        (
            None,
            "heap, total = counts.tolist(), 0\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 2:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return total / int(counts.sum())",
        ),  # the root is a fork as well
        (
            None,
            "heap, total = counts.tolist(), int(counts.sum())\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return total / int(counts.sum())",
        ),  # nodes on the way, the leaf among them
        (
            None,
            "heap, total = counts.tolist(), 0\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return max(total / int(counts.sum()), 1)",
        ),  # one decision for one word
        (
            None,
            "heap, total = counts.tolist(), 0\n"
            "heapq.heapify(heap)\n"
            "while True:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    if not heap:\n"
            "        return total / int(counts.sum())\n"
            "    heapq.heappush(heap, joined)",
        ),  # an error for one word
        (
            None,
            "heap, total = counts.tolist(), 0\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    a, b = heapq.heappop(heap), heapq.heappop(heap)\n"
            "    total += a + b\n"
            "    heapq.heappush(heap, max(a, b))\n"
            "return total / int(counts.sum())",
        ),  # the greater count, not the sum
        (
            None,
            "heap, total = [-c for c in counts.tolist()], 0\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total -= joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return total / int(counts.sum())",
        ),  # joins the largest
        (
            None,
            "heap, total = list(counts.astype(np.int32)), 0\n"
            "heapq.heapify(heap)\n"
            "while len(heap) > 1:\n"
            "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
            "    total += joined\n"
            "    heapq.heappush(heap, joined)\n"
            "return total / counts.sum()",
        ),  # two thousand million decisions
        (
            None,
            "counts.sort()\n"
            "nodes, tokens, total = counts.tolist(), int(counts.sum()), 0\n"
            "while len(nodes) > 1:\n"
            "    joined = nodes.pop(0) + nodes.pop(0)\n"
            "    total += joined\n"
            "    insort(nodes, joined)\n"
            "return total / tokens",
        ),  # right, and the argument is sorted
        (
            None,
            "nodes, total = sorted(counts.tolist()), 0\n"
            "while len(nodes) > 1:\n"
            "    joined = nodes.pop(0) + nodes.pop(0)\n"
            "    total += joined\n"
            "    nodes.append(joined)\n"
            "return total / int(counts.sum())",
        ),  # the joined behind all the others, whatever its count
        (
            None,
            "ordered = np.sort(counts)\nreturn ordered.cumsum()[1:].sum() / ordered.sum()",
        ),  # the joined is always among the smallest: a chain
        (
            None,
            "nodes, total = sorted(counts.tolist()), 0\n"
            "while len(nodes) > 1:\n"
            "    pairs = [a + b for a, b in zip(nodes[::2], nodes[1::2])]\n"
            "    total += sum(pairs)\n"
            "    nodes = sorted(pairs + nodes[len(pairs) * 2:])\n"
            "return total / int(counts.sum())",
        ),  # joins all, two by two, before it looks again
        (
            None,
            "def bits(c):\n"
            "    if len(c) < 2:\n"
            "        return 0\n"
            "    at = 1 + np.abs(2 * c.cumsum()[:-1] - c.sum()).argmin()\n"
            "    return c.sum() + bits(c[:at]) + bits(c[at:])\n"
            "return bits(np.sort(counts)[::-1]) / counts.sum()",
        ),  # halves from the top: Fano's tree
        (None, "return math.ceil(math.log2(len(counts)))"),  # a balanced tree
        (None, "p = counts / counts.sum()\nreturn abs((p * np.log2(p)).sum())"),  # the entropy: no tree reaches it
        (None, "p = counts / counts.sum()\nreturn (p * np.ceil(-np.log2(p))).sum()"),  # Shannon's lengths
        (
            None,
            "p = np.sort(counts)[::-1] / counts.sum()\nreturn (p * np.floor(np.log2(np.arange(len(p)) + 1))).sum()",
        ),  # words on the forks, too
    ],
    "cbow_gradients": [
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u).repeat(len(v), 1), torch.outer(g, h)",
        ),  # the whole gradient to each context, as programs do
        (
            None,
            "h = v.sum(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u).repeat(len(v), 1), torch.outer(g, h)",
        ),  # the sum of the contexts
        (
            None,
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "loss = F.binary_cross_entropy(torch.sigmoid(b @ a.mean(0)), label, reduction='sum')\n"
            "return loss.item(), *torch.autograd.grad(loss, (a, b))",
        ),  # large scores: at most 100, and no gradient
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = torch.log(1 + torch.exp((1 - 2 * label) * s)).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # overflows
        (
            None,
            "h = v.mean(0)\np = torch.sigmoid(u @ h)\ng = p - label\n"
            "loss = -(label * p.log() + (1 - label) * (1 - p).log()).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # 0 times infinity
        (
            None,
            "h = v.mean(0)\np = torch.sigmoid(u @ h)\ng = p - label\n"
            "loss = -(label * (p + 1e-8).log() + (1 - label) * (1 - p + 1e-8).log()).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # a loss of 18 at most
        (
            None,
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "scores = (b @ a.mean(0)).clamp(-100, 100)\n"
            "loss = F.binary_cross_entropy_with_logits(scores, label, reduction='sum')\n"
            "return loss.item(), *torch.autograd.grad(loss, (a, b))",
        ),  # scores of 100 at most
        (
            None,
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "loss = F.binary_cross_entropy_with_logits(b @ a.mean(0), label)\n"
            "return loss.item(), *torch.autograd.grad(loss, (a, b))",
        ),  # the mean over the candidates
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = label - torch.sigmoid(s)\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # the way down
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, v[0])",
        ),  # the first context for all
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h) / len(v)",
        ),  # by C once more
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u / len(u)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # by L instead of C
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, g @ u / len(v), torch.outer(g, h)",
        ),  # one row for all contexts
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, torch.outer(g, h), (g @ u / len(v)).repeat(len(v), 1)",
        ),  # the two exchanged
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s)\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # a loss for each candidate
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = -(label * F.logsigmoid(s)).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # no noise words in the loss
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = (1 - label) * torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # -1 for the center word, whatever its score
        (
            None,
            "v.requires_grad_()\n"
            "u.requires_grad_()\n"
            "loss = F.binary_cross_entropy_with_logits(u @ v.mean(0), label, reduction='sum')\n"
            "loss.backward()\n"
            "return loss.item(), v.grad, u.grad",
        ),  # leaves gradients in the arguments
        (
            None,
            "v /= len(v)\nh = v.sum(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # divides the argument
        (
            None,
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "scores = (b @ a.mean(0, keepdim=True).T).squeeze()\n"
            "loss = F.binary_cross_entropy_with_logits(scores, label, reduction='sum')\n"
            "return loss.item(), *torch.autograd.grad(loss, (a, b))",
        ),  # an error for one candidate
        (
            None,
            "h = v.squeeze().mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # an error for one context
        (
            None,
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "loss = -(label * torch.log_softmax(b @ a.mean(0), 0)).sum()\n"
            "return loss.item(), *torch.autograd.grad(loss, (a, b))",
        ),  # softmax over the candidates
        (
            None,
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "loss = F.softplus((1 - 2 * label) * (a @ b.T)).sum() / len(v)\n"
            "return loss.item(), *torch.autograd.grad(loss, (a, b))",
        ),  # the mean of the losses, not of the vectors
        (
            None,
            "h = torch.unique(v, dim=0).mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "loss = F.softplus((1 - 2 * label) * s).sum()\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # repeated contexts once
        (
            None,
            "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
            "center = label.argmax()\n"
            "loss = F.softplus(s).sum() - s[center]\n"
            "return loss, (g @ u / len(v)).repeat(len(v), 1), torch.outer(g, h)",
        ),  # one label is 1, no more and no fewer
        (
            None,
            "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
            "loss = -F.logsigmoid(label * (b @ a.mean(0))).sum()\n"
            "return loss.item(), *torch.autograd.grad(loss, (a, b))",
        ),  # a label of 0 where it should be -1
    ],
}

RIGHT = {
    "ngrams": [
        "marked = '<' + word + '>'\n"
        "spans = [(i, n) for n in range(least, most + 1) for i in range(len(word) + 3 - n)]\n"
        "return [marked[i:i + n] for i, n in spans if n > 1 or 0 < i <= len(word)]",
        "marked, parts = '<' + word + '>', []\n"
        "for i in range(len(marked)):\n"
        "    for j in range(i + least, min(i + most, len(marked)) + 1):\n"
        "        parts.append(marked[i:j])\n"
        "if least == 1:\n"
        "    parts.remove('<')\n"
        "    parts.remove('>')\n"
        "return parts",
        "marked, parts = f'<{word}>', list(word) if least == 1 else []\n"
        "for n in range(max(least, 2), most + 1):\n"
        "    parts += map(''.join, zip(*(marked[k:] for k in range(n))))\n"
        "return parts",
        "letters, parts = np.array(['<', *word, '>']), []\n"
        "for n in range(least, min(most, len(letters)) + 1):\n"
        "    windows = np.lib.stride_tricks.sliding_window_view(letters, n)\n"
        "    parts.extend(''.join(row) for row in (windows.tolist() if n > 1 else word))\n"
        "return parts",
        "marked = f'<{word}>'\n"
        "def of(n):\n"
        "    if n > min(most, len(marked)):\n"
        "        return []\n"
        "    here = [marked[i:i + n] for i in range(len(marked) - n + 1)]\n"
        "    return (here[1:-1] if n == 1 else here) + of(n + 1)\n"
        "return of(least)",
        "parts = []\n"
        "for n in range(least, most + 1):\n"
        "    found = re.findall('(?=(' + '.' * n + '))', '<' + word + '>', re.DOTALL)\n"
        "    parts.extend(found if n > 1 else found[1:-1])\n"
        "return parts",
        "marked = '<' + word + '>'\n"
        "spans = combinations(range(len(marked) + 1), 2)\n"
        "parts = Counter(marked[i:j] for i, j in spans if least <= j - i <= most)\n"
        "parts.subtract(['<', '>'])\n"
        "return list(parts.elements())",
        "marked, parts, window = '<' + word + '>', [], deque(maxlen=most)\n"
        "for at, letter in enumerate(marked):\n"
        "    window.append(letter)\n"
        "    text = ''.join(window)\n"
        "    parts += [text[-n:] for n in range(least, len(text) + 1) if n > 1 or 0 < at <= len(word)]\n"
        "return parts",
    ],
    "bag_gradient": [
        "table = torch.zeros(R, len(grad))\nreturn table.index_add_(0, rows, (scale * grad).repeat(len(rows), 1))",
        "return scale * torch.bincount(rows, minlength=R)[:, None] * grad",
        "table = torch.zeros(R, len(grad))\nfor r in rows:\n    table[r] += scale * grad\nreturn table",
        "table = np.zeros((R, len(grad)))\nnp.add.at(table, rows.numpy(), scale * grad.numpy())\nreturn table",
        "table = torch.zeros(R, len(grad), requires_grad=True)\n"
        "(scale * table[rows].sum(0) @ grad).backward()\n"
        "return table.grad",
        "return torch.outer(F.one_hot(rows, R).sum(0).to(grad.dtype), scale * grad)",
        "return (rows == torch.arange(R)[:, None]).sum(1, keepdim=True) * grad * scale",
        "table = torch.zeros(R, len(grad))\n"
        "return table.index_put_((rows,), (scale * grad).repeat(len(rows), 1), accumulate=True)",
        "values = (scale * grad).repeat(len(rows), 1)\n"
        "return torch.sparse_coo_tensor(rows[None], values, (R, len(grad))).to_dense()",
        "table = np.zeros((R, len(grad)))\n"
        "for r, times in Counter(rows.tolist()).items():\n"
        "    table[r] = times * scale * grad.double().numpy()\n"
        "return table",
    ],
    "expected_sharing": [
        "return 1 - (1 - 1 / buckets) ** (n - 1)",
        "if buckets == 1:\n    return float(n > 1)\nreturn -math.expm1((n - 1) * math.log1p(-1 / buckets))",
        "if n == 1:\n    return 0\nreturn float(1 - (1 - 1 / Decimal(int(buckets))) ** (int(n) - 1))",
        "alone, factor, k = 1.0, (buckets - 1) / buckets, n - 1\n"
        "while k:\n"
        "    if k % 2:\n"
        "        alone *= factor\n"
        "    factor *= factor\n"
        "    k //= 2\n"
        "return 1 - alone",
        "return -special.expm1(special.xlog1py(n - 1, -1 / buckets))",
        "def alone(k):\n"
        "    if k == 0:\n"
        "        return 1.0\n"
        "    half = alone(k // 2)\n"
        "    return half * half * (1 - 1 / buckets if k % 2 else 1)\n"
        "return 1 - alone(n - 1)",
        "q = torch.tensor(1 - 1 / buckets, dtype=torch.float64)\nsingles = n * q.pow(n - 1).item()\n"
        "return (n - singles) / n",
        "return 0.0 if n == 1 else 1.0 if buckets == 1 else 1 - 2 ** ((n - 1) * math.log2(1 - 1 / buckets))",
    ],
    "mean_code_length": [
        "heap, total = counts.tolist(), 0\n"
        "heapq.heapify(heap)\n"
        "while len(heap) > 1:\n"
        "    joined = heapq.heappop(heap) + heapq.heappop(heap)\n"
        "    total += joined\n"
        "    heapq.heappush(heap, joined)\n"
        "return total / int(counts.sum())",
        "leaves, forks, total = deque(sorted(counts.tolist())), deque(), 0\n"
        "while len(leaves) + len(forks) > 1:\n"
        "    joined = 0\n"
        "    for _ in range(2):\n"
        "        smaller = leaves if not forks or leaves and leaves[0] <= forks[0] else forks\n"
        "        joined += smaller.popleft()\n"
        "    forks.append(joined)\n"
        "    total += joined\n"
        "return total / counts.sum()",
        "depth, heap = np.zeros(len(counts)), [(c, [i]) for i, c in enumerate(counts.tolist())]\n"
        "heapq.heapify(heap)\n"
        "while len(heap) > 1:\n"
        "    (a, left), (b, right) = heapq.heappop(heap), heapq.heappop(heap)\n"
        "    depth[left + right] += 1\n"
        "    heapq.heappush(heap, (a + b, left + right))\n"
        "return np.average(depth, weights=counts)",
        "nodes, sums = sorted(counts.tolist()), []\n"
        "while len(nodes) > 1:\n"
        "    sums.append(nodes[0] + nodes[1])\n"
        "    del nodes[:2]\n"
        "    insort(nodes, sums[-1])\n"
        "return sum(sums) / nodes[0]",
        "from itertools import count\n"
        "number = count()\n"
        "heap = [(c, next(number), ()) for c in counts.tolist()]\n"
        "heapq.heapify(heap)\n"
        "while len(heap) > 1:\n"
        "    a, b = heapq.heappop(heap), heapq.heappop(heap)\n"
        "    heapq.heappush(heap, (a[0] + b[0], next(number), (a, b)))\n"
        "def decisions(node):\n"
        "    return node[0] + sum(map(decisions, node[2])) if node[2] else 0\n"
        "return decisions(heap[0]) / heap[0][0]",
        "V = len(counts)\n"
        "count, parent, depth = sorted(counts.tolist())[::-1] + [math.inf] * (V - 1), [0] * (2 * V), [0] * (2 * V)\n"
        "leaf, fork = V - 1, V\n"
        "for new in range(V, 2 * V - 1):\n"
        "    count_new = 0\n"
        "    for _ in range(2):\n"
        "        if leaf >= 0 and count[leaf] < count[fork]:\n"
        "            node, leaf = leaf, leaf - 1\n"
        "        else:\n"
        "            node, fork = fork, fork + 1\n"
        "        parent[node] = new\n"
        "        count_new += count[node]\n"
        "    count[new] = count_new\n"
        "for node in range(2 * V - 3, -1, -1):\n"
        "    depth[node] = depth[parent[node]] + 1\n"
        "return sum(c * d for c, d in zip(count[:V], depth)) / sum(count[:V])",
        "from queue import PriorityQueue\n"
        "queue, codes = PriorityQueue(), [''] * len(counts)\n"
        "for i, c in enumerate(counts):\n"
        "    queue.put((int(c), (i,)))\n"
        "for _ in range(len(counts) - 1):\n"
        "    (a, left), (b, right) = queue.get(), queue.get()\n"
        "    for i in left:\n"
        "        codes[i] = '0' + codes[i]\n"
        "    for i in right:\n"
        "        codes[i] = '1' + codes[i]\n"
        "    queue.put((a + b, left + right))\n"
        "return float(np.dot([len(code) for code in codes], counts / counts.sum()))",
        "heap, total = sorted(counts.tolist()), 0\n"
        "for _ in range(len(heap) - 1):\n"
        "    a = heapq.heappop(heap)\n"
        "    total += a + heap[0]\n"
        "    heapq.heapreplace(heap, a + heap[0])\n"
        "return total / heap[0]",
    ],
    "cbow_gradients": [
        "a, b = v.clone().requires_grad_(), u.clone().requires_grad_()\n"
        "loss = F.binary_cross_entropy_with_logits(b @ a.mean(0), label, reduction='sum')\n"
        "return loss.item(), *torch.autograd.grad(loss, (a, b))",
        "h = v.mean(0)\ns = u @ h\ng = torch.sigmoid(s) - label\n"
        "loss = F.softplus((1 - 2 * label) * s).sum()\n"
        "return loss, (g @ u / len(v)).expand(len(v), -1), torch.outer(g, h)",
        "V, U, y = (t.numpy().astype(float) for t in (v, u, label))\n"
        "h = V.sum(axis=0) / len(V)\n"
        "s = U.dot(h)\n"
        "g = special.expit(s) - y\n"
        "loss = np.logaddexp(0, np.where(y == 1, -s, s)).sum()\n"
        "return loss, np.tile(g.dot(U) / len(V), (len(V), 1)), np.outer(g, h)",
        "def loss_of(v, u):\n"
        "    return -F.logsigmoid((2 * label - 1) * (u @ v.mean(0))).sum()\n"
        "grads, loss = torch.func.grad_and_value(loss_of, argnums=(0, 1))(v, u)\n"
        "return [loss, *grads]",
        "a, b = v.double().requires_grad_(), u.double().requires_grad_()\n"
        "s = b @ a.mean(0)\n"
        "loss = torch.logaddexp(torch.zeros_like(s), s).sum() - (label.double() * s).sum()\n"
        "loss.backward()\n"
        "return float(loss), a.grad.float(), b.grad.float()",
        "C, D = v.shape\n"
        "h = [sum(row[d] for row in v.tolist()) / C for d in range(D)]\n"
        "loss, grad_h, grad_u = 0.0, [0.0] * D, []\n"
        "for row, y in zip(u.tolist(), label.tolist()):\n"
        "    s = sum(a * b for a, b in zip(h, row))\n"
        "    x = -s if y == 1 else s\n"
        "    loss += max(x, 0) + math.log1p(math.exp(-abs(x)))\n"
        "    g = 1 / (1 + math.exp(-s)) - y\n"
        "    grad_h = [a + g * b for a, b in zip(grad_h, row)]\n"
        "    grad_u.append([g * a for a in h])\n"
        "return loss, torch.tensor([[a / C for a in grad_h]] * C), torch.tensor(grad_u)",
        "contexts = torch.nn.Embedding.from_pretrained(v.clone(), freeze=False)\n"
        "candidates = torch.nn.Linear(v.shape[1], len(u), bias=False)\n"
        "candidates.weight.data.copy_(u)\n"
        "score = candidates(contexts(torch.arange(len(v))).mean(0))\n"
        "loss = torch.nn.BCEWithLogitsLoss(reduction='sum')(score, label)\n"
        "loss.backward()\n"
        "return loss.detach(), contexts.weight.grad, candidates.weight.grad",
        "a, b = v.detach().requires_grad_(), u.detach().requires_grad_()\n"
        "s = torch.einsum('cd,ld->l', a / len(a), b)\n"
        "loss = torch.where(label == 1, F.softplus(-s), F.softplus(s)).sum()\n"
        "loss.backward()\n"
        "return loss.item(), a.grad, b.grad",
    ],
}
