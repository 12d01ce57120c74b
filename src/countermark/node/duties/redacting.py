"""Take personal data out of a text for the public; what is left in doubt is found again before anything is released."""

from collections.abc import Iterable

from countermark.law.statement.personal_data import KINDS, find_personal_data

MARK = "[…]"


def redact(text: str, names: Iterable[str] = ()) -> str:
    """The text with everything that looks like personal data replaced by `[…]`.

    Args:
        text: any.
        names: of the persons of the case.
    """
    for sight in reversed(_apart(text, names)):
        text = text[: sight[0]] + MARK + text[sight[1] :]
    return text


def doubts(text: str, names: Iterable[str] = ()) -> tuple[str, ...]:
    """What still looks like personal data, in words; never the data themselves."""
    return tuple(dict.fromkeys(KINDS[one.kind] for one in find_personal_data(text, names)))


def _apart(text: str, names: Iterable[str]) -> list[tuple[int, int]]:
    """Places without overlaps: two kinds may have been seen in one."""
    found: list[tuple[int, int]] = []
    for one in find_personal_data(text, names):
        if found and one.start < found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], one.end))
        else:
            found.append((one.start, one.end))
    return found
