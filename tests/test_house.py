"""The house keeps its own rules: sizes, names, a README in each room, docs for each command."""

import ast
import re
import sys
from pathlib import Path

import pytest
import typer
from typer.cli import get_docs_for_click

from countermark.cli.main import app

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "countermark"
FILES = sorted(p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts)
ROOMS = sorted(
    p.parent
    for p in SOURCE.rglob("__init__.py")
    if p.parent.parent in (SOURCE, SOURCE / "node", SOURCE / "signals") and p.parent.name != "tests"
)
FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 60
#: A stranger runs the program alone, and reads it whole: two halves in one file (ADR 43).
MAY_BE_LONGER = {"src/countermark/proof/standalone/countermark_verify.py": 460}


def test_no_file_is_longer_than_a_person_reads() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in FILES}
    assert not {name: length for name, length in lengths.items() if length > MAY_BE_LONGER.get(name, LONGEST_FILE)}


def test_no_function_is_longer_than_a_screen() -> None:
    long = [
        f"{path.relative_to(ROOT)}:{node.name} ({node.end_lineno - node.lineno + 1})"  # type: ignore[operator]
        for path in FILES
        if "tests" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and _body_lines(node) > LONGEST_FUNCTION
    ]
    assert not long


def _body_lines(node: ast.FunctionDef) -> int:
    """Lines of statements, without signature and docstring: those are for the reader, not against him."""
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_nothing_is_called_a_drawer_for_everything() -> None:
    assert not [p for p in FILES if p.stem in FORBIDDEN_NAMES or p.parent.name in FORBIDDEN_NAMES]


@pytest.mark.parametrize("room", ROOMS, ids=lambda p: str(p.relative_to(SOURCE)))
def test_each_room_says_what_it_is(room: Path) -> None:
    readme = room / "README.md"
    assert readme.is_file(), f"{room.name} has no README.md"
    assert 4 <= len(readme.read_text().splitlines()) <= 40


def test_the_readme_fits_two_screens() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= 120


def test_the_reference_of_the_command_is_what_the_command_says() -> None:
    written = (ROOT / "docs" / "reference" / "cli.md").read_text()
    assert written == cli_reference(), "run: python -m tests.test_house > docs/reference/cli.md"


def cli_reference() -> str:
    """The help of every command as one page."""
    command = typer.main.get_command(app)
    with command.make_context("countermark", [], resilient_parsing=True) as context:
        return get_docs_for_click(obj=command, ctx=context, name="countermark", title="The command").strip() + "\n"


def test_each_decision_is_listed() -> None:
    listed = set(re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", (ROOT / "docs" / "adr" / "README.md").read_text()))
    assert listed == {p.name for p in (ROOT / "docs" / "adr").glob("0*.md")}


def test_no_link_in_the_docs_is_dead() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *SOURCE.rglob("README.md")]
    dead = [
        f"{page.relative_to(ROOT)} -> {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not dead


if __name__ == "__main__":
    sys.stdout.write(cli_reference())
