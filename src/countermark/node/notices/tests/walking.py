"""Helpers of tests that walk through programmes: both sides follow one, file, decide, and stand alike."""

from countermark.node.kernel import time as clock
from countermark.node.notices import (
    deciding,
    lawyer,
    programmes,
)
from countermark.node.notices.attachments import Attachment
from countermark.node.notices.deciding import Decision
from countermark.node.notices.factories import file_one, notice_of, pass_on

WORK = Attachment("work.pdf", "application/pdf", "ab" * 32, b"%PDF-")
PICTURE = {"office": "", "number": "", "kind": "copyright", "title": "Corvane, picture"}
MORE = {
    "ebay": {"reason_code": "9051"},
    "taobao": {"platform_name": "Taobao", "complaint_type": "listing"},
}


def both_follow(team, platform):
    for side in (team.brand, team.market):
        programmes.follow(side.administrator, side.agreement_name, platform)


def filed(team, platform, **more):
    both_follow(team, platform)
    name = file_one(team, **({"fields": MORE[platform]} | more))
    assert set(pass_on(team, team.market)) == {"done"}
    return name


def decide(team, name, deed, reason, **more):
    token = deciding.decide(team.market.administrator, name, Decision(deed=deed, reason=reason, **more))
    assert set(pass_on(team, team.brand)) <= {"done"}
    return token


def states(team, name):
    """State in law and stage, the same on both sides."""
    here, there = notice_of(team.brand, name), notice_of(team.market, name)
    assert (here.law_state, here.stage) == (there.law_state, there.stage)
    return there.law_state, there.stage


def matter(side, name):
    return lawyer.read(notice_of(side, name).matter)


def after_clock(team, name, rule, later):
    """Let the days pass until a clock is over."""
    last = matter(team.market, name).clock(rule).due.last
    later((last - clock.now().date()).days + 2)
