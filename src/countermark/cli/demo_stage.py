"""Prepare one node of the demo, in a process of its own: settings belong to a process. Not a command for people."""

import argparse
import os
from pathlib import Path

from countermark.cli.demo_cast import TEAM
from countermark.cli.node_start import start_django
from countermark.cli.talk import Talk

DEMO_SETTINGS = "countermark.node.config.settings.demo"


def main() -> None:
    """Do what the arguments say for the node that the environment names."""
    arguments = _arguments()
    start_django(DEMO_SETTINGS)
    from countermark.cli.demo_node import CARD, Demo

    folder = Path(os.environ["COUNTERMARK_HOME"])
    cast = next(one for one in TEAM if one.party == arguments.party)
    stage = Demo(folder, cast, Talk(quiet=arguments.quiet))
    member = stage.found()
    if arguments.key:
        stage.introduce(member, Path(arguments.key), os.environ["COUNTERMARK_DEMO_PASSPHRASE"])
    if arguments.scan:
        stage.scan_market(member, listings=arguments.scan, seed=arguments.seed, left_out=arguments.left_out)
    if arguments.stock_from:
        stage.stock(member, Path(arguments.stock_from), listings=arguments.listings, left_out=arguments.left_out)
    if cast.kind == "payment":
        stage.hold_payouts()
    for partner in arguments.offer_to:
        stage.offer_to(member, Path(partner) / CARD)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("party")
    parser.add_argument("--key", default="")
    parser.add_argument("--scan", type=int, default=0)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--left-out", type=int, default=0)
    parser.add_argument("--stock-from", default="")
    parser.add_argument("--listings", type=int, default=0)
    parser.add_argument("--offer-to", nargs="*", default=[])
    parser.add_argument("--quiet", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
