"""The reference page and the published schemas say what the code does.

`COUNTERMARK_WRITE_REFERENCE=1 pytest src/countermark/formats` writes tables and schemas anew, to be read before
they are committed.
"""

import json
import os
import re
from dataclasses import fields
from pathlib import Path

import jsonschema
import pytest

from countermark.formats.columns import SYNONYMS
from countermark.formats.limits import Limits
from countermark.formats.problems import KINDS, problem
from countermark.formats.schemas import PUBLISHED, schema_text, write_schemas
from countermark.formats.tests.test_findings import finding
from countermark.formats.tests.test_jsonl_rows import FULL
from countermark.formats.tests.test_truth import TRUTHS
from countermark.model import to_json

ROOM = Path(__file__).parents[1]
REFERENCE = ROOM.parents[2] / "docs" / "reference"
PAGE = REFERENCE / "formats.md"
SCHEMAS = REFERENCE / "schemas"
WRITE = bool(os.environ.get("COUNTERMARK_WRITE_REFERENCE"))


def columns_table() -> str:
    rows = [f"| `{field}` | {', '.join(f'`{name}`' for name in names)} |" for field, names in SYNONYMS.items()]
    return "\n".join(["| Field | Names, best first |", "|---|---|", *rows])


def problems_table() -> str:
    rows = [f"| `{code}` | {kind.effect} | {kind.message} | {kind.mend} |" for code, kind in KINDS.items()]
    return "\n".join(["| Code | Sets aside | Says | Mend |", "|---|---|---|---|", *rows])


def limits_table() -> str:
    told = dict(re.findall(r"^ {8}(\w+(?:, \w+)*): (.+)$", Limits.__doc__ or "", re.MULTILINE))
    meaning = {name: words for names, words in told.items() for name in names.split(", ")}
    rows = [f"| `{field.name}` | {field.default:,} | {meaning[field.name].rstrip('.')} |" for field in fields(Limits)]
    return "\n".join(["| Limit | Default | Of what |", "|---|---|---|", *rows])


TABLES = {"columns": columns_table, "problems": problems_table, "limits": limits_table}


@pytest.mark.parametrize("name", TABLES)
def test_the_page_has_the_table_that_the_code_gives(name: str) -> None:
    table = TABLES[name]()
    page = PAGE.read_text(encoding="utf-8")
    between = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
    assert between.search(page)
    if WRITE:
        page = between.sub(lambda found: f"{found[1]}{table}\n{found[2]}", page)
        PAGE.write_text(page, encoding="utf-8")
    assert table in page


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_published_schema_is_the_one_of_the_record(name: str) -> None:
    if WRITE:
        write_schemas(SCHEMAS)
    assert (SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8") == schema_text(name)


def test_nothing_else_is_published() -> None:
    assert {path.name for path in SCHEMAS.iterdir()} == {f"{name}.schema.json" for name in PUBLISHED}


@pytest.mark.parametrize(("name", "record"), [("listing", FULL), ("finding", finding(1)), ("truth", TRUTHS[0])])
def test_what_we_write_keeps_to_the_schema(name: str, record: object) -> None:
    schema = json.loads(schema_text(name))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(to_json(record)), schema)


def test_the_rights_file_of_the_page_is_read_without_a_problem(tmp_path: Path) -> None:
    from countermark.formats import read_portfolio
    from countermark.formats.tests.test_picture import encode

    example = re.search(r"```yaml\n(version: 1\n.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert example
    (tmp_path / "rights.yaml").write_text(example[1], encoding="utf-8")
    for name in ("official/corvane/front.jpg", "logos/corvane.png"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(encode("JPEG" if name.endswith("jpg") else "PNG"))
    reading = read_portfolio(tmp_path / "rights.yaml")
    assert reading.problems == ()
    assert len(reading.portfolio.rights) == 2


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_the_listings_of_the_page_are_read_without_a_problem(write, read, suffix: str) -> None:
    examples = re.findall(rf"```{suffix}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert examples
    for example in examples:
        found = read(write(f"a.{suffix}l".replace("csvl", "csv"), example))
        assert found.problems == []
        assert found.listings


def test_every_code_is_used_somewhere_in_the_room() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in ROOM.glob("*.py") if path.name != "problems.py")
    assert [code for code in KINDS if f'"{code}"' not in source] == []


@pytest.mark.parametrize("code", KINDS)
def test_every_problem_is_two_whole_sentences_with_a_mend(code: str) -> None:
    words = {
        name: "x." if name in ("reason", "mend") and code.endswith("-picture") else "x" for name in _placeholders(code)
    }
    said = problem(code, source="a.csv", row=3, value="v" * 500, words=words)
    assert said.message.endswith(".")
    assert said.mend.endswith((".", "…"))
    assert "{" not in said.message + said.mend
    assert len(said.excerpt) <= 80


def _placeholders(code: str) -> list[str]:
    return re.findall(r"\{(\w+)\}", KINDS[code].message + KINDS[code].mend)
