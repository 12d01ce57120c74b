"""The recall below which the suite fails."""

from importlib.resources import files
from pathlib import Path

import yaml

from countermark.evaluate.share import wilson
from countermark.world.adversary.suite import Outcome


def read_floors(source: Path | None = None) -> dict[str, float]:
    """The floor of each attack; those that ship with the code unless a file is given."""
    text = source.read_text("utf-8") if source else (files(__package__) / "floors.yaml").read_text(encoding="utf-8")
    return {str(name): float(value) for name, value in (yaml.safe_load(text) or {}).items()}


def floors_of(outcomes: list[Outcome]) -> dict[str, float]:
    """The lower end of the 95 % Wilson interval: what chance in the choice of cases explains does not fail."""
    return {o.attack: int(wilson(o.recall.hits, o.recall.n)[0] * 100) / 100 for o in outcomes if o.recall.n}


def fallen(outcomes: list[Outcome], floors: dict[str, float]) -> list[Outcome]:
    """Attacks of which less is found than their floor asks."""
    return [o for o in outcomes if o.recall.value is not None and o.recall.value < floors.get(o.attack, 0.0)]
