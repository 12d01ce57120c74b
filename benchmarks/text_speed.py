"""Text signals a second on one core, against peers that only look for plain names in the same titles, in the same run.

Titles: the real ones of `products/wdc-offer-titles.csv` where they are beside the project, generated ones otherwise;
each with an article number of its own, one in twenty with a spelling from a replica shop. Marks: the real names of
`lexicon/brand_variants.csv` and generated ones. Peers find exact names at word boundaries and nothing else: flashtext,
pyahocorasick (with a boundary check in Python), and a regular expression of all names (on a few titles: it is slow).
Seconds are seconds of the processor, so that a busy machine disturbs less; the ratio to flashtext is also taken by
turns, one pass of each after the other, because what else runs slows both of a pair alike. The first pass is given by
itself: later ones remember the words of which nothing came.
"""

import csv
import os
import random
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pyarrow as pa

from countermark.model import Portfolio, Right, RightKind, Text
from countermark.signals.text import TextSignals

DATA = Path(__file__).parents[2] / "shared" / "data"
SIZES = {"small": (20_000, (1_000,)), "full": (100_000, (1_000, 10_000))}
SEED = 7
REPEATS = 5
TITLES_FOR_RE = 1_000
OPENING = ["b", "br", "c", "cr", "d", "f", "g", "h", "l", "m", "n", "p", "qu", "r", "s", "st", "t", "v", "z"]
CLOSING = ["a", "e", "i", "o", "u", "an", "el", "or", "is", "yr"]
WORDS = "leather tote bag black men women watch steel 40mm new sale with box silk scarf running shoes free shipping"


def read(path: str, *columns: str) -> list[tuple[str, ...]]:
    with (DATA / path).open(encoding="utf-8", newline="") as file:
        return [tuple(row[column] for column in columns) for row in csv.DictReader(file)]


def invented(number: int, chance: random.Random) -> list[str]:
    """Names that nobody owns, as long as real ones."""
    names: dict[str, None] = {}
    while len(names) < number:
        syllables = (chance.choice(OPENING) + chance.choice(CLOSING) for _ in range(chance.randint(3, 4)))
        names["".join(syllables).title()] = None
    return list(names)


def names(number: int, chance: random.Random) -> list[str]:
    real: list[str] = []
    if DATA.is_dir():
        for latin, chinese in read("lexicon/brand_variants.csv", "brand_latin", "brand_chinese"):
            real += [latin, *filter(None, chinese.split("/"))]
    return (list(dict.fromkeys(real)) + invented(number, chance))[:number]


def titles(number: int, marks: list[str], chance: random.Random) -> list[str]:
    if DATA.is_dir():
        texts = [title for (title,) in read("products/wdc-offer-titles.csv", "title")]
        spellings = [spelling for (spelling,) in read("lexicon/brand_variants.csv", "variant")]
    else:
        texts = [" ".join(chance.choices(WORDS.split(), k=12)).title() for _ in range(6_000)]
        spellings = [mark.replace("a", "@").replace("o", "0") for mark in marks]
    out = []
    for _ in range(number):
        title = f"{chance.choice(texts)} {chance.choice('ABCDEFGH')}{chance.randrange(10**6):06d}"
        out.append(f"{title} {chance.choice(spellings)}" if chance.random() < 0.05 else title)
    return out


def portfolio(marks: Iterable[str]) -> Portfolio:
    kind = RightKind.TRADEMARK
    return Portfolio(rights=tuple(Right(brand=one, kind=kind, title=one, mark=Text(one)) for one in marks))


def rate(work: Callable[[], object], number: int) -> float:
    """Titles a second of the processor, the best of a few runs: what disturbs a run only ever makes it slower."""
    return rates(work, number)[0]


