"""A node that holds a brand and a marketplace that agreed on notices, so that one browser walks through both sides.

`python -m tests.walks.notices_node PORT`, with COUNTERMARK_HOME set. Keys live in memory; entries pass twice a second.
"""

import json
import sys
import threading
import time
from datetime import timedelta

import django

django.setup()

import uvicorn  # noqa: E402 - Django has to be set up before its models are imported
from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from countermark.law.wording import LANGUAGES  # noqa: E402
from countermark.node.config.asgi import application  # noqa: E402
from countermark.node.exchange.factories import Team  # noqa: E402
from countermark.node.notices import deciding, factories, sending  # noqa: E402
from countermark.node.notices.states import Deed  # noqa: E402
from countermark.node.parties.access import Member  # noqa: E402
from countermark.node.parties.factories import PASSWORD, make_member  # noqa: E402
from countermark.node.parties.models import Organisation  # noqa: E402
from countermark.node.parties.permissions import Role  # noqa: E402


def main(port: int) -> None:
    """Make both sides and three findings, one of them on a right that is over; say what was made, and serve."""
    call_command("migrate", verbosity=0)
    team = factories.make_agreed_team()
    brand, market = (Organisation.objects.get(pk=side.organisation_id) for side in (team.brand, team.market))
    ana = make_member(Role.ANALYST, brand, email="ana@aurelle.example", password=PASSWORD)
    make_member(Role.OFFICER, market, email="omar@bazaar.example", password=PASSWORD)
    # Whoever decided does not hear the answer: that is Omar's.
    other = make_member(Role.OFFICER, market)
    good = [one.core_id for one in factories.make_grounds_for_notices(ana, 2)]
    over = factories.make_ground_for_notice(ana, valid_to=timezone.now().date() - timedelta(days=9))
    decided = {language: removed(team, other) for language in LANGUAGES}
    told = {"good": good, "over": over.core_id, "password": PASSWORD, "decided": decided}
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    threading.Thread(target=pass_entries, args=(team,), daemon=True).start()
    uvicorn.run(application, host="127.0.0.1", port=port, log_level="warning")


def removed(team: Team, officer: Member) -> dict[str, str]:
    """A notice upon which an offer was removed: its id, and the secret of its seller's link."""
    name = factories.file_one(team)
    factories.pass_on(team, team.market)
    token = deciding.decide(officer, name, deciding.Decision(deed=Deed.REMOVE, reason="infringes"))
    factories.pass_on(team, team.brand)
    return {"notice": name, "token": token}


def pass_entries(team: Team) -> None:
    """Say what is due, and let both sides fetch and apply what is new, again and again."""
    while True:
        sending.send_due()
        factories.pass_on(team, team.market)
        factories.pass_on(team, team.brand)
        time.sleep(0.5)


if __name__ == "__main__":
    main(int(sys.argv[1]))
