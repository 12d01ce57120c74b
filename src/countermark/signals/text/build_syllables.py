"""Write `syllables.tsv`: how each ideograph of the basic block is usually read, without tone.

Run: `python -m countermark.signals.text.build_syllables`. The readings are pypinyin's, under the licence that stands
beside the table (`SYLLABLES-LICENSE.txt`). Importing the package instead would cost every process 60 MB for phrases
that nobody asks about.
"""

import sys
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

TARGET = Path(__file__).with_name("syllables.tsv")
#: The basic block of unified ideographs.
IDEOGRAPHS = range(0x4E00, 0xA000)

HEADER = """\
# Syllables without tone, and the ideographs of the basic block that are usually read so.
# Derived from the table of single characters of pypinyin {version}. See SYLLABLES-LICENSE.txt.
"""


def build(target: Path = TARGET) -> int:
    """Write the table; returns the number of syllables in it."""
    from pypinyin import pinyin_dict  # noqa: PLC0415 - only who builds the table pays for the package
    from pypinyin.contrib.tone_convert import to_normal  # noqa: PLC0415

    readings = pinyin_dict.pinyin_dict
    letters: dict[str, list[str]] = defaultdict(list)
    for code in IDEOGRAPHS:
        if code in readings:
            letters[to_normal(readings[code].split(",")[0])].append(chr(code))
    rows = [f"{syllable}\t{''.join(letters[syllable])}\n" for syllable in sorted(letters)]
    target.write_text(HEADER.format(version=version("pypinyin")) + "".join(rows), encoding="utf-8")
    return len(rows)


if __name__ == "__main__":
    sys.stderr.write(f"{build()} syllables written to {TARGET.name}\n")
