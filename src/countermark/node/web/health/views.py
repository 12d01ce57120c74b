"""Two questions a supervisor asks."""

import os
from pathlib import Path

import structlog
from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from countermark.node.findings import selectors as findings
from countermark.node.parties import selectors as parties

log = structlog.get_logger(__name__)


@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The database answers and the store can be written; 503 when one of them does not. No names, no secrets.

    It also says the hash of the policy that new scans are judged by, so that processes that disagree are seen.
    """
    checks = {"database": _database(), "store": _store()}
    good = all(checks.values())
    shown = {name: "ok" if passed else "failed" for name, passed in checks.items()}
    return JsonResponse(
        {"status": "ok" if good else "failed", "checks": shown, "policy": findings.policy_hash()},
        status=200 if good else 503,
    )


def _database() -> bool:
    try:
        parties.has_organisation()
    except DatabaseError as error:
        log.warning("health.database", error=type(error).__name__)
        return False
    return True


def _store() -> bool:
    """The store, or the nearest folder above that exists: it is made at the first picture."""
    folder = Path(settings.COUNTERMARK_STORE)
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return os.access(folder, os.W_OK | os.X_OK)
