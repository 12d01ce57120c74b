"""The tables of a transparency report: a file for each point of the law, suspensions by cause, empty is not zero."""

import csv
import io
import zipfile
from datetime import date, timedelta

import msgspec
import pytest

from countermark.node.conduct.misuse import Track
from countermark.node.conduct.models import Act, Measure
from countermark.node.conduct.states import ActKind, MeasureKind
from countermark.node.insight import notice_log, transparency
from countermark.node.insight.notice_figures import count
from countermark.node.insight.suspensions import suspensions
from countermark.node.insight.tests.test_notice_figures import FIRST, LAST, story
from countermark.node.kernel.ids import new_id
from countermark.node.kernel.time import now
from countermark.node.parties.factories import make_member, make_organisation
from countermark.node.parties.kinds import OrganisationKind
from countermark.node.parties.permissions import Role


@pytest.fixture
def officer(db):
    return make_member(Role.OFFICER, make_organisation("Bazaar", OrganisationKind.MARKETPLACE))


def took(member, track, kind, *acts, subject="slr_1"):
    """A measure, and acts as they were written today."""
    today = now().date()
    made = Measure(
        organisation_id=member.organisation_id,
        public_id=new_id("msr"),
        track=track,
        subject=subject,
        kind=kind,
        reasons="as written to the person",
        factors={},
        points=3,
        policy="0" * 64,
        made_on=today,
        ends_on=today + timedelta(days=9),
        by_id=member.user_id,
    )
    made.save()
    for number, act in enumerate(acts, 1):
        Act(measure=made, number=number, kind=act, by_id=member.user_id, matter="").save()


def test_suspensions_are_counted_by_cause_once_confirmed_and_not_when_reversed(officer, analyst):
    proposed, confirmed, reversed_ = ActKind.PROPOSED, ActKind.CONFIRMED, ActKind.REVERSED
    took(officer, Track.OFFERS, MeasureKind.SUSPENSION, proposed, confirmed)
    took(officer, Track.OFFERS, MeasureKind.SUSPENSION, proposed)
    took(officer, Track.OFFERS, MeasureKind.WARNING, proposed, confirmed)
    took(officer, Track.OFFERS, MeasureKind.SUSPENSION, proposed, confirmed, ActKind.APPEALED, reversed_)
    took(officer, Track.NOTICES, MeasureKind.NO_PROCESSING, proposed, confirmed)
    today = now().date()
    found = suspensions(officer, today, today)
    assert found == {"illegal content": 1, "unfounded notices": 1, "unfounded complaints": 0}
    assert suspensions(officer, today - timedelta(days=9), today - timedelta(days=1)) == dict.fromkeys(found, 0)
    assert suspensions(analyst, today, today) is None


def test_each_point_of_the_law_is_a_table_and_what_is_not_recorded_is_empty():
    lines = [
        *story("ntc_1", ("file", 0, ""), ("priority", 1, ""), ("remove", 24, "infringes")),
        *story("ntc_2", ("file", 1, ""), ("remove", 49, "terms"), ("counter", 60, "exhausted"), ("restore", 84, "x")),
    ]
    found = count(lines, FIRST, LAST)
    suspended = {"illegal content": 2, "unfounded notices": 0, "unfounded complaints": 0}
    made = transparency.tables(found, "=cmd|Bazaar", suspended)
    assert made == transparency.tables(found, "=cmd|Bazaar", suspended)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        read = {name: list(csv.reader(io.StringIO(archive.read(name).decode()))) for name in archive.namelist()}
    assert [name[0] for name in read if "/" not in name] == ["1", "2", "3", "4", "5", "6", "7"]
    values = {row[4]: row[5] for rows in read.values() for row in rows[1:] if len(row) == 7}
    assert values["notices received under art. 16"] == "2"
    assert values["notices by trusted flaggers"] == "1"
    assert values["suspensions for illegal content"] == "2"
    assert values["suspensions for unfounded notices"] == "0"
    assert values["disputes before out-of-court bodies"] == "0"
    assert values["share of reversing decisions implemented"] == ""
    assert {row[2] for row in read["2_notices.csv"][1:]} == {"'=cmd|Bazaar"}
    about = {row[0]: row[1] for row in read["1_about.csv"]}
    assert about["published_by"] == "2026-05-31"
    assert "begins before" not in about["form"]
    assert len({*values}) == len(transparency.indicators(found))
    early = transparency.tables(count(lines, date(2025, 6, 1), LAST), "Bazaar")
    with zipfile.ZipFile(io.BytesIO(early)) as archive:
        assert "begins before" in archive.read("1_about.csv").decode()
        assert "illegal content,," in archive.read("7_suspensions.csv").decode()


def read(made):
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: list(csv.reader(io.StringIO(archive.read(name).decode()))) for name in archive.namelist()}


