"""A node that holds both sides of an agreement, so that one browser can walk through a joint case from each of them.

`python -m tests.walks.joint_node PORT`, with COUNTERMARK_HOME set. Keys live in memory; entries pass every half second.
"""

import json
import sys
import threading
import time

import django

django.setup()

import uvicorn  # noqa: E402 - Django has to be set up before its models are imported
from django.core.management import call_command  # noqa: E402

from countermark.node.cases.factories import exchange, make_joint_team  # noqa: E402
from countermark.node.config.asgi import application  # noqa: E402
from countermark.node.exchange.factories import Team  # noqa: E402
from countermark.node.findings.factories import make_finding  # noqa: E402
from countermark.node.parties.factories import PASSWORD, make_member  # noqa: E402
from countermark.node.parties.models import Organisation  # noqa: E402
from countermark.node.parties.permissions import Role  # noqa: E402


def main(port: int) -> None:
    """Make both sides, say what was made, and serve."""
    call_command("migrate", verbosity=0)
    team = make_joint_team()
    brand, market = (Organisation.objects.get(pk=side.organisation_id) for side in (team.brand, team.market))
    ana = make_member(Role.ANALYST, brand, email="ana@aurelle.example", password=PASSWORD)
    make_member(Role.OFFICER, market, email="omar@bazaar.example", password=PASSWORD)
    finding = make_finding(ana)
    sys.stdout.write(json.dumps({"finding": finding.core_id, "password": PASSWORD}) + "\n")
    sys.stdout.flush()
    threading.Thread(target=pass_entries, args=(team,), daemon=True).start()
    uvicorn.run(application, host="127.0.0.1", port=port, log_level="warning")


def pass_entries(team: Team) -> None:
    """Let both sides fetch and apply what is new, again and again."""
    while True:
        exchange(team)
        time.sleep(0.5)


if __name__ == "__main__":
    main(int(sys.argv[1]))
