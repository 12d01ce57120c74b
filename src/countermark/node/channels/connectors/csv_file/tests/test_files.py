"""Files in a partner's template: whole, harmless, each message in one of them once."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from countermark.node.channels import opening, outbox, sending
from countermark.node.channels.connectors.csv_file import columns
from countermark.node.channels.letters import Cargo, Letter
from countermark.node.channels.line import Line
from countermark.node.channels.models import Channel, Dispatch
from countermark.node.channels.tests.people import brand
from countermark.node.kernel.errors import Invalid
from countermark.node.parties.access import Member

__all__ = ["brand"]
TEMPLATE = 'Ref = reference\nLink = url\nPlatform = "Shopnova"\nWhy = explanation [80]'


@pytest.fixture
def channel(brand: Member, settings: Any, tmp_path: Path) -> Channel:
    settings.COUNTERMARK_CHANNEL_FOLDER = tmp_path
    made = opening.open_channel(
        brand, "csv_file", name="Shopnova", marketplace="Shopnova", details={"columns": TEMPLATE}
    )
    return Channel.objects.select_related("organisation").get(public_id=made)


def put(channel: Channel, number: int, **fields: str) -> Dispatch:
    given = {"url": f"https://shopnova.example/{number}", "explanation": "A copy.", **fields}
    return outbox.put(channel, Letter(cargo=Cargo.NOTICE, subject="ntc_1", key=f"file {number}", fields=given))


def turn(channel: Channel) -> bool:
    Channel.objects.filter(pk=channel.pk).update(next_try=None)
    return sending.run_channel(channel.public_id, "worker", Line())


def rows(folder: Path) -> list[dict[str, str]]:
    return [
        one
        for file in sorted(folder.rglob("*.csv"))
        for one in csv.DictReader(io.StringIO(file.read_text("utf-8-sig"), newline=""))
    ]


def test_each_message_is_a_row_in_the_partners_columns_and_no_cell_is_a_formula(channel, tmp_path):
    first = put(channel, 1, explanation='=HYPERLINK("https://evil.example")\n"quoted", 包')
    put(channel, 2)
    assert turn(channel)
    found = rows(tmp_path)
    assert [one["Platform"] for one in found] == ["Shopnova", "Shopnova"]
    assert found[0]["Ref"] == first.public_id
    assert found[0]["Why"].startswith("'=HYPERLINK")
    assert found[0]["Why"].endswith('"quoted", 包')
    assert {(row.state, row.raw_status) for row in Dispatch.objects.all()} == {("sent", "file written")}
    assert not list(tmp_path.rglob(".*"))


def test_a_worker_that_is_killed_after_writing_writes_the_same_file_again(channel, tmp_path, monkeypatch):
    put(channel, 1)
    monkeypatch.setattr(sending, "_write", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        turn(channel)
    monkeypatch.undo()
    before = {file.name: file.read_bytes() for file in tmp_path.rglob("*.csv")}
    put(channel, 2)
    assert turn(channel)
    assert {file.name: file.read_bytes() for file in tmp_path.rglob("*.csv")} == before
    assert turn(channel)
    assert len(rows(tmp_path)) == 2
    assert set(Dispatch.objects.values_list("state", flat=True)) == {"sent"}


def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(channel, settings, tmp_path):
    settings.COUNTERMARK_CHANNEL_FOLDER = tmp_path / "file"
    (tmp_path / "file").write_text("in the way")
    put(channel, 1)
    assert not turn(channel)
    channel.refresh_from_db()
    assert channel.problem == "not-written"
    (tmp_path / "file").unlink()
    assert turn(channel)
    assert Dispatch.objects.get().state == "sent"


def test_a_cell_that_is_too_long_is_said_before(channel):
    with pytest.raises(Invalid, match="“Why” takes 80 characters"):
        put(channel, 1, explanation="x" * 81)


@pytest.mark.parametrize(
    "written", ["", "Link", "Link = secrets", "Link = url\nLink = title", "A = b = c", "x" * 200 + " = url"]
)
def test_a_template_that_cannot_be_read_is_named_by_line(written):
    with pytest.raises(ValueError, match=r"Line|columns"):
        columns.read_columns(written)


def test_what_a_file_cannot_carry_waits_for_a_person(channel):
    row = outbox.put(channel, Letter(cargo=Cargo.SUIT, subject="ntc_1", key="suit 1", fields={"words": "Court of X"}))
    assert (row.state, row.problem, row.body) == ("failed", "by-hand", "")
