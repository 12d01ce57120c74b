"""Write `confusables.tsv` from Unicode's `confusables.txt` (UTS 39): characters that pass for Latin letters or digits.

Run: `python -m countermark.signals.text.build_confusables PATH/confusables.txt`, also packed as `.xz`. The data is
Unicode's, under the licence that stands beside the table (`CONFUSABLES-LICENSE.txt`); what we change is said in the
table's first lines. It is made with the oldest Python that runs this project: letters that are newer than its Unicode
it neither sorts nor decomposes, so they are sorted by the name that the file gives them, and stand in the table.
"""

import lzma
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

TARGET = Path(__file__).with_name("confusables.tsv")
#: Unicode writes the letter m as the pair it resembles; we fold towards the letter that people read.
READ_AS = {"rn": "m"}
#: Ideographs and kana are never folded to letters: `〇` is a figure in Chinese, and a mask.
EAST_ASIAN = range(0x2E80, 0xA000)

HEADER = """\
# Characters that look like Latin letters or digits: code point, what it is read as (lower case).
# Derived from Unicode's confusables.txt, version {version}: restricted to letters and figures whose prototype is
# one to three ASCII letters or digits, prototypes folded to lower case, `rn` read as `m`. See CONFUSABLES-LICENSE.txt.
"""


def prototypes(lines: Iterable[str]) -> Iterator[tuple[int, str, str]]:
    """Every (code point, prototype, name) of a confusables file; comments and blank lines are passed over."""
    for line in lines:
        data, _, comment = line.partition("#")
        fields = data.split(";")
        if len(fields) == 3:
            name = comment.partition(" ) ")[2].partition(" → ")[0]
            yield int(fields[0], 16), "".join(chr(int(code, 16)) for code in fields[1].split()), name


def read_as(text: str) -> str:
    """Text as lower-case ASCII letters and digits without accents, empty when it is not made of them."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()
    return READ_AS.get(bare, bare) if bare.isascii() and bare.isalnum() else ""


def passes_for_latin(code: int, letters: str, name: str) -> bool:
    """Whether the row belongs into the table: a foreign letter or figure, short, not East Asian, not folded anyway."""
    return (
        code > 0x7F
        and code not in EAST_ASIAN
        and _is_letter_or_figure(chr(code), name)
        and 1 <= len(letters) <= 3
        and not read_as(chr(code))
    )


def _is_letter_or_figure(character: str, name: str) -> bool:
    category = unicodedata.category(character)
    if category == "Cn":  # newer than this Python
        return any(word in ("LETTER", "DIGIT", "NUMERAL", "LIGATURE") for word in name.split())
    return category[0] in "LN"


def version_of(lines: Iterable[str]) -> str:
    """The Unicode version that a confusables file states in its head."""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("# Version:")), "unknown")


def build(source: Path, target: Path = TARGET) -> int:
    """Write the table; returns the number of characters in it."""
    data = source.read_bytes()
    lines = (lzma.decompress(data) if source.suffix == ".xz" else data).decode("utf-8-sig").splitlines()
    read = sorted((code, read_as(prototype), name) for code, prototype, name in prototypes(lines))
    rows = [f"{code:04X}\t{letters}\n" for code, letters, name in read if passes_for_latin(code, letters, name)]
    target.write_text(HEADER.format(version=version_of(lines)) + "".join(rows), encoding="utf-8")
    return len(rows)


if __name__ == "__main__":
    sys.stderr.write(f"{build(Path(sys.argv[1]))} characters written to {TARGET.name}\n")
