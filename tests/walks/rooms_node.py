"""A node that holds a brand and a marketplace: an offer to buy from, a warning, notices under programmes of platforms.

`python -m tests.walks.rooms_node PORT`, with COUNTERMARK_HOME set. Keys live in memory; entries pass twice a second.
"""

import json
import sys
import threading
import time
from datetime import timedelta

import django

django.setup()

import uvicorn  # noqa: E402 - Django has to be set up before its models are imported
from django.conf import settings  # noqa: E402
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django.contrib.sessions.backends.db import SessionStore  # noqa: E402
from django.core.management import call_command  # noqa: E402

from countermark.node.conduct import measures  # noqa: E402
from countermark.node.conduct.measures import Wanted  # noqa: E402
from countermark.node.conduct.misuse import Track  # noqa: E402
from countermark.node.config.asgi import application  # noqa: E402
from countermark.node.exchange.factories import Team  # noqa: E402
from countermark.node.jobs.handlers import HANDLERS  # noqa: E402
from countermark.node.kernel.time import now  # noqa: E402
from countermark.node.listings.factories import make_listing  # noqa: E402
from countermark.node.notices import countering, deciding, factories, forgetting  # noqa: E402
from countermark.node.notices.deciding import Decision  # noqa: E402
from countermark.node.notices.states import Deed  # noqa: E402
from countermark.node.notices.tests.test_both_sides import answer  # noqa: E402
from countermark.node.notices.tests.walking import both_follow, filed  # noqa: E402
from countermark.node.parties.factories import PASSWORD, make_member  # noqa: E402
from countermark.node.parties.models import Organisation, User  # noqa: E402
from countermark.node.parties.permissions import Role  # noqa: E402

REASONS = "The right that the notice names was not in force there; check the register before you file."


def main(port: int) -> None:
    """Make both sides, an offer and a warning that nobody was told of; say what was made, and serve."""
    call_command("migrate", verbosity=0)
    team = factories.make_agreed_team()
    brand, market = (Organisation.objects.get(pk=side.organisation_id) for side in (team.brand, team.market))
    cleo = make_member(Role.COUNSEL, brand, email="cleo@aurelle.example", password=PASSWORD)
    omar = make_member(Role.OFFICER, market, email="omar@bazaar.example", password=PASSWORD)
    admin = make_member(Role.ADMINISTRATOR, brand, email="iris@aurelle.example", password=PASSWORD)
    name = factories.file_one(team)
    factories.pass_on(team, team.market, HANDLERS)
    deciding.decide(omar, name, Decision(deed=Deed.REFUSE, reason="right_not_shown"))
    factories.pass_on(team, team.brand, HANDLERS)
    ends, filer = now().date() + timedelta(days=30), team.market.agreement.name
    wanted = Wanted(track=Track.NOTICES, subject=filer, kind="warning", reasons=REASONS, ends_on=ends)
    told = {
        "password": PASSWORD,
        "listing": make_listing(cleo, external_id="tote-1").core_id,
        "measure": measures.propose(omar, wanted),
        "filer": filer,
        "agreement": team.brand.agreement.name,
        "cookie": settings.SESSION_COOKIE_NAME,
        "old_session": logged_in_an_hour_ago(admin.user_id),
        "on_ebay": answered(team, "ebay", Decision(deed=Deed.REMOVE, reason="infringes")),
        "on_taobao": answered(team, "taobao", Decision(deed=Deed.ASK_SELLER, reason="in_account")),
        "forgotten": name,
    }
    both_follow(team, "")
    # Words of this one are as old as those whose time is over.
    refused = factories.notice_of(team.brand, name)
    forgetting.forget(refused, now() + timedelta(days=1), lambda day: day, lambda: False)
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()
    threading.Thread(target=pass_entries, args=(team,), daemon=True).start()
    uvicorn.run(application, host="127.0.0.1", port=port, log_level="warning")


def answered(team: Team, platform: str, decision: Decision) -> str:
    """A notice under a programme that the seller has answered; its id."""
    name = filed(team, platform)
    token = deciding.decide(team.market.administrator, name, decision)
    factories.pass_on(team, team.brand, HANDLERS)
    countering.counter(token, answer(f"platform-{'ebay' if platform == 'ebay' else 'alibaba'}"))
    factories.pass_on(team, team.brand, HANDLERS)
    return name


def logged_in_an_hour_ago(user_id: int) -> str:
    """The key of a session whose password lies an hour back."""
    user, session = User.objects.get(pk=user_id), SessionStore()
    session[SESSION_KEY], session[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    session["account_authentication_methods"] = [{"method": "password", "at": time.time() - 3600, "email": user.email}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.create()
    return str(session.session_key)


def pass_entries(team: Team) -> None:
    """Let both sides fetch and apply what is new, again and again."""
    while True:
        factories.pass_on(team, team.market, HANDLERS)
        factories.pass_on(team, team.brand, HANDLERS)
        time.sleep(0.5)


if __name__ == "__main__":
    main(int(sys.argv[1]))
