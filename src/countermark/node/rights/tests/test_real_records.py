"""Trademark records as a register publishes them, through the reader and into the tables."""

from pathlib import Path

import pytest

from countermark.formats.rights import read_portfolio
from countermark.node.rights import selectors, services


@pytest.mark.real_data
@pytest.mark.django_db
def test_records_of_a_register_come_in_and_go_out_to_the_engine(analyst, shared_data: Path):
    reading = read_portfolio(shared_data / "trademarks" / "uspto")
    report = services.import_portfolio(analyst, reading)
    assert report.added == len({right.id for right in reading.portfolio.rights}) > 0
    out = {right.id: right for right in selectors.portfolio(analyst).rights}
    for right in reading.portfolio.rights:
        if right.id in out:
            assert (out[right.id].mark, out[right.id].classes) == (right.mark, tuple(sorted(right.classes)))
    again = services.import_portfolio(analyst, reading)
    assert (again.added, again.changed, again.references) == (0, 0, 0)
