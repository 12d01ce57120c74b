"""`countermark node`: run and look after a node."""

import secrets
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from countermark.cli import (
    node_evidence,
    node_exchange,
    node_keys,
    node_notices,
    node_running,
    node_signer,
    node_tools,
)
from countermark.cli.exits import INPUT
from countermark.cli.node_start import AsJson, Operator, member_of, print_result, start_django
from countermark.cli.talk import Talk

app = typer.Typer(help="Run and look after a node.", no_args_is_help=True)
app.add_typer(node_keys.app, name="keys")
app.add_typer(node_tools.app, name="token")
app.command("about-person")(node_tools.about_person)
app.command("hold")(node_tools.hold)
app.command("release")(node_tools.release)
app.command("signer")(node_signer.signer)
app.command("introduce")(node_exchange.introduce)
app.command("exchange")(node_exchange.exchange)
app.command("capture")(node_evidence.capture)
app.command("export-bag")(node_evidence.export_bag)
app.command("file-notices")(node_notices.file_notices)
app.command("run")(node_running.run)
app.command("doctor")(node_exchange.doctor)


@app.command(
    "manage", context_settings={"allow_extra_args": True, "ignore_unknown_options": True}, add_help_option=False
)
def manage(context: typer.Context) -> None:
    """Run a management command of Django (migrate, check, shell …)."""
    start_django()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["countermark node manage", *context.args])


@app.command("init")
def init(
    name: Annotated[str, typer.Argument(help="Name of the organisation that runs the node.")],
    admin: Annotated[str, typer.Option("--admin", help="E-mail of the first administrator.")],
    kind: Annotated[str, typer.Option("--kind", help="rights_holder, marketplace or payment.")] = "rights_holder",
    as_json: AsJson = False,
) -> None:
    """Create the database, the organisation and its first administrator; prints a first password once."""
    start_django()
    from django.core.management import call_command

    from countermark.node.parties import services

    call_command("migrate", verbosity=0)
    password = secrets.token_urlsafe(12)
    services.found_organisation(name=name, kind=kind, admin_email=admin, password=password)
    print_result({"organisation": name, "admin": admin, "first_password": password}, as_json=as_json)


