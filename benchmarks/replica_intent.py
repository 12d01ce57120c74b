"""How well the text signals tell an offer of imitations from honest listings, against a list of keywords.

The texts and the rule of their labels: `benchmarks/data/README.md`. A text counts as an offer when `text.replica_word`
or `text.wording` is at least `THRESHOLD`, fixed before anything was measured; each is also counted by itself. The peer
is what a marketplace writes in an afternoon: a regular expression of the words that every analyst knows. The lexicon
may be mended, and weights of wording learned, on `dev` only; the fifth, sixth and seventh set are all `test`, each by a
hand of its own.
"""

import csv
import hashlib
import re
import sys
from collections import Counter
from pathlib import Path

import pyarrow as pa

from countermark.model import Portfolio, Right, RightKind, Text
from countermark.signals.text import TextSignals, WordingSignals

FOLDER = Path(__file__).parent / "data"
SETS = (
    "replica_intent.tsv",
    "replica_intent_second.tsv",
    "replica_intent_third.tsv",
    "replica_intent_fourth.tsv",
    "replica_intent_fifth.tsv",
    "replica_intent_sixth.tsv",
    "replica_intent_seventh.tsv",
)
THRESHOLD = 0.5
HOUSES = {
    "Corvane": "珂梵",
    "Halcyr": "赫希尔",
    "Ondrelle": "昂黛儿",
    "Velmonde": "薇蒙",
    "Tarsini": "塔西尼",
    "Brisselle": "布里塞尔",
}
KEYWORDS = re.compile(
    r"\b(?:replica|replicas|counterfeit|knock-?off|fake|super copy|first copy|aaa|mirror|1:1|superclone|ua|dupe"
    r"|réplique|contrefaçon|copie conforme|miroir|imitation)\b|高仿|复刻|a货|精仿|莆田|原单|一比一|1:1|超a|仿品|山寨",
    re.IGNORECASE,
)
Row = dict[str, str]


def rows(file: str) -> list[Row]:
    """The labelled texts of a file; none when it does not exist."""
    path = FOLDER / file
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))


def half(row: Row) -> str:
    """`dev` or `test`, by the hash of the text."""
    digest = hashlib.sha256(f"{row['title']}\n{row['description']}".encode()).digest()
    return "test" if digest[0] % 2 else "dev"


def portfolio() -> Portfolio:
    """The invented houses of the texts, each by its Latin and its Chinese name."""
    return Portfolio(
        rights=tuple(
            Right(brand=latin, kind=RightKind.TRADEMARK, title=latin, mark=Text(latin), aliases=(Text(chinese),))
            for latin, chinese in HOUSES.items()
        )
    )


def ours(texts: list[Row], signals: TextSignals) -> dict[str, list[bool]]:
    """Whether each text offers imitations: by the lexicon, by its wording, by either, which is what counts."""
    batch = pa.RecordBatch.from_pydict({column: [row[column] for row in texts] for column in ("title", "description")})
    lexicon = [
        any(one.name == "text.replica_word" and one.value >= THRESHOLD for one in row) for row in signals.measure(batch)
    ]
    read = WordingSignals().measure(batch, range(len(texts)))
    wording = [row in read and read[row].value >= THRESHOLD for row in range(len(texts))]
    return {
        "ours": [one or other for one, other in zip(lexicon, wording, strict=True)],
        "lexicon alone": lexicon,
        "wording alone": wording,
    }


def keywords(texts: list[Row]) -> list[bool]:
    """The same by the peer."""
    return [bool(KEYWORDS.search(f"{row['title']} {row['description']}")) for row in texts]


def scores(texts: list[Row], said: list[bool]) -> dict[str, dict[str, float]]:
    """Precision, recall and F1 of each language and of all."""
    counts: dict[str, Counter[str]] = {}
    for row, is_said in zip(texts, said, strict=True):
        meant = row["label"] == "replica"
        for part in (row["language"], "all"):
            count = counts.setdefault(part, Counter())
            count["n"] += 1
            count["right"] += is_said and meant
            count["wrong"] += is_said and not meant
            count["missed"] += meant and not is_said
    return {part: _score(count) for part, count in sorted(counts.items())}


def _score(count: Counter[str]) -> dict[str, float]:
    right = count["right"]
    precision = right / max(1, right + count["wrong"])
    recall = right / max(1, right + count["missed"])
    f1 = 2 * right / max(1, 2 * right + count["wrong"] + count["missed"])
    return {"texts": count["n"], "precision": round(precision, 3), "recall": round(recall, 3), "f1": round(f1, 3)}


def run(size: str) -> dict[str, object]:
    """Figures of every half; one size."""
    signals = TextSignals(portfolio())
    first, second, third, fourth, *unseen = (rows(file) for file in SETS)
    parts = {name: [row for row in first if half(row) == name] for name in ("dev", "test")} | {"second look": second}
    for name, texts in (("third", third), ("fourth", fourth)):
        parts |= {f"{name} {part}": [row for row in texts if row["half"] == part] for part in ("dev", "test")}
    parts |= dict(zip(("fifth test", "sixth test", "seventh test"), unseen, strict=True))
    result: dict[str, object] = {"size": size, "threshold": THRESHOLD}
    for part, texts in parts.items():
        if texts:
            said = ours(texts, signals) | {"keywords": keywords(texts)}
            figures = {who: scores(texts, flags) for who, flags in said.items()}
            result[part] = figures
            for who, languages in figures.items():
                for language, line in languages.items():
                    print(f"{part:12} {who:13} {language:4} " + "  ".join(f"{k} {v}" for k, v in line.items()))
    return result


def show_errors() -> None:
    """Print what is judged wrongly in the `dev` halves: what the lexicon may be mended on."""
    texts = [row for file in (SETS[0], *SETS[2:4]) for row in rows(file) if half(row) == "dev"]
    for row, is_said in zip(texts, ours(texts, TextSignals(portfolio()))["ours"], strict=True):
        if is_said != (row["label"] == "replica"):
            print("false alarm" if is_said else "missed     ", row["kind"], "|", row["title"], "|", row["description"])


if __name__ == "__main__":
    show_errors() if "errors" in sys.argv else run("small")
