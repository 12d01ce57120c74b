"""Statements of reasons to the Transparency Database: at most 100 a call, one identifier for ever."""

import json
from collections.abc import Mapping, Sequence

from django.conf import settings

from countermark.law.statement.sending import LARGEST_BATCH
from countermark.law.statement.validating import validate
from countermark.node.channels.connector import (
    Again,
    Arrived,
    Limits,
    Outcome,
    Parcel,
    Place,
    Refused,
    Seen,
    TryLater,
    Wanted,
)
from countermark.node.channels.connectors.dsa_database.answers import later, outcomes
from countermark.node.channels.letters import Cargo, Letter
from countermark.node.channels.line import Line, NotReached, Reply
from countermark.node.channels.statuses import Status
from countermark.node.kernel.errors import FieldProblem


class DsaDatabase:
    """See `connector.Connector`. What is there can be neither changed nor deleted, so it is checked here first."""

    id = "dsa_database"
    title = "DSA Transparency Database"
    says = "Statements of reasons, article 24(5) DSA. Every decision that restricts an offer under the DSA goes here."
    carries = frozenset({Cargo.STATEMENT})
    limits = Limits(in_a_call=LARGEST_BATCH)
    wants: tuple[Wanted, ...] = ()
    repeats_safely = True
    looks = False
    approves = False
    files = False
    platform = ""

    def missing(self, place: Place) -> tuple[FieldProblem, ...]:
        """The token of the platform."""
        del place
        if settings.COUNTERMARK_DSA_TOKEN():
            return ()
        said = "The node has no token of the Transparency Database."
        return (FieldProblem("token", "not-set-up", said, "Set COUNTERMARK_DSA_TOKEN_FILE and start the node again."),)

    def check(self, letter: Letter, place: Place) -> tuple[FieldProblem, ...]:
        """Every published rule of the database, and no personal data; the marketplace's own name is none."""
        del place
        faults = validate(dict(letter.document)).faults
        return tuple(FieldProblem(one.field, one.code, one.message, one.mend) for one in faults if one.blocks)

    def known(self, place: Place, ground: str) -> Mapping[str, str]:
        """Nothing."""
        del place, ground
        return {}

    def render(self, letter: Letter, place: Place) -> str:
        """The statement as JSON."""
        del place
        return json.dumps(dict(letter.document), ensure_ascii=False, sort_keys=True)

    def send(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """One call for all; where the database refuses it and names none, one call for each."""
        del place
        found = self._send(parcels, line)
        if len(parcels) > 1 and all(isinstance(one, Again) for one in found):
            found = [self._send([one], line)[0] for one in parcels]
        return found

    def find(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """Ask for each identifier; PR-13. Sending again would do as well: the identifier makes one of two."""
        del place
        return [self._find(one, line) for one in parcels]

    def look(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Seen]:
        """A statement stays as it was stored."""
        del place, line
        return [Seen("", Status.UNKNOWN) for _ in parcels]

    def _send(self, parcels: Sequence[Parcel], line: Line) -> list[Outcome]:
        statements = [json.loads(one.body) for one in parcels]
        reply = _ask(line, "POST", "/statements", {"statements": statements})
        return outcomes(reply, [one.reference for one in parcels])

    def _find(self, parcel: Parcel, line: Line) -> Outcome:
        reply = _ask(line, "GET", f"/statement/existing-puid/{parcel.reference}", None)
        if reply.status in (200, 302):
            return Arrived(reply.text("uuid"), "existing", Status.RECEIVED)
        if reply.status == 404:
            return Again()
        found = outcomes(reply, [parcel.reference])[0] if reply.status in (401, 403) else None
        if isinstance(found, Refused | Arrived):
            return found
        raise later(reply)


def _ask(line: Line, method: str, path: str, document: object) -> Reply:
    headers = {"Authorization": f"Bearer {settings.COUNTERMARK_DSA_TOKEN()}"}
    try:
        return line.ask(method, settings.COUNTERMARK_DSA_URL + path, headers=headers, document=document)
    except NotReached as problem:
        raise TryLater("not-reached", problem.detail, nothing_sent=problem.nothing_sent) from problem
