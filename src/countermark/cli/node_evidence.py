"""`countermark node capture`, `export-bag`: a page as evidence, and the file that a judge verifies."""

from pathlib import Path
from typing import Annotated

import typer

from countermark.cli.exits import INPUT
from countermark.cli.node_start import AsJson, Operator, member_of, print_result, start_django
from countermark.cli.talk import Talk


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
        Path | None, typer.Option("--extract", help="An extract in which an entry names the seal, to go into the bag.")
    ] = None,
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Write evidence, or the record of a test purchase, as a bag; `countermark verify` checks it anywhere."""
    start_django()
    from countermark.node.evidence import bagging
    from countermark.node.evidence.purchases.bagging import export_purchase
    from countermark.node.kernel.errors import Problem
    from countermark.proof import Refused

    member, made = member_of(operator), False
    try:
        with out.open("xb") as file:
            made = True
            if evidence.startswith("prc_"):
                export_purchase(member, evidence, file)
            else:
                bagging.export_bag(member, evidence, file, extract.read_bytes() if extract else None)
    except (Problem, Refused, OSError) as problem:
        if made:
            out.unlink(missing_ok=True)  # half a bag is none
        Talk().error(str(problem))
        raise typer.Exit(INPUT) from problem
    print_result({"evidence": evidence, "written_to": str(out), "bytes": out.stat().st_size}, as_json=as_json)
