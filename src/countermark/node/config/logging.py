"""Logs: one JSON object a line on standard error, with the request's id and without personal data."""

import logging
import re
import sys
from collections.abc import Iterable, MutableMapping
from typing import Any

import structlog
from structlog.typing import Processor

MASK = "[masked]"

#: Keys whose values are personal (or secret) by nature; compared in lower case.
PERSONAL_KEYS = frozenset(
    [
        "account",
        "address",
        "authorization",
        "cookie",
        "e_mail",
        "email",
        "first_name",
        "full_name",
        "iban",
        "ip",
        "last_name",
        "name",
        "password",
        "phone",
        "query",
        "query_string",
        "remote_addr",
        "secret",
        "seller_name",
        "telephone",
        "token",
        "user_agent",
        "user_name",
        "username",
    ]
)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_PHONE = re.compile(r"(?<![\w.-])\+\d[\d ().-]{7,20}\d")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")
#: Parts of an address that open what is behind them: the page of a seller, the calendar of a person.
_KEY_IN_ADDRESS = re.compile(r"(?<=/seller/)[\w-]{16,}|(?<=/calendar/)[\w-]{16,}")
_QUERY = re.compile(r"(?<=[\w/])\?[^\s\"']+")
#: PostgreSQL repeats the values of the row in these lines.
_DETAIL = re.compile(r"(?m)^(DETAIL|CONTEXT): .*$")
#: Longest text that is searched and kept; a log line is not a store.
LONGEST = 20_000
DEEPEST = 6


def mask_personal_data(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Structlog processor: values of personal keys go, and so do addresses, numbers and query strings in any text."""
    for key in list(event):
        event[key] = MASK if _is_personal(key) else _clean(event[key], 0)
    return event


def _is_personal(key: object) -> bool:
    text = str(key).lower()
    return text in PERSONAL_KEYS or text.endswith(("_email", ".email", "_phone", ".phone"))


def _clean(value: Any, depth: int) -> Any:
    if depth > DEEPEST:
        return "[too deep]"
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {k: MASK if _is_personal(k) else _clean(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item, depth + 1) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return clean_text(str(value))


def clean_text(text: str) -> str:
    """A text without e-mail addresses, telephone numbers, IBANs, query strings, keys in addresses or database rows."""
    cut = text[:LONGEST]
    for pattern in (_DETAIL, _KEY_IN_ADDRESS, _EMAIL, _QUERY, _IBAN, _PHONE):
        cut = pattern.sub(MASK, cut)
    return cut


def _chain() -> Iterable[Processor]:
    return (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        mask_personal_data,
    )


def configure(level: str = "INFO") -> None:
    """Send the logs of everything, ours and the libraries', through one chain to standard error."""
    chain = list(_chain())
    structlog.configure(
        processors=[structlog.stdlib.filter_by_level, *chain, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=chain,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level)
    _quieten()


def _quieten() -> None:
    """Libraries that would write a line for every request, address and all; ours says the same without it."""
    # The guard of forms would write the address of a seller's page, which is the key to it; our line has the status.
    for name in ("uvicorn.access", "django.server", "django.request", "django.security.csrf"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # Whoever sends a wrong host name could fill the disk with tracebacks.
    logging.getLogger("django.security.DisallowedHost").setLevel(logging.CRITICAL)
    for name in ("uvicorn", "uvicorn.error", "PIL"):
        logging.getLogger(name).setLevel(logging.WARNING)
