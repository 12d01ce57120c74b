"""Private certificate authorities of partners, from the environment."""

import ssl
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from countermark.node.config.environment import items


def authorities(name: str) -> dict[str, Path]:
    """A setting that lists `node=file` pairs, separated by commas: by a partner's node, the PEM file to trust there.

    Raises:
        ImproperlyConfigured: a pair without node or file, a node named twice, or a file without a certificate.
    """
    found: dict[str, Path] = {}
    for pair in items(name):
        node, _, file = (part.strip() for part in pair.partition("="))
        if not node or not file or node in found:
            raise ImproperlyConfigured(f"{name}: write node.partner.example=/path/ca.pem, each node once.")
        try:
            ssl.create_default_context(cafile=file)
        except (OSError, ssl.SSLError) as error:
            raise ImproperlyConfigured(f"{name}: {file} holds no certificates that can be read.") from error
        found[node] = Path(file)
    return found
