"""Makes `wording/wording.tsv`: how much each word, pair and ideograph speaks for an offer of imitations.

    python -m countermark.signals.text.build_wording LABELLED.tsv … --dev-half LABELLED.tsv … \\
        --everyday EVERYDAY.tsv … --titles TITLES.csv

Labelled: TSV with the columns `label` (`replica` or `honest`), `title`, `description`, each file by another hand. Of
files after `--dev-half` only the half that `benchmarks/data/README.md` calls dev is learned from. Labelled texts are
hard ones; so that nouns of goods and plain titles speak for nothing, everyday listings and `MOST_TITLES` real titles
are learned from as honest (a CSV with a column `title`: `products/wdc-offer-titles.csv`, Web Data Commons, Apache-2.0;
only titles whose SHA-256 begins with a byte below 128: the others are for measuring). Only weights are kept.

A logistic regression with a ridge (A. Hoerl and R. Kennard, Technometrics 12, 1970) weighs the features of
`wording/tokens.py`, a text's weights added up and divided by a root of how many are known. Base and scale are fitted
anew on what each file's texts get from weights that have not seen that file, so that a share means for a new hand what
it says (J. Platt, 1999). What is printed is measured in the same way. Needs scikit-learn (`countermark[learn]`).
"""

import argparse
import csv
import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from itertools import compress
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from countermark.signals.text.wording.tokens import features_of
from countermark.signals.text.wording.weights import FILE, UNKNOWN

#: Inverse of the ridge's pull, chosen by the same measurement, file against the others.
RIDGE = 20.0
#: Texts that must hold a feature.
LEAST_TEXTS = 2
#: Weights below this say too little to be kept.
LEAST_WEIGHT = 0.3
DIGITS = 2
#: Real titles that are learned from as honest.
MOST_TITLES, LEARNED_BELOW = 1000, 128
#: The invented houses of the texts: no feature may hold their names.
NAMES = (
    "corvane", "halcyr", "ondrelle", "velmonde", "tarsini", "brisselle",
    "珂梵", "赫希尔", "昂黛儿", "薇蒙", "塔西尼", "布里塞尔", "赫希爾", "昂黛兒", "布里塞爾",
)  # fmt: skip

HEADER = """\
# Words, pairs of words, ideographs and up to three of them, figures as nines, and how much each speaks for (+) or
# against (-) an offer of imitations. Made by build_wording.py from texts written for this project; see its docstring.
"""

Row = dict[str, str]
Counts = dict[str, int]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]


