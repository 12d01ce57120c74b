"""Makes `rarity.tsv`: words that so many titles and company names hold that they point to no house alone.

    python -m countermark.signals.text.build_rarity TITLES.csv COMPANY_NAMES.txt HOUSES.csv

Titles: a CSV with a column `title` (those of `products/wdc-offer-titles.csv`: Web Data Commons, Apache-2.0). A house
is named in many titles as well, so being frequent is not enough: a word is common when it is also written in lower
case often, in titles that do use capitals. A few houses write themselves so: names in the column `brand_latin` of
`lexicon/brand_variants.csv` are never common. Company names: one a line (Company-Names-Corpus,
Apache-2.0); two to four ideographs are common when many companies begin or end with them. Only the words and how often
they were seen are kept: no title, no company.
"""

import csv
import re
import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

TARGET = Path(__file__).with_name("rarity.tsv")
#: Titles that must hold a word, and the share of them that must write it in lower case.
LEAST_TITLES, LOWER_SHARE = 8, 0.5
#: Companies whose names must begin or end with a stretch.
LEAST_COMPANIES = 40
LENGTHS = (2, 3, 4)
LATIN = re.compile(r"[A-Za-z]{3,}")
IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]+")

HEADER = """\
# Words that are common in titles, and stretches with which many company names begin or end: word, seen in how many.
# Counted from Web Data Commons offer titles (as published with ditto) and Company-Names-Corpus, both Apache-2.0, by
# build_rarity.py; neither is shipped.
"""


def common_in_titles(titles: Iterable[str]) -> dict[str, int]:
    """Lower-case words and in how many titles they were seen."""
    seen: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for title in titles:
        words = set(LATIN.findall(title))
        if any(not word.islower() for word in words):
            seen.update({word.lower() for word in words})
            lower.update({word for word in words if word.islower()})
    return {word: n for word, n in seen.items() if n >= LEAST_TITLES and lower[word] >= LOWER_SHARE * n}


def common_in_companies(names: Iterable[str]) -> dict[str, int]:
    """Stretches of ideographs and how many companies begin or end with them."""
    seen: Counter[str] = Counter()
    for name in names:
        letters = name.strip()
        if IDEOGRAPHS.fullmatch(letters):
            seen.update({part for n in LENGTHS if n <= len(letters) for part in (letters[:n], letters[-n:])})
    return {part: n for part, n in seen.items() if n >= LEAST_COMPANIES}


def build(titles: Path, companies: Path, houses: Path, target: Path = TARGET) -> int:
    """Write the table; returns the number of words in it."""
    with titles.open(encoding="utf-8", newline="") as file:
        counts = common_in_titles(row["title"] for row in csv.DictReader(file))
    with houses.open(encoding="utf-8", newline="") as file:
        named = {row["brand_latin"].lower() for row in csv.DictReader(file)}
    counts = {word: n for word, n in counts.items() if word not in named}
    counts |= common_in_companies(companies.read_text(encoding="utf-8-sig").splitlines())
    rows = [f"{word}\t{n}\n" for word, n in sorted(counts.items())]
    target.write_text(HEADER + "".join(rows), encoding="utf-8")
    return len(rows)


if __name__ == "__main__":
    sys.stderr.write(f"{build(*map(Path, sys.argv[1:4]))} words written to {TARGET.name}\n")