@app.command("add-member")
def add_member(
    email: Annotated[str, typer.Argument(help="E-mail that the person logs in with.")],
    role: Annotated[str, typer.Option("--role", help="analyst, counsel, officer, administrator or reader.")],
    name: Annotated[str, typer.Option("--name", help="Name as colleagues know it.")] = "",
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Let a person in; prints a first password once."""
    start_django()
    from countermark.node.parties import services

    password = secrets.token_urlsafe(12)
    services.add_member(member_of(operator), email=email, role=role, name=name, password=password)
    print_result({"member": email, "role": role, "first_password": password}, as_json=as_json)


@app.command("rights")
def rights(
    source: Annotated[Path, typer.Argument(help="YAML or JSON file, ST.96 or ST.66 XML, or a folder of them.")],
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Bring rights in, with their pictures; running it again changes only what changed."""
    start_django()
    from countermark.formats import read_portfolio
    from countermark.node.rights import services

    talk = Talk()
    reading = read_portfolio(source)
    talk.problems(reading.problems, len(reading.problems), "")
    services.import_portfolio(member_of(operator), reading)
    print_result({"rights": len(reading.portfolio.rights), "problems": len(reading.problems)}, as_json=as_json)


@app.command("listings")
def listings(
    source: Annotated[Path, typer.Argument(help="A file of listings, in any format that scan reads.")],
    images: Annotated[Path | None, typer.Option("--images", help="Folder that picture paths start from.")] = None,
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Bring listings in; bad rows are named, good rows kept."""
    start_django()
    from countermark.formats import FolderImages
    from countermark.node.listings import services

    talk = Talk()
    with talk.progress("Reading listings", None) as advance:
        report = services.import_folder(
            member_of(operator), source, FolderImages(images or source.parent), progress=advance
        )
    print_result({"import": report.id, "kept": report.rows_good, "problems": report.problems_total}, as_json=as_json)


@app.command("scan")
def scan(
    logos: Annotated[
        bool, typer.Option("--logos", help="Look for registered logos inside pictures too; slow (0.2 s a picture).")
    ] = False,
    reading: Annotated[
        bool, typer.Option("--reading", help="Read words in pictures that look written on (0.4 s each).")
    ] = False,
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Scan everything offered with the rights of this moment, here and now, and show the progress.

    It is the same job that the page starts. Killed and started again with `node work`, it goes on where it stood.
    """
    start_django()
    from countermark.node.findings import services
    from countermark.node.findings.filters import ScanChoices
    from countermark.node.jobs.worker import work_until_idle

    talk = Talk()
    chosen = ScanChoices(logos=logos, reading=reading)
    scan_id = services.request_scan(member_of(operator), choices=chosen)
    with talk.count("Scanning", 0) as advance:
        work_until_idle(progress=advance)
    print_result({"scan": scan_id}, as_json=as_json)


@app.command("export-decisions")
def export_decisions(
    out: Annotated[Path, typer.Argument(help="Where to write the decisions, JSON Lines.")],
    since: Annotated[
        datetime | None, typer.Option("--since", help="Only decisions from this day on (UTC).", formats=["%Y-%m-%d"])
    ] = None,
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Write people's decisions for `countermark learn`: values, answers and times, and nobody's name."""
    start_django()
    from countermark.evaluate.learning import write_decisions
    from countermark.node.kernel.errors import NotPermitted
    from countermark.node.review import exporting

    moment = since.replace(tzinfo=UTC) if since else None
    try:
        count = write_decisions(out, exporting.decided_findings(member_of(operator), moment))
    except NotPermitted as problem:
        Talk().error(str(problem))
        raise typer.Exit(INPUT) from problem
    print_result({"decisions": count, "written_to": str(out)}, as_json=as_json)


@app.command("policy")
def policy(as_json: AsJson = False) -> None:
    """Say which policy new scans are judged by: its hash, where it came from, and the figures it was learned with."""
    start_django()
    from countermark.node.findings import selectors

    print_result(selectors.policy_facts(), as_json=as_json)


@app.command("look-back")
def look_back(
    right: Annotated[str, typer.Option("--right", help="Id of the right (rgt_…), as its page shows it.")],
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Look at every listing held here for what one right changes, here and now, and show the progress.

    Saving a right on its page orders the same job. Started again while one is under way, it goes on with that one.
    """
    start_django()
    from countermark.node.findings import selectors, services
    from countermark.node.jobs.worker import work_until_idle
    from countermark.node.kernel.errors import Problem

    member, talk = member_of(operator), Talk()
    try:
        scan_id = services.look_back(member, right)
    except Problem as problem:
        talk.error(str(problem))
        raise typer.Exit(INPUT) from problem
    with talk.count("Looking back", 0) as advance:
        work_until_idle(progress=advance)
    done = selectors.scan(member, scan_id)
    found = {"listings": done.listings_done, "findings": done.findings_made, "no_longer_found": done.findings_lapsed}
    print_result({"scan": scan_id, "state": done.state.value, **found}, as_json=as_json)


@app.command("work")
def work(
    once: Annotated[bool, typer.Option("--once", help="Stop when nothing waits.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes.")] = 1,
) -> None:
    """Do what waits: imports and scans. Stop it at any moment; nothing is lost or done twice."""
    start_django()
    from django.core.management import call_command

    call_command("work", once=once, workers=workers)


@app.command("serve")
def serve(
    host: Annotated[str, typer.Option("--host", help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=0, max=65535, help="Port to listen on.")] = 8000,
) -> None:
    """Serve the pages. Run `countermark node work` beside it."""
    start_django()
    import uvicorn

    uvicorn.run("countermark.node.config.asgi:application", host=host, port=port, log_config=None, server_header=False)
