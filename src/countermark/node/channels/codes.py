"""A platform's own codes of the reasons for a notice, as people write them down: one line for each."""

import re

_LINE = re.compile(r"([a-z-]{1,40})\s*=\s*([0-9]{1,8})")


def read_codes(written: str) -> dict[str, str]:
    """Ground to the platform's reason code, from lines such as `counterfeit = 9051`.

    Raises:
        ValueError: names the line that cannot be read.
    """
    found: dict[str, str] = {}
    for number, line in enumerate(filter(str.strip, written.splitlines()), 1):
        match = _LINE.fullmatch(line.strip())
        if match is None:
            raise ValueError(f"Line {number} is not “ground = code”.")
        found[match[1]] = match[2]
    return found