def rows_of(path: Path, *, dev_half: bool) -> list[Row]:
    """The labelled texts of a file."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row for row in rows if not dev_half or not _is_test(row)]


def _is_test(row: Row) -> bool:
    return hashlib.sha256(f"{row['title']}\n{row['description']}".encode()).digest()[0] % 2 == 1


def titles_of(path: Path) -> list[Row]:
    """Real titles of the half that may be learned from, in the order of their hashes."""
    with path.open(encoding="utf-8", newline="") as stream:
        titles = {row["title"] for row in csv.DictReader(stream)}
    hashed = sorted((hashlib.sha256(title.encode()).digest(), title) for title in titles)
    return [{"title": title, "description": ""} for digest, title in hashed if digest[0] < LEARNED_BELOW][:MOST_TITLES]


def counts_of(rows: Sequence[Row]) -> list[Counts]:
    """The features of each text, title and description together, without names."""
    titles, descriptions = (features_of(row[column] for row in rows) for column in ("title", "description"))
    added = [Counter(title) + Counter(description) for title, description in zip(titles, descriptions, strict=True)]
    return [{feature: n for feature, n in one.items() if not _names(feature)} for one in added]


def _names(feature: str) -> bool:
    letters = feature.replace(" ", "")
    return any(name in letters for name in NAMES)


class Model:
    """Weights learned from texts."""

    def __init__(self, texts: Sequence[Counts], replica: Flags) -> None:
        seen = Counter(feature for text in texts for feature in text)
        self.features = {one: at for at, one in enumerate(sorted(f for f, n in seen.items() if n >= LEAST_TEXTS))}
        fitted = LogisticRegression(C=RIDGE, max_iter=3000, tol=1e-5).fit(self._rows(texts), replica)
        kept = np.flatnonzero(np.abs(fitted.coef_[0]) >= LEAST_WEIGHT)
        names = list(self.features)
        self.features = {names[at]: number for number, at in enumerate(kept)}
        self.base, self.weights = float(fitted.intercept_[0]), fitted.coef_[0][kept]

    def _rows(self, texts: Sequence[Counts]) -> csr_matrix:
        values: list[float] = []
        columns: list[int] = []
        ends = [0]
        for text in texts:
            known = {self.features[one]: n for one, n in text.items() if one in self.features}
            length = math.sqrt(sum(known.values()) + UNKNOWN)
            values += [n / length for n in known.values()]
            columns += known
            ends.append(len(columns))
        return csr_matrix((values, columns, ends), shape=(len(texts), len(self.features)))

    def odds(self, texts: Sequence[Counts]) -> Reals:
        """Log-odds of each text."""
        return np.asarray(self._rows(texts) @ self.weights + self.base)


def learned(texts: Sequence[Counts], replica: Flags, honest: Sequence[Counts]) -> Model:
    """A model of labelled texts and of texts that are honest."""
    return Model([*texts, *honest], np.concatenate([replica, np.zeros(len(honest), bool)]))


def unseen_odds(texts: list[Counts], replica: Flags, file: Numbers, honest: Sequence[Counts]) -> Reals:
    """Log-odds of each labelled text by a model that has not seen its file."""
    odds = np.zeros(len(texts))
    for one in np.unique(file):
        inside, outside = file == one, file != one
        model = learned(list(compress(texts, outside)), replica[outside], honest)
        odds[inside] = model.odds(list(compress(texts, inside)))
    return odds


def f1(replica: Flags, said: Flags) -> str:
    """F1, precision and recall in words."""
    right = int((replica & said).sum())
    precision, recall = right / max(1, int(said.sum())), right / max(1, int(replica.sum()))
    return (
        f"F1 {2 * precision * recall / max(1e-9, precision + recall):.3f} precision {precision:.3f} recall {recall:.3f}"
    )


def written(model: Model, base: float, scale: float) -> str:
    """The file."""
    lines = [HEADER, f"=base\t{base:.4f}\n", f"=scale\t{scale:.4f}\n"]
    for feature, at in model.features.items():
        weight = round(float(model.weights[at]), DIGITS)
        if weight:  # what is known is what has a weight
            lines.append(f"{feature}\t{weight:.{DIGITS}f}\n")
    return "".join(lines)


def main() -> None:
    """Read, learn, say how well, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--dev-half", type=Path, nargs="*", default=[])
    parser.add_argument("--everyday", type=Path, nargs="*", default=[])
    parser.add_argument("--titles", type=Path)
    parser.add_argument("--out", type=Path, default=FILE)
    asked = parser.parse_args()
    parts = [rows_of(path, dev_half=False) for path in asked.files]
    parts += [rows_of(path, dev_half=True) for path in asked.dev_half]
    rows = [row for part in parts for row in part]
    file = np.repeat(np.arange(len(parts)), [len(part) for part in parts])
    replica = np.array([row["label"] == "replica" for row in rows])
    texts = counts_of(rows)
    plain_rows = [row for path in asked.everyday for row in rows_of(path, dev_half=False)]
    honest = counts_of([*plain_rows, *(titles_of(asked.titles) if asked.titles else [])])
    odds = unseen_odds(texts, replica, file, honest)
    fit = LogisticRegression(C=1e6).fit(odds[:, None], replica)
    scale, added = float(fit.coef_[0, 0]), float(fit.intercept_[0])
    said = scale * odds + added >= 0
    for at, path in enumerate([*asked.files, *asked.dev_half]):
        print(f"{path.name}: {f1(replica[file == at], said[file == at])}")  # noqa: T201
    model = learned(texts, replica, honest)
    asked.out.write_text(written(model, scale * model.base + added, scale), encoding="utf-8")
    print(f"{len(rows)} + {len(honest)} texts, {len(model.features)} features: {f1(replica, said)}")  # noqa: T201


if __name__ == "__main__":
    main()
