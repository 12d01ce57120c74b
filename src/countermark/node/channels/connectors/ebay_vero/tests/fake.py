"""eBay as the public reference of its VeRO interface has it: tokens, reports of at most 150 items, states of items."""

import re
from base64 import b64decode
from dataclasses import dataclass, field
from typing import Any

from countermark.node.channels.tests.machines import Asked, Said

CLIENT, SECRET = "aurelle-app", "of-tests-only"
_CODES = frozenset({"9051", "9052", "9048", "9037"})


@dataclass
class FakeEbay:
    """Reports in order; `says` is the state of an item at eBay, by item; `troubles` are what the next reports meet."""

    reports: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    says: dict[str, str] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    tokens: int = 0

    def __call__(self, asked: Asked) -> Said:
        if asked.path == "/identity/v1/oauth2/token":
            return self._token(asked)
        if asked.headers.get("authorization") != f"Bearer token-{self.tokens}":
            return Said(401, {"errors": [{"errorId": 1001, "message": "Invalid access token"}]})
        match asked.method, asked.path.removeprefix("/commerce/vero/v2"):
            case "POST", "/vero_report":
                return self._report(asked.json)
            case "GET", "/vero_report_items":
                return Said(200, {"reportedItemDetails": self._items(asked.query.get("itemId", ""))})
            case "GET", path if path.startswith("/vero_report/"):
                return self._one(path.rpartition("/")[2], asked)
        return Said(404, {"errors": [{"errorId": 2002, "message": "Resource not found"}]})

    def _token(self, asked: Asked) -> Said:
        pair = b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode()
        if pair != f"{CLIENT}:{SECRET}" or asked.form["grant_type"] != "client_credentials":
            return Said(401, {"error": "invalid_client", "error_description": "client authentication failed"})
        self.tokens += 1
        return Said(200, {"access_token": f"token-{self.tokens}", "expires_in": 7200, "token_type": "Application"})

    def _report(self, said: dict[str, Any]) -> Said:
        trouble = self.troubles.pop(0) if self.troubles else ""
        if trouble == "429":
            return Said(429, None, {"Retry-After": "60"})
        if trouble == "500":
            return Said(500, {"errors": [{"message": "System error"}]})
        items = said["reportItems"]
        wrong = _wrong(items)
        if wrong:
            return Said(400, {"errors": [{"errorId": 3001, "message": wrong}]})
        name = str(7_000 + len(self.reports))
        self.reports[name] = items
        if trouble == "500-stored":
            return Said(500, {"errors": [{"message": "System error"}]})
        return Said(201, {"veroReportId": name, "veroReportStatus": "Received"})

    def _one(self, name: str, asked: Asked) -> Said:
        if name not in self.reports:
            return Said(404, {"errors": [{"message": "Report not found"}]})
        found: dict[str, Any] = {"veroReportId": name, "veroReportStatus": "InProcess"}
        if asked.query.get("includeItemDetails") == "true":
            found["reportedItemDetails"] = [self._state(one["itemId"]) for one in self.reports[name]]
        return Said(200, found)

    def _items(self, item: str) -> list[dict[str, str]]:
        known = [one["itemId"] for items in self.reports.values() for one in items]
        return [self._state(one) for one in known if item in ("", one)]

    def _state(self, item: str) -> dict[str, str]:
        return {"itemId": item, "status": self.says.get(item, "RECEIVED"), "reasonForFailure": ""}


def _wrong(items: list[dict[str, Any]]) -> str:
    if not 1 <= len(items) <= 150:
        return "A report has 1 to 150 items."
    for one in items:
        if not re.fullmatch(r"\d{9,14}", one.get("itemId", "")):
            return "The itemId is not valid."
        if one.get("veroReasonCodeId") not in _CODES:
            return "The veroReasonCodeId is not valid."
        if len(one.get("detailedMessage", "")) > 1000 or len(one.get("patent", "")) > 15:
            return "A field is too long."
        if one["veroReasonCodeId"] == "9048" and not one.get("patent"):
            return "A patent is required."
    return ""
