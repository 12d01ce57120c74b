"""`countermark node capture`, `export-bag`, `approve-export`: a page as evidence, a file that a judge verifies."""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countermark.cli.exits import INPUT
from countermark.cli.node_start import AsJson, Operator, member_of, print_result, start_django
from countermark.cli.talk import Talk

if TYPE_CHECKING:
    from countermark.node.parties.access import Member


def capture(
    page: Annotated[str, typer.Argument(help="Address of a page, or id of a listing (lst_…) whose page is meant.")],
    retention: Annotated[str, typer.Option("--retention", help="routine (2 years) or case (10 years).")] = "routine",
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Capture a page here and now, seal it, and have the seal stamped."""
    start_django()
    from countermark.node.evidence import collecting, viewing
    from countermark.node.kernel.errors import Problem
    from countermark.node.listings import selectors as listings

    member = member_of(operator)
    try:
        listing = page if page.startswith("lst_") else ""
        url = (listings.listing(member, listing).record.url or "") if listing else page
        evidence_id = collecting.capture_now(member, url, listing_id=listing, retention=retention)
        found = viewing.evidence(member, evidence_id)
    except Problem as problem:
        Talk().error(str(problem))
        raise typer.Exit(INPUT) from problem
    said = {"evidence": evidence_id, "files": len(found.files), "timestamps": len(found.stamps), "seal": found.seal}
    print_result(said, as_json=as_json)


def export_bag(
    evidence: Annotated[str, typer.Argument(help="Id of the evidence (evd_…) or of a test purchase (prc_…).")],
    out: Annotated[Path, typer.Option("--out", help="Where to write the bag, a ZIP file; must not be there yet.")],
    extract: Annotated[
        Path | None, typer.Option("--extract", help="Another extract than our own in which an entry names the seal.")
    ] = None,
    exhibit: Annotated[
        list[str] | None,
        typer.Option("--exhibit", help="Make the exhibit for a court, and put it in: fr, zh or en; repeat for more."),
    ] = None,
    pack: Annotated[
        list[str] | None,
        typer.Option(
            "--pack", help="Put in the paper that a court asks for, in the languages of --exhibit: cn, us, eu."
        ),
    ] = None,
    country: Annotated[
        str, typer.Option("--to-country", help="Country of the court or authority that it is for, two letters.")
    ] = "",
    recipient: Annotated[str, typer.Option("--to", help="Name of that court or authority.")] = "",
    persons: Annotated[int, typer.Option("--persons-in-china", help="Persons in China whose data it holds.")] = 0,
    sensitive: Annotated[int, typer.Option("--sensitive", help="Those of them whose sensitive data it holds.")] = 0,
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Write evidence, or the record of a test purchase, as a bag; `countermark verify` checks it anywhere."""
    start_django()
    from countermark.node.cases import seals
    from countermark.node.evidence import bagging, viewing
    from countermark.node.evidence.crossing import CHINA, Destination
    from countermark.node.evidence.exhibits.packs import make_pack
    from countermark.node.evidence.purchases.bagging import export_purchase
    from countermark.node.kernel.errors import Problem
    from countermark.node.listings import selectors as listings
    from countermark.proof import Refused

    member, made = member_of(operator), False
    if evidence.startswith("prc_") and (pack or country or recipient):
        Talk().error(
            "Drafts for a court, and where a bag goes, are for captured pages (evd_…). "
            "Export the bag of a test purchase without --pack, --to and --to-country."
        )
        raise typer.Exit(INPUT)
    try:
        for language in exhibit or ():
            _make_exhibit(member, evidence, language)
        for kind in pack or ():
            for language in exhibit or ("en",):
                make_pack(member, evidence, kind, language)
        to = None
        if country or recipient:
            seller = listings.seller_country(member, viewing.evidence(member, evidence).row.listing_id)
            to = Destination(
                country=country.upper(),
                recipient=recipient,
                seller_in_china=seller == CHINA,
                persons=persons,
                sensitive=sensitive,
            )
        with out.open("xb") as file:
            made = True
            told = extract.read_bytes() if extract else seals.extract_with_seal(member, evidence)
            if evidence.startswith("prc_"):
                export_purchase(member, evidence, file, told)
            else:
                bagging.export_bag(member, evidence, file, told, to)
    except (Problem, Refused, OSError) as problem:
        if made:
            out.unlink(missing_ok=True)  # half a bag is none
        Talk().error(str(problem))
        raise typer.Exit(INPUT) from problem
    print_result({"evidence": evidence, "written_to": str(out), "bytes": out.stat().st_size}, as_json=as_json)


def _make_exhibit(member: "Member", evidence: str, language: str) -> None:
    from countermark.node.evidence.exhibits.making import make_exhibit
    from countermark.node.evidence.purchases.papers import make_purchase_exhibit
    from countermark.node.exchange.hands import evidence_hand
    from countermark.node.listings.selectors import offer_of

    hand = partial(evidence_hand, member)
    if evidence.startswith("prc_"):
        make_purchase_exhibit(member, evidence, language, hand, partial(offer_of, member))
    else:
        make_exhibit(member, evidence, language, hand)


def approve_export(
    evidence: Annotated[str, typer.Argument(help="Id of the evidence (evd_…).")],
    country: Annotated[str, typer.Option("--to-country", help="Where it may go, two letters.")],
    recipient: Annotated[str, typer.Option("--to", help="Court or authority that it is for.")],
    authority: Annotated[str, typer.Option("--authority", help="Authority that approved.")],
    reference: Annotated[str, typer.Option("--reference", help="Number of the approval.")],
    approved_on: Annotated[datetime, typer.Option("--on", formats=["%Y-%m-%d"], help="Day of the approval.")],
    valid_until: Annotated[
        datetime | None, typer.Option("--until", formats=["%Y-%m-%d"], help="Its last day, when it names one.")
    ] = None,
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Write down that an authority approved the export of evidence to a court or an authority abroad."""
    start_django()
    from countermark.node.evidence import crossing
    from countermark.node.kernel.errors import Problem
    from countermark.node.kernel.time import now

    member = member_of(operator)
    given = crossing.Approval(
        country=country.upper(),
        recipient=recipient,
        authority=authority,
        reference=reference,
        approved_on=approved_on.date(),
        valid_until=valid_until.date() if valid_until else None,
    )
    try:
        crossing.record_approval(member, evidence, given)
        year = crossing.count_year(member, now().year)
    except Problem as problem:
        Talk().error(str(problem))
        raise typer.Exit(INPUT) from problem
    said = {"evidence": evidence, "recorded": reference, "exports_this_year": year.exports, "persons": year.persons}
    print_result({**said, "asks": year.asks}, as_json=as_json)
