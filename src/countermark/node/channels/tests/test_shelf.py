"""Every folder is a connector of one shape, and the page for people names what they can write."""

import re
from pathlib import Path

import pytest

from countermark.node.channels.letters import FIELDS, Cargo
from countermark.node.channels.models import Channel
from countermark.node.channels.shelf import all_connectors, connector
from countermark.node.kernel.errors import Invalid

CONNECTORS = Path(__file__).parents[1] / "connectors"
PAGE = Path(__file__).parents[5] / "docs" / "how-to" / "send-through-channels.md"


def test_every_folder_is_a_connector_with_a_fake_or_files_and_a_readme():
    folders = {one.name for one in CONNECTORS.iterdir() if (one / "__init__.py").is_file()}
    assert set(all_connectors()) == folders == {"csv_file", "dsa_database", "ebay_vero", "mail"}
    for folder in folders:
        assert 4 <= len((CONNECTORS / folder / "README.md").read_text().splitlines()) <= 40
        assert list((CONNECTORS / folder / "tests").glob("test_*.py"))


@pytest.mark.parametrize("name", ["csv_file", "dsa_database", "ebay_vero", "mail"])
def test_each_fits_its_columns_and_names_only_fields_that_a_letter_has(name):
    found = connector(name)
    longest = Channel._meta.get_field("connector").max_length
    assert longest is not None
    assert len(found.id) <= longest
    assert {*found.limits.longest, *found.limits.needed} <= set(FIELDS)
    assert found.carries <= set(Cargo)
    assert found.limits.in_a_call >= 1


def test_the_page_lists_every_field():
    listed = PAGE.read_text().partition("Fields: ")[2].partition("\n\n")[0]
    assert re.findall(r"`([a-z_]+)`", listed) == list(FIELDS)


def test_an_unknown_connector_is_refused():
    with pytest.raises(Invalid, match="no such connector"):
        connector("carrier_pigeon")