def test_sheets_of_the_form_hold_the_figures_under_its_own_headings():
    lines = [
        *story("ntc_1", ("file", 0, ""), ("priority", 1, ""), ("remove", 24, "infringes")),
        *story("ntc_2", ("file", 1, ""), ("remove", 49, "terms"), ("counter", 60, "exhausted"), ("restore", 84, "x")),
        *(msgspec.structs.replace(one, ground="copied-work") for one in story("ntc_3", ("file", 2, ""))),
        *(msgspec.structs.replace(one, ground="unheard-of") for one in story("ntc_4", ("file", 2, ""))),
    ]
    suspended = {"illegal content": 2, "unfounded notices": 0, "unfounded complaints": 1}
    sheets = read(transparency.tables(count(lines, FIRST, LAST), "Bazaar", suspended))
    notices = [dict(zip(sheets["form/4_notices.csv"][0], one, strict=True)) for one in sheets["form/4_notices.csv"][1:]]
    assert {one["Reporting period"] for one in notices} == {f"{FIRST}/{LAST}"}
    category = notices[0]
    assert category["Category of illegal content"] == "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS"
    assert category["Number of notices received "] == "4"
    assert category["Number of notices received from Trusted flaggers"] == "1"
    assert category["Median time to take action"] == "24.0"
    assert category["Median time to take action (Trusted Flagger notices)"] == ""
    assert category["Number of actions taken on the basis of the law"] == "1"
    assert category["Number of actions taken on the basis of the terms and conditions of the service"] == "1"
    keywords = {one["Category of illegal content"]: one["Number of notices received "] for one in notices[1:]}
    assert keywords["KEYWORD_TRADEMARK_INFRINGEMENT"] == "2"
    assert (keywords["KEYWORD_COPYRIGHT_INFRINGEMENT"], keywords["KEYWORD_OTHER"]) == ("1", "1")
    appeals = {(one[4], one[5]): one[6] for one in sheets["form/7_appeals_and_recidivism.csv"][1:]}
    complaints = "Number of complaints submitted to the internal-complaints mechanism"
    assert appeals[complaints, "Total number"] == "1"
    assert (appeals[complaints, "Decisions upheld"], appeals[complaints, "Decisions reversed"]) == ("0", "1")
    assert (appeals[complaints, "Median time"], appeals[complaints, "Decisions partially reversed"]) == ("24.0", "")
    unfounded = "Number of suspensions enacted for the provision of manifestly unfounded complaints"
    assert appeals[unfounded, "Total number"] == "1"
    assert [one[6] for one in sheets["form/8_automated_means.csv"][1:]] == ["0", "2"]
    nothing = read(transparency.tables(count([], FIRST, LAST), "Bazaar"))
    assert nothing["form/4_notices.csv"][1][9] == ""
    assert {one[6] for one in nothing["form/7_appeals_and_recidivism.csv"] if "suspensions" in one[4]} == {""}


def test_the_report_counts_notices_under_the_regulation_and_under_no_other_law(officer, monkeypatch):
    lines = [
        *story("ntc_1", ("file", 0, ""), ("remove", 24, "infringes")),
        *(
            msgspec.structs.replace(one, regime="cn-goods")
            for one in story("ntc_2", ("file", 0, ""), ("remove", 2, "x"))
        ),
        *(msgspec.structs.replace(one, regime="", ground="") for one in story("fnd_1", ("own", 2, ""))),
    ]
    monkeypatch.setattr(notice_log, "lines", lambda _member: iter(lines))
    found = notice_log.figures_of_law(officer, FIRST, LAST, "eu-dsa")
    assert (found.notices, found.removed.count, found.proactive.count) == (1, 1, 1)
    assert notice_log.figures(officer, FIRST, LAST).notices == 2


def test_a_complaint_about_a_refusal_is_counted_apart_and_its_refusal_once():
    refused = (("file", 0, ""), ("refuse", 2, "incomplete"), ("complain", 3, ""))
    kept = (("file", 0, ""), ("remove", 2, "infringes"), ("counter", 4, "x"), ("keep", 8, "not_convincing"))
    lines = [
        *story("ntc_1", *refused, ("remove", 9, "infringes")),
        *story("ntc_2", *refused, ("refuse", 5, "incomplete")),
        *story("ntc_3", *kept),
    ]
    found = count(lines, FIRST, LAST)
    assert (found.contests, found.contest_outcomes) == (2, {"keep": 1, "restore": 1})
    assert (found.complaints, found.complaint_outcomes, found.decisions["refuse"]) == (1, {"keep": 1}, 2)
    sheet = read(transparency.tables(found, "Bazaar"))["form/7_appeals_and_recidivism.csv"]
    appeals = {(one[4], one[5]): one[6] for one in sheet[1:]}
    every = sheet[1][4]
    refusals = next(one for one, _ in appeals if "not to take action" in one)
    scopes = ("Total number", "Decisions upheld", "Decisions reversed", "Median time")
    assert [appeals[every, scope] for scope in scopes] == ["3", "2", "1", ""]
    assert [appeals[refusals, scope] for scope in scopes] == ["2", "1", "1", "2.0"]
    assert appeals["Number of restrictions newly imposed as a result of an internal complaint", "Total number"] == "1"
