"""Read which timestamp authorities are asked, and by which certificates they are believed."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from countermark.node.config.environment import items
from countermark.proof import Refused, read_authorities

MOST = 2


def timestampers(urls: str, certificates: str) -> tuple[tuple[str, bytes], ...]:
    """Address and certificates (PEM) of each authority, from two settings that list them in the same order.

    Raises:
        ImproperlyConfigured: an address without certificates, too many, one twice, or a file that holds none.
    """
    addresses, files = items(urls), items(certificates)
    if len(addresses) != len(files) or len(addresses) > MOST:
        raise ImproperlyConfigured(f"{urls} and {certificates} name the same authorities, {MOST} at most.")
    if len(set(addresses)) != len(addresses):
        raise ImproperlyConfigured(f"{urls} names one authority twice: two stamps of one clock are one.")
    if not all(one.startswith(("http://", "https://")) for one in addresses):
        raise ImproperlyConfigured(f"{urls}: write addresses that begin with https:// or http://.")
    return tuple(zip(addresses, [_pem(certificates, file) for file in files], strict=True))


def _pem(setting: str, file: str) -> bytes:
    try:
        pem = Path(file).read_bytes()
        read_authorities(pem)
    except OSError as error:
        raise ImproperlyConfigured(f"{setting}: {file} cannot be read: {error.strerror}.") from error
    except Refused as refused:
        raise ImproperlyConfigured(f"{setting}: {file}: {refused}") from refused
    return pem
