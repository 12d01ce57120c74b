"""Read settings from the environment: each with a type, a clear refusal, a heading in docs/reference/settings.md."""

import os
from collections.abc import Callable
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"", "0", "false", "no", "off"})


def text(name: str, default: str = "") -> str:
    """A text; surrounding spaces do not count."""
    return os.environ.get(name, default).strip()


def required(name: str, why: str) -> str:
    """A text that must be there; raises ImproperlyConfigured, which says why it is needed."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set: {why}")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """Yes or no; anything else is refused."""
    value = text(name, "yes" if default else "no").lower()
    if value not in TRUE | FALSE:
        raise ImproperlyConfigured(f"{name} is {value!r}: write yes or no.")
    return value in TRUE


def number(name: str, default: int, *, least: int = 0, most: int = 2**40) -> int:
    """A whole number within bounds."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
        raise ImproperlyConfigured(f"{name} is {value!r}: write a whole number from {least} to {most}.")
    return int(value)


def items(name: str) -> list[str]:
    """A list, separated by commas."""
    return [item.strip() for item in text(name).split(",") if item.strip()]


def networks(name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """A setting that lists networks, such as `10.20.0.0/16`, separated by commas.

    Raises:
        ImproperlyConfigured: one of them is no network.
    """
    try:
        return tuple(ip_network(one) for one in items(name))
    except ValueError as error:
        raise ImproperlyConfigured(f"{name}: {error}. Write networks such as 10.20.0.0/16.") from error


def secret(name: str, why: str) -> str:
    """A secret from the variable, or from the file that `<name>_FILE` names, which keeps it out of the environment."""
    file = text(f"{name}_FILE")
    if file:
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from error
    return required(name, why)


def optional_secret(name: str) -> Callable[[], str]:
    """Reads a secret that a node may do without, anew at each call; empty when there is none or its file is gone."""

    def read() -> str:
        if not text(name) and not text(f"{name}_FILE"):
            return ""
        try:
            return secret(name, "")
        except ImproperlyConfigured:
            return ""

    return read
