"""Makes `seen.tsv`: words seen in so many titles that, alone, they are a piece of nobody's name.

    python -m countermark.signals.text.build_seen TITLES.csv

Titles: a CSV with a column `title` (those of `products/wdc-offer-titles.csv`: Web Data Commons, Apache-2.0). Only the
half with an even first octet of the SHA-256 of the title is counted, so that false alarms on the other half say what
they would on titles that nobody has seen. A word that nearly always stands beside one other, which is no everyday word,
is a piece of a name itself (`Maurice` in titles that say `Maurice Lacroix`) and is left out. Only the words and how
often they were seen are kept.
"""

import csv
import hashlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from countermark.signals.text.folding import plain
from countermark.signals.text.goods import WORD
from countermark.signals.text.words import is_common

TARGET = Path(__file__).with_name("seen.tsv")
#: A word of this many letters, in at least one title of so many, beside no single other word in this share of them.
LEAST_LETTERS, ONE_OF, SAME_NEIGHBOUR = 3, 1_000, 0.8

HEADER = """\
# Words seen in one title of a thousand or more: word, seen in how many. Counted from half of the Web Data Commons offer
# titles (as published with ditto, Apache-2.0) by build_seen.py; no title is shipped.
"""


def counted(title: str) -> bool:
    """Whether a title belongs to the half that is counted."""
    return hashlib.sha256(title.encode()).digest()[0] % 2 == 0


def seen_in(titles: Iterable[str]) -> dict[str, int]:
    """Frequent words and in how many titles they were seen."""
    all_titles = [WORD.findall(plain()(title)) for title in titles]
    seen: Counter[str] = Counter()
    beside: dict[str, Counter[str]] = defaultdict(Counter)
    for words in all_titles:
        seen.update({word for word in words if len(word) >= LEAST_LETTERS})
        for one, other in {*pairwise(words), *((other, one) for one, other in pairwise(words))}:
            beside[one][other] += not is_common(other)
    return {
        word: n
        for word, n in seen.items()
        if n * ONE_OF >= len(all_titles) and max(beside[word].values(), default=0) < SAME_NEIGHBOUR * n
    }


def build(titles: Path, target: Path = TARGET) -> int:
    """Write the table; returns the number of words in it."""
    with titles.open(encoding="utf-8", newline="") as file:
        counts = seen_in(row["title"] for row in csv.DictReader(file) if counted(row["title"]))
    target.write_text(HEADER + "".join(f"{word}\t{n}\n" for word, n in sorted(counts.items())), encoding="utf-8")
    return len(counts)


if __name__ == "__main__":
    sys.stderr.write(f"{build(Path(sys.argv[1]))} words written to {TARGET.name}\n")
