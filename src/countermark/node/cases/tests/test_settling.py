"""The fold: whatever order events come in, the same case."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from countermark.node.cases.addressing import read_addressee
from countermark.node.cases.settling import order, settle
from countermark.node.cases.states import CaseEntry
from countermark.node.kernel.errors import Invalid

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Said:
    type: str
    party: str
    seq: int
    happened_at: datetime
    assigned_to: str = ""
    due_on: date | None = None
    outcome: str = ""
    items: list[list[str]] = field(default_factory=list)
    corrects: str = ""

    @property
    def feed(self) -> str:
        return f"agreement.{self.party}"

    @property
    def entry_hash(self) -> str:
        return f"{self.party}-{self.seq}"


OPENING = Said(CaseEntry.OPENED, "brand", 0, START)


@st.composite
def events(draw: st.DrawFn) -> list[Said]:
    """What two sides say about one case, times colliding often."""
    said = [OPENING]
    for seq in range(1, draw(st.integers(1, 12))):
        kind = draw(st.sampled_from(list(CaseEntry)[1:]))
        party = draw(st.sampled_from(["brand", "market"]))
        moment = START + timedelta(milliseconds=draw(st.integers(1, 4)))
        said.append(
            Said(
                kind,
                party,
                seq,
                moment,
                assigned_to=draw(st.sampled_from(["brand", "market", "market/officer"])),
                due_on=date(2031, 1, draw(st.integers(1, 28))),
                outcome=draw(st.sampled_from(["stopped", "lawful"])),
                items=[["listing", draw(st.sampled_from(["a", "b"]))]],
                corrects=draw(st.sampled_from(["brand-0", "market-1"])),
            )
        )
    return said


@given(events(), st.randoms())
def test_any_order_of_arrival_gives_the_same_case(said, random):
    shuffled = list(said)
    random.shuffle(shuffled)
    assert settle(shuffled) == settle(said)


@given(events())
def test_the_last_of_its_kind_counts(said):
    settled = settle(said)
    ordered = sorted(said, key=order)
    due = [event.due_on for event in ordered if event.type == CaseEntry.DUE_SET]
    assert settled.due_on == (due[-1] if due else None)
    ends = [event.type for event in ordered if event.type in {CaseEntry.CLOSED, CaseEntry.REOPENED}]
    assert (settled.state == "closed") == (bool(ends) and ends[-1] == CaseEntry.CLOSED)
    assert settled.last_party == ordered[-1].party


def test_nobody_retitles_a_case_of_the_other_side():
    theirs = Said(CaseEntry.CORRECTED, "market", 1, START + timedelta(seconds=1), corrects="brand-0")
    assert settle([OPENING, theirs]).titled == "brand-0"
    ours = Said(CaseEntry.CORRECTED, "brand", 2, START + timedelta(seconds=2), corrects="brand-0")
    assert settle([OPENING, theirs, ours]).titled == "brand-2"


def test_a_case_that_nobody_opened_is_none():
    with pytest.raises(ValueError, match="opened"):
        settle([Said(CaseEntry.CLOSED, "brand", 1, START)])


@pytest.mark.parametrize(
    "text", ["", "stranger", "brand/king", "brand/m-short", "brand/m-AAAAAAAAAAAAAAAA", "brand/officer/x", "../brand"]
)
def test_an_address_of_another_form_is_refused(text):
    with pytest.raises(Invalid, match="Choose someone"):
        read_addressee(text, ("brand", "market"), "assignee")


@pytest.mark.parametrize("text", ["brand", "market/officer", "brand/m-abcdefghij234567"])
def test_an_address_is_written_as_it_is_read(text):
    assert str(read_addressee(text, ("brand", "market"), "assignee")) == text
