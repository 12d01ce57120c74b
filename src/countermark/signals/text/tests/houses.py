"""The invented houses of every example in this room."""

from countermark.model import Portfolio, Right, RightKind, Text
from countermark.signals.text import TextSignals


def word_mark(brand: str, mark: str, *aliases: str, generic: bool = False, **more: object) -> Right:
    return Right(
        brand=brand,
        kind=RightKind.TRADEMARK,
        title=f"{mark}, word mark",
        mark=Text(mark),
        aliases=tuple(Text(alias, "zh") for alias in aliases),
        generic=generic,
        **more,  # type: ignore[arg-type]
    )


def houses() -> Portfolio:
    return Portfolio(
        rights=(
            word_mark("Corvane", "Corvane", "珂梵"),
            word_mark("Ondrelle", "Ondrelle", "昂黛儿"),
            word_mark("Halcyr", "Halcyr", "赫希尔"),
            word_mark("Halcyr", "Meridian", generic=True),
            word_mark("Maison Aurelle", "Maison Aurelle"),
        )
    )


HOUSES = TextSignals(houses())


def value_of(name: str, title: str, *, brand: str | None = None, signals: TextSignals = HOUSES, **fields: str) -> float:
    """The strongest value of a signal of that name, 0 when there is none."""
    measured = signals.measure_text(title, **fields)
    return max((s.value for s in measured if s.name == name and brand in (None, s.brand)), default=0.0)


def found(name: str, title: str, *, signals: TextSignals = HOUSES) -> list[str]:
    """The stretches of the title that signals of that name rest on."""
    return [title[span.start : span.end] for s in signals.measure_text(title) if s.name == name for span in s.spans]
