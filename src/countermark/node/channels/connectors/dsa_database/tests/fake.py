"""A Transparency Database as its published source has it: whole calls or none, identifiers once, limits.

From `StatementMultipleAPIController`, `PuidNotUniqueMultipleException`, `StatementAPIController::existingPuid` and the
rules restated in `law/statement/tests/published_rules.py` (our validator agrees with each of these cases).
"""

from dataclasses import dataclass, field
from typing import Any

from countermark.law.statement.validating import validate
from countermark.node.channels.tests.machines import Asked, Said

TOKEN = "7|of-tests-only"


@dataclass
class FakeDatabase:
    """Holds what was stored, in order; `troubles` are what the next calls meet, first come first met."""

    stored: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: list[int] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    largest: int = 100

    def __call__(self, asked: Asked) -> Said:
        trouble = self.troubles.pop(0) if self.troubles else ""
        if trouble == "429":
            return Said(429, {"message": "Too Many Attempts."}, {"Retry-After": "30"})
        if trouble == "500":
            return Said(500, {"message": "Server Error"})
        if asked.headers.get("authorization") != f"Bearer {TOKEN}":
            return Said(401, {"message": "Unauthenticated."})
        if asked.method == "GET" and asked.path.startswith("/api/v1/statement/existing-puid/"):
            found = self.stored.get(asked.path.rpartition("/")[2])
            return Said(302, found) if found else Said(404, {"message": "statement of reason not found"})
        if (asked.method, asked.path) != ("POST", "/api/v1/statements"):
            return Said(405, {"message": "Method Not Allowed"})
        said = self._store(asked.json["statements"], blind=trouble == "blind")
        return Said(504, {"message": "Gateway Time-out"}) if trouble == "504-stored" else said

    def _store(self, statements: list[dict[str, Any]], *, blind: bool) -> Said:
        self.calls.append(len(statements))
        if not 1 <= len(statements) <= self.largest:
            return Said(422, {"errors": {"statements": ["The statements must have between 1 and 100 items."]}})
        errors = {f"statement_{n}": e for n, one in enumerate(statements) if (e := _errors(one))}
        if errors:
            return Said(422, {"errors": {} if blind else errors})
        puids = [one["puid"] for one in statements]
        doubled = sorted({one for one in puids if one in self.stored or puids.count(one) > 1})
        if doubled:
            said = "The platform identifier(s) are not all unique within this call."
            return Said(422, {"message": said, "errors": {"puid": [said], "existing_puids": doubled}})
        made = [{**one, "uuid": f"uuid-{one['puid'][:8]}"} for one in statements]
        self.stored.update({one["puid"]: one for one in made})
        return Said(201, {"statements": made})


def _errors(statement: dict[str, Any]) -> dict[str, list[str]]:
    # The database has no eye for personal data: that check is ours alone.
    faults = [one for one in validate(statement).faults if one.blocks and one.code != "personal-data"]
    if "[wrong]" in statement.get("decision_facts", ""):
        return {"decision_facts": ["The decision facts field is wrong."]}
    return {one.field: [one.message] for one in faults}