def rates(work: Callable[[], object], number: int) -> tuple[float, float]:
    """The same, and titles a second by the clock on the wall."""
    processor, wall = zip(*(_seconds(work) for _ in range(REPEATS)), strict=True)
    return number / min(processor), number / min(wall)


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Of the processor, and by the clock on the wall."""
    start = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - start[0], time.perf_counter() - start[1]


def by_turns(ours: Callable[[], object], peer: Callable[[], object]) -> float:
    """How many times as fast as the peer, in the middle one of several pairs of passes."""
    pairs = [(_seconds(ours)[0], _seconds(peer)[0]) for _ in range(REPEATS)]
    return statistics.median(theirs / own for own, theirs in pairs)


def peers(marks: list[str], some: list[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, peer in (("flashtext", _flashtext), ("pyahocorasick", _pyahocorasick)):
        try:
            search = peer(marks)
        except ImportError:
            continue
        found[name] = rate(lambda search=search: [search(title) for title in some], len(some))
    few = some[:TITLES_FOR_RE]
    expression = re.compile(r"\b(?:" + "|".join(map(re.escape, marks)) + r")\b", re.IGNORECASE)
    found["re"] = len(few) / _seconds(lambda: [expression.findall(title) for title in few])[0]
    return found


def _against_flashtext(signals: TextSignals, batch: pa.RecordBatch, marks: list[str], some: list[str]) -> float | None:
    try:
        search = _flashtext(marks)
    except ImportError:
        return None
    return round(by_turns(lambda: signals.measure(batch), lambda: [search(title) for title in some]), 2)


def _flashtext(marks: list[str]) -> Callable[[str], object]:
    from flashtext import KeywordProcessor

    processor = KeywordProcessor()
    processor.add_keywords_from_list(marks)
    return lambda title: processor.extract_keywords(title, span_info=True)


def _pyahocorasick(marks: list[str]) -> Callable[[str], object]:
    import ahocorasick

    automaton = ahocorasick.Automaton()
    for mark in marks:
        automaton.add_word(mark.lower(), len(mark))
    automaton.make_automaton()

    def search(title: str) -> list[tuple[int, int]]:
        lower = f" {title.lower()} "
        return [
            (end - length + 1, end)
            for end, length in automaton.iter(lower)
            if not lower[end - length].isalnum() and not lower[end + 1].isalnum()
        ]

    return search


def run(size: str) -> dict[str, object]:
    number, portfolios = SIZES[size]
    result: dict[str, object] = {"titles": number, "source": "real titles" if DATA.is_dir() else "generated titles"}
    for count in portfolios:
        chance = random.Random(SEED)
        marks = names(count, chance)
        some = titles(number, marks, chance)
        build = time.perf_counter()
        signals = TextSignals(portfolio(marks))
        build = time.perf_counter() - build
        batch = pa.RecordBatch.from_pydict({"title": some})
        signals.measure(batch.slice(0, 100))  # tables that are made once in a process
        first = time.process_time()
        measured = signals.measure(batch)
        first = time.process_time() - first
        ours, wall = rates(lambda signals=signals, batch=batch: signals.measure(batch), number)
        others = peers(marks, some)
        turns = _against_flashtext(signals, batch, marks, some)
        result[f"{count} marks"] = {
            "titles a second": round(ours),
            "titles a second by the wall clock": round(wall),
            "titles a second in the first pass": round(number / first),
            "titles with a signal": round(sum(map(bool, measured)) / number, 3),
            "seconds to build": round(build, 2),
            "peers, titles a second": {name: round(one) for name, one in others.items()},
            "ratio to peer": {name: round(ours / one, 2) for name, one in others.items()},
            "ratio to flashtext by turns, median": turns,
            "processes that wanted a core": round(os.getloadavg()[0], 1),
        }
        print(f"{count} marks, {number} {result['source']}: {ours:,.0f} titles a second of the processor,")
        print(f"   {wall:,.0f} by the wall clock; built in {build:.2f} s")
        print(f"   {number / first:,.0f} in the first pass; {turns} times flashtext by turns")
        for name, one in others.items():
            print(f"   {name:14} {one:>10,.0f} titles a second (plain names only); ours is {ours / one:.2f} times that")
    return result


def main() -> None:
    run(sys.argv[1] if len(sys.argv) > 1 else "small")


if __name__ == "__main__":
    main()
