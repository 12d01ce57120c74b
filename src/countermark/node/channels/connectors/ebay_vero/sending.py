"""Report items, and ask how they stand. eBay knows no key of ours: a lost answer is looked up, not repeated."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from countermark.node.channels.codes import read_codes
from countermark.node.channels.connector import (
    Again,
    Arrived,
    Outcome,
    Parcel,
    Place,
    Refused,
    Seen,
    TryLater,
    Unsure,
    Wanted,
)
from countermark.node.channels.connectors.ebay_vero import mapping
from countermark.node.channels.connectors.ebay_vero.statuses import status_of
from countermark.node.channels.connectors.ebay_vero.tokens import Tokens
from countermark.node.channels.letters import Cargo, Letter
from countermark.node.channels.line import Line, NotReached, Reply
from countermark.node.channels.statuses import Status
from countermark.node.kernel.errors import FieldProblem

#: Version 1 ends on 2026-09-30.
_PATH = "/commerce/vero/v2"
_MEND = "Withdraw the notice and file it again, corrected; or send this again after a change at eBay."
_LOOK_UP = "Look in the VeRO reports at eBay whether the item was reported. Then send again, or mark it as told."


class EbayVero:
    """See `connector.Connector`."""

    id = "ebay_vero"
    title = "eBay VeRO"
    says = "Reports of rights owners to eBay; for members of its VeRO Program."
    carries = frozenset({Cargo.NOTICE})
    limits = mapping.LIMITS
    wants = (
        Wanted(
            "codes",
            "Reason codes",
            "One line for each reason: “counterfeit = 9051”. eBay lists the codes of your markets.",
            rows=4,
        ),
    )
    repeats_safely = False
    looks = True
    approves = False
    files = False
    platform = "ebay"

    def __init__(self) -> None:
        self._tokens = Tokens()

    def missing(self, place: Place) -> tuple[FieldProblem, ...]:
        """The application's id and secret, and readable codes."""
        found = []
        try:
            if not read_codes(place.details.get("codes", "")):
                raise ValueError("No reason code is set.")  # noqa: TRY301 - one sentence for both
        except ValueError as error:
            found.append(FieldProblem("codes", "ebay-codes", str(error), "Write lines such as “counterfeit = 9051”."))
        if not settings.COUNTERMARK_EBAY_CLIENT_ID or not settings.COUNTERMARK_EBAY_CLIENT_SECRET():
            mend = "Set COUNTERMARK_EBAY_CLIENT_ID and COUNTERMARK_EBAY_CLIENT_SECRET_FILE, and start the node again."
            found.append(FieldProblem("client", "not-set-up", "The node has no application at eBay.", mend))
        return tuple(found)

    def check(self, letter: Letter, place: Place) -> tuple[FieldProblem, ...]:
        """Reason code, item number, and what the code asks for."""
        return mapping.problems(letter.fields, _codes(place))

    def known(self, place: Place, ground: str) -> Mapping[str, str]:
        """The reason code that was set for a ground."""
        code = _codes(place).get(ground, "")
        return {"reason_code": code} if code else {}

    def render(self, letter: Letter, place: Place) -> str:
        """The item as JSON."""
        return json.dumps(mapping.item(letter.fields, _codes(place)), ensure_ascii=False, sort_keys=True)

    def send(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """One report of at most 150 items; one that is refused is cut up: eBay does not say which was wrong."""
        found = self._report_items(parcels, line)
        if len(parcels) > 1 and all(isinstance(one, Refused) for one in found):
            return self._one_by_one(parcels, line)
        return found

    def _one_by_one(self, parcels: Sequence[Parcel], line: Line) -> list[Outcome]:
        found: list[Outcome] = []
        for parcel in parcels:
            try:
                found += self._report_items([parcel], line)
            except TryLater as problem:
                # Those before it are reported, so the batch as a whole must not begin anew.
                found.append(Again() if problem.nothing_sent else Unsure(_LOOK_UP))
                return found + [Again()] * (len(parcels) - len(found))
        return found

    def _report_items(self, parcels: Sequence[Parcel], line: Line) -> list[Outcome]:
        reply = self._ask(line, "POST", "/vero_report", {"reportItems": [json.loads(one.body) for one in parcels]})
        if reply.status in (200, 201, 202) and (report := reply.text("veroReportId")):
            raw = reply.text("veroReportStatus") or "Received"
            return [Arrived(report, raw, Status.SUBMITTED) for _ in parcels]
        if reply.status in (400, 422):
            return _refused(reply, len(parcels))
        raise TryLater("their-error", f"eBay answered with HTTP {reply.status}.", nothing_sent=reply.status < 500)

    def find(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Outcome]:
        """Whether eBay has a report of the item. It does not say under which code: an older one makes it unsure."""
        del place
        return [self._found(one, line) for one in parcels]

    def look(self, parcels: Sequence[Parcel], place: Place, line: Line) -> list[Seen]:
        """How each item stands; items of one report are asked for together."""
        del place
        reports = {name: self._report(name, line) for name in dict.fromkeys(one.their_id for one in parcels) if name}
        return [_seen(reports.get(one.their_id, {}), _item(one)) for one in parcels]

    def _found(self, parcel: Parcel, line: Line) -> Outcome:
        reply = self._ask(line, "GET", f"/vero_report_items?itemId={_item(parcel)}", None)
        if reply.status not in (200, 204, 404):
            raise TryLater("their-error", f"eBay answered with HTTP {reply.status}.", nothing_sent=False)
        items = _items(reply)
        return Unsure(_LOOK_UP) if _item(parcel) in items else Again()

    def _report(self, report: str, line: Line) -> dict[str, dict[str, Any]]:
        reply = self._ask(line, "GET", f"/vero_report/{report}?includeItemDetails=true", None)
        if reply.status != 200:
            raise TryLater("their-error", f"eBay answered with HTTP {reply.status}.")
        return _items(reply)

    def _ask(self, line: Line, method: str, path: str, document: object) -> Reply:
        """Raises TryLater: not reached, too many calls, not accepted."""
        url = settings.COUNTERMARK_EBAY_URL + _PATH + path
        header = self._tokens.header(line)
        try:
            reply = line.ask(method, url, headers=header, document=document)
        except NotReached as problem:
            raise TryLater("not-reached", problem.detail, nothing_sent=problem.nothing_sent) from problem
        if reply.status == 429:
            raise TryLater("too-many", "eBay asks for fewer calls.", retry_after=reply.retry_after)
        if reply.status in (401, 403):
            self._tokens.forget()
            mend = "Look whether the application has the scope commerce.vero, and the account is in the VeRO Program."
            raise TryLater("token", f"eBay does not accept the token (HTTP {reply.status}).", mend=mend)
        return reply


def _codes(place: Place) -> dict[str, str]:
    try:
        return read_codes(place.details.get("codes", ""))
    except ValueError:
        return {}


def _item(parcel: Parcel) -> str:
    return str(json.loads(parcel.body)["itemId"])


def _items(reply: Reply) -> dict[str, dict[str, Any]]:
    rows = reply.said.get("reportedItemDetails") if isinstance(reply.said, dict) else None
    known = [one for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
    return {str(one.get("itemId", "")): one for one in known}


def _seen(items: dict[str, dict[str, Any]], item: str) -> Seen:
    raw = str(items.get(item, {}).get("status", ""))[:200]
    return Seen(raw, status_of(raw), str(items.get(item, {}).get("reasonForFailure", "") or "")[:500])


def _refused(reply: Reply, number: int) -> list[Outcome]:
    rows = reply.said.get("errors") if isinstance(reply.said, dict) else None
    words = [str(one.get("message", "")) for one in rows if isinstance(one, dict)] if isinstance(rows, list) else []
    said = " ".join(filter(None, words))[:900] or f"eBay refused it (HTTP {reply.status})."
    return [Refused("refused", said, _MEND)] * number
