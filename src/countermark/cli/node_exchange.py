"""`countermark node introduce`, `exchange`, `doctor`: how a node meets its partners, and whether it can."""

from typing import Annotated

import typer

from countermark.cli.exits import INPUT, REFUSED
from countermark.cli.node_folder import told
from countermark.cli.node_start import AsJson, Operator, member_of, print_result, start_django
from countermark.cli.talk import Talk


def introduce(
    party: Annotated[str, typer.Argument(help="Id of the organisation in agreements, such as maison-aurelle.")],
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """Set under which id partners know this organisation, with the key of the ceremony and the node's name; once."""
    start_django()
    with told():
        from django.conf import settings

        from countermark.node.exchange.agreeing import cards
        from countermark.node.exchange.keeping import key_folder
        from countermark.node.kernel.errors import Problem

        key = key_folder().organisation()
        if key is None or not settings.COUNTERMARK_NODE_NAME:
            Talk().error("First set COUNTERMARK_NODE_NAME and run: countermark node keys init")
            raise typer.Exit(INPUT)
        try:
            row = cards.introduce(member_of(operator), party, settings.COUNTERMARK_NODE_NAME, key)
        except Problem as problem:
            Talk().error(str(problem))
            raise typer.Exit(REFUSED) from problem
        print_result({"party": row.party, "node": row.node, "fingerprint": key.spoken}, as_json=as_json)


def exchange() -> None:
    """Talk with partners: fetch, receipt, apply, witness. Run it beside `serve` and `work`; stops on SIGTERM."""
    start_django()
    with told():
        from countermark.node.jobs.exchanging import Exchange
        from countermark.node.jobs.handlers import HANDLERS
        from countermark.node.jobs.processes import stop_on_signals

        Exchange(stop_on_signals(), HANDLERS).run()


def doctor(as_json: AsJson = False) -> None:
    """Look whether the node is well: database, store, keys, clock, workers, each partner. Exit code 4: it is not."""
    start_django()
    from countermark.node.jobs import health

    checks = health.examine()
    if as_json:
        print_result({check.name: check.as_plain() for check in checks}, as_json=True)
    else:
        talk = Talk()
        for check in checks:
            talk.say(f"{check.state:8} {check.name:28} {check.sentence}")
    if any(check.state == "bad" for check in checks):
        raise typer.Exit(REFUSED)
