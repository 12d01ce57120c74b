"""Where the node's keys are and what opens them; shared by the settings and by commands that need no database."""

from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from countermark.node.config.environment import items, required, secret, text

WHY = "it opens the keys of the node. Make one: openssl rand -base64 32"


def node_name() -> str:
    """The node's name in logs and notes: COUNTERMARK_NODE_NAME, or the first of its hosts."""
    name = text("COUNTERMARK_NODE_NAME") or next(iter(items("COUNTERMARK_HOSTS")), "").lstrip(".")
    if "+" in name or "://" in name or any(map(str.isspace, name)):
        raise ImproperlyConfigured(
            f"COUNTERMARK_NODE_NAME is {name!r}: write a host name, without https://, + or spaces."
        )
    return name


def needed_node_name() -> str:
    """The node's name, where nothing can be done without."""
    return node_name() or required("COUNTERMARK_NODE_NAME", "checkpoints of this name only are signed.")


def signer_path() -> str:
    """Path of the signer's socket; empty when the node signs in its own process."""
    path = text("COUNTERMARK_SIGNER")
    if path and not Path(path).is_absolute():
        raise ImproperlyConfigured(f"COUNTERMARK_SIGNER is {path!r}: write a whole path, or nothing.")
    return path


def home() -> Path:
    """The node's folder."""
    return Path(required("COUNTERMARK_HOME", "the node keeps its files in this folder.")).resolve()


def key_passphrase() -> str:
    """The passphrase, read anew each time and kept nowhere."""
    return secret("COUNTERMARK_KEY_PASSPHRASE", WHY)


def fixed(passphrase: str) -> Callable[[], str]:
    """A passphrase for the demo and for tests."""
    return lambda: passphrase
