"""`countermark node token`, `about-person`, `hold`, `release`: what other tools read, and what is held about people."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from countermark.cli.exits import INPUT
from countermark.cli.node_folder import told
from countermark.cli.node_start import AsJson, Operator, member_of, print_result, start_django
from countermark.cli.talk import Talk
from countermark.formats.writing import whole_file

app = typer.Typer(help="Tokens with which other tools read what was exchanged.", no_args_is_help=True)
Entries = Annotated[list[str], typer.Argument(help="Ids of entries, 64 hexadecimal digits each.")]


@app.command("add")
def add(
    name: Annotated[str, typer.Option("--for", help="Which tool it is for.")],
    agreement: Annotated[str, typer.Option("--agreement", help="The only agreement it opens; default: all.")] = "",
    days: Annotated[int, typer.Option("--days", help="Days that it lasts, at most 366.")] = 90,
    personal_data: Annotated[
        bool, typer.Option("--personal-data", help="Personal data too, where the member may see them.")
    ] = False,
    reads_as: Annotated[str, typer.Option("--reads-as", help="E-mail of the member whose role counts.")] = "",
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Make a token; it is printed once and kept by nobody here."""
    start_django()
    with _problems():
        from countermark.node.exchange.facades import tokens

        member = member_of(operator)
        made = tokens.add(member, name=name, owner=reads_as, agreement=agreement, days=days, personal=personal_data)
        print_result({"token": made, "for": name, "days": days}, as_json=as_json)


@app.command("list")
def list_all(operator: Operator = "", as_json: AsJson = False) -> None:
    """List every token: for which tool, who reads, until when, last use. The token itself is not there."""
    start_django()
    with _problems():
        from countermark.node.exchange.facades import tokens

        found = tokens.listed(member_of(operator))
    rows = [
        {
            "key": one.key,
            "for": one.name,
            "reads_as": one.owner,
            "agreement": one.agreement or "all",
            "personal_data": one.personal,
            "until": one.expires_at.date().isoformat(),
            "state": "alive" if one.is_alive else "closed",
            "last_used": one.used_at.isoformat(timespec="minutes") if one.used_at else "never",
        }
        for one in found
    ]
    if as_json:
        print_result({"tokens": rows}, as_json=True)
        return
    for row in rows:
        Talk().say("  ".join(f"{name} {value}" for name, value in row.items()))


@app.command("revoke")
def revoke(
    key: Annotated[int, typer.Argument(help="Its number, as `token list` shows it.")],
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Close a token at once."""
    start_django()
    with _problems():
        from countermark.node.exchange.facades import tokens

        tokens.revoke(member_of(operator), key)
        print_result({"revoked": key}, as_json=as_json)


def about_person(
    out: Annotated[Path, typer.Option("--out", help="New file for the ZIP.")],
    email: Annotated[str, typer.Option("--email", help="E-mail address.")] = "",
    phone: Annotated[str, typer.Option("--phone", help="Telephone number.")] = "",
    name: Annotated[str, typer.Option("--name", help="Name, whole words.")] = "",
    shop: Annotated[str, typer.Option("--shop", help="Id of a shop; needs --marketplace.")] = "",
    marketplace: Annotated[str, typer.Option("--marketplace", help="Marketplace of that shop.")] = "",
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Find everything that is held about one person, and write it as a ZIP of JSON and plain text.

    What is typed here may stay in the history of the shell: delete it there.
    """
    start_django()
    with _problems():
        from countermark.node.duties.access import everything_about
        from countermark.node.insight.matching import Person
        from countermark.node.insight.packing import packed

        if out.exists():
            Talk().error(f"{out} is there already and is not written over. Choose another name.")
            raise typer.Exit(INPUT)
        person = Person.of(email=email, phone=phone, name=name, marketplace=marketplace, shop=shop)
        found = everything_about(member_of(operator), person)
        with whole_file(out) as written:
            written.write(packed(found))
        out.chmod(0o600)
        print_result(
            {"records": len(found.things), "complete": found.complete, "written_to": str(out)}, as_json=as_json
        )


def hold(
    entries: Entries,
    reason: Annotated[str, typer.Option("--reason", help="litigation, authority or claim.")],
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Keep what lies beside entries beyond its last day, until it is released."""
    start_django()
    with _problems():
        from countermark.node.exchange import holding

        print_result({"held": holding.hold(member_of(operator), entries, reason)}, as_json=as_json)


def release(entries: Entries, operator: Operator = "", as_json: AsJson = False) -> None:
    """Let go what was held; what is over its day is deleted at the next round."""
    start_django()
    with _problems():
        from countermark.node.exchange import holding

        print_result({"released": holding.release(member_of(operator), entries)}, as_json=as_json)


@contextmanager
def _problems() -> Iterator[None]:
    with told():
        from countermark.node.kernel.errors import Problem

        try:
            yield
        except Problem as problem:
            Talk().error(str(problem))
            raise typer.Exit(INPUT) from None
