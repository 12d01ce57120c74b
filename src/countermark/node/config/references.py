"""Files beside the rights that scans decide by: exchange rates, a learned network. Each is refused at the start."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from django.core.exceptions import ImproperlyConfigured

from countermark.node.config.environment import text

if TYPE_CHECKING:
    from countermark.signals.image.embeddings import NetworkSettings
    from countermark.signals.price import Rates

T = TypeVar("T")


def rates_named(name: str) -> "Rates | None":
    """The rates of the file that a variable names; None where it names none. Raises ImproperlyConfigured."""
    if not text(name):
        return None
    # A node without such a file does not wait for the engine.
    from countermark.signals.price import read_rates  # noqa: PLC0415

    return _read(name, read_rates)


def network_named(name: str) -> "NetworkSettings | None":
    """The settings of a learned network, the network itself checked; None where none is named.

    Raises ImproperlyConfigured: the file cannot be used, or the extra `pictures` is not installed.
    """
    if not text(name):
        return None
    from countermark.signals.image.embeddings import can_embed, read_network_settings  # noqa: PLC0415

    if not can_embed():
        raise ImproperlyConfigured(f'{name} needs an extra. Install "countermark[pictures]".')
    return _read(name, read_network_settings)


def _read(name: str, read: Callable[[Path], T]) -> T:
    from countermark.model import InvalidRecord  # noqa: PLC0415

    try:
        return read(Path(text(name)))
    except (InvalidRecord, OSError) as problem:
        raise ImproperlyConfigured(f"{name} names a file that cannot be used: {problem}") from problem
