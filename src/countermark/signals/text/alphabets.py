"""Which character stands for which letter: our own additions to Unicode's look-alikes, as plain data."""

from functools import cache
from pathlib import Path

TABLE = Path(__file__).with_name("confusables.tsv")


def _pairs(pairs: str) -> dict[str, str]:
    """`"łl đd"` as a mapping: the first character is read as the rest."""
    return {pair[0]: pair[1:] for pair in pairs.split()}


def _run(first: int, letters: str) -> dict[str, str]:
    """Consecutive code points from `first` on, read as these letters."""
    return {chr(first + step): letter for step, letter in enumerate(letters)}


ALPHABET = "abcdefghijklmnopqrstuvwxyz"

#: Letters of Latin alphabets that carry a stroke or join two letters; Unicode does not decompose them.
STROKED = _pairs("łl đd øo ħh ŧt ðd þth æae œoe ıi ĸk ƒf")

#: Signs that follow a mark and are not part of it.
SIGNS_OF_PROTECTION = "™®©℠"

#: Alphabets that nobody types by accident: enclosed, flags, small capitals.
STYLED = {
    **_run(0x249C, ALPHABET),  # parenthesised
    **_run(0x1F110, ALPHABET),  # parenthesised capitals
    **_run(0x1F130, ALPHABET),  # squared
    **_run(0x1F150, ALPHABET),  # white on black circle
    **_run(0x1F170, ALPHABET),  # white on black square
    **_run(0x1F1E6, ALPHABET),  # regional indicators, drawn as letters or flags
    **_pairs("ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ꞯq ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz"),
}

#: Greek and Cyrillic letters that Unicode does not call confusable, but that are used to write Latin words.
BORROWED = _pairs(
    "аa вb еe зz иn йn кk мm нh оo пn рp сc тt уy хx ьb эe яr гr шw щw іi Іi Ιi Ӏi ӏl ґr"
    " αa βb γy ϝf εe ζz ηn ιi κk μu νv οo πn ρp σo ςc τt υu χx ωw λa"
)


def _codes(*ranges: range) -> frozenset[int]:
    return frozenset().union(*ranges)


#: Drawn nowhere or only directing the reader: zero width, joiners, directions, variation selectors, tags.
HIDDEN = _codes(
    range(0x00AD, 0x00AE),
    range(0x034F, 0x0350),
    range(0x061C, 0x061D),
    range(0x115F, 0x1161),
    range(0x17B4, 0x17B6),
    range(0x180B, 0x1810),
    range(0x200B, 0x2010),
    range(0x202A, 0x202F),
    range(0x2060, 0x2070),
    range(0x3164, 0x3165),
    range(0xFE00, 0xFE10),
    range(0xFEFF, 0xFF00),
    range(0xFFA0, 0xFFA1),
    range(0x1D173, 0x1D17B),
    range(0xE0000, 0xE1000),
)

#: Strokes through a letter and frames around it: drawn over a word to break it for machines.
OVERLAYS = _codes(range(0x0334, 0x0339), range(0x20D0, 0x2100))
#: Accents of Latin, Greek and Cyrillic letters; marks of other scripts carry meaning and stay.
ACCENTS = _codes(range(0x0300, 0x0370), range(0x1AB0, 0x1B00), range(0x1DC0, 0x1E00), range(0xFE20, 0xFE30)) - OVERLAYS

#: Letters, figures and signs that pass for one another; each is written as the last letter.
#: `i` and `l` belong here, so that `1`, `!` and `|` need not be guessed.
SKELETON = _pairs("il 1l !l |l ¡l 0o 3e €e 4a @a 5s $s 7t 8b 9g 6g 2z £l ¥y ¢c")

#: Figures and signs that are put in place of a letter, with what each may stand for.
LEET = {sign: letter for sign, letter in SKELETON.items() if sign != "i"}


@cache
def confusables() -> dict[str, str]:
    """Unicode's look-alikes of Latin letters and digits, character → lower-case letters."""
    rows = (line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#"))
    return {chr(int(code, 16)): letters for code, letters in rows}
