"""`countermark node file-notices`: many notices from a file, signed once, with a report by row."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from countermark.cli.exits import INPUT
from countermark.cli.node_folder import told
from countermark.cli.node_start import AsJson, Operator, member_of, print_result, start_django
from countermark.cli.talk import Talk
from countermark.formats.writing import whole_file

if TYPE_CHECKING:
    from countermark.node.notices.bulk.choosing import Together
    from countermark.node.notices.bulk.reading import ReadFile
    from countermark.node.parties.access import Member


def file_notices(
    file: Annotated[
        Path, typer.Argument(help="CSV with a column “finding”; docs/how-to/file-and-decide-notices.md names the rest.")
    ],
    signer: Annotated[str, typer.Option("--signer", help="Name of the person who signs the declarations.")] = "",
    sign: Annotated[
        bool, typer.Option("--sign", help="You have read the declarations and sign them. Without it nothing is filed.")
    ] = False,
    explanation: Annotated[str, typer.Option("--words", help="Words before the reasons of each finding.")] = "",
    country: Annotated[str, typer.Option("--country", help="For rows that name none, such as FR.")] = "",
    report: Annotated[Path | None, typer.Option("--report", help="New CSV file: what became of each row.")] = None,
    operator: Operator = "",
    as_json: AsJson = False,
) -> None:
    """File a notice for each row; good rows wait for their undo, bad ones stay drafts with the reasons.

    Without --sign it only says which declarations are to be signed. The same file signed again files nothing twice;
    it tries its drafts once more. Exit code 3 when a row stays a draft or cannot be read.
    """
    start_django()
    with _problems():
        from countermark.node.notices.bulk import looking, reading
        from countermark.node.notices.bulk.choosing import Together

        data, member = file.read_bytes(), member_of(operator)
        found = reading.read_file(data)
        rows = list(found.rows)
        _tell_refused(found)
        together = Together(country=country, explanation=explanation, signer=signer)
        words = looking.words_to_sign(member, together, rows)
        if not (sign and signer.strip()):
            said = [one.text for one in words]
            print_result({"rows": len(rows), "filed": 0, "to_sign": said}, as_json=as_json)
            Talk().say("Nothing was filed. Read the declarations, then add --signer NAME --sign.")
            return
        signed = Together(
            country=country, explanation=explanation, signer=signer, declared=tuple(one.version for one in words)
        )
        counts = _file(member, reading.key_of(data, signed), signed, found, file.name, report)
        print_result(dict(counts) | {"not_read": found.left_out}, as_json=as_json)
        if counts["draft"] or found.left_out:
            raise typer.Exit(INPUT)


def _file(
    member: "Member", key: str, together: "Together", found: "ReadFile", name: str, report: Path | None
) -> dict[str, object]:
    from countermark.node.notices.bulk import filing, selectors

    rows, source = found.rows, filing.From(name=name, numbers=found.numbers, refused=found.refused)
    batch = filing.start(member, key, together, rows, source)
    before = selectors.batch(member, batch, size=1).counts
    if before["draft"]:
        filing.try_again(member, batch)
    with Talk().count("Filing", len(rows)) as advance:
        looked = before["filed"] + before["left_out"]
        while done := filing.file_rows(member, batch, filing.SLICE):
            looked += done
            advance(looked, len(rows))
    if report is not None:
        _write(report, batch, member)
    return {"batch": batch, **selectors.batch(member, batch, size=1).counts}


def _tell_refused(found: "ReadFile") -> None:
    for one in found.refused:
        Talk().error(one.sentence())
    if found.left_out > len(found.refused):
        Talk().error(f"{found.left_out - len(found.refused):,} more rows cannot be read either.")
    if not found.rows:
        raise typer.Exit(INPUT)


def _write(report: Path, batch: str, member: "Member") -> None:
    from countermark.node.kernel.cells import harmless
    from countermark.node.notices.bulk import selectors

    text = StringIO(newline="")
    table = csv.writer(text)
    table.writerow(["row", "finding", "state", "notice", "reasons"])
    for one in selectors.report(member, batch):
        reasons = " ".join(f"{p['message']} {p['mend']}" for p in one.problems)
        table.writerow([one.number, harmless(one.finding), one.state, one.notice, harmless(reasons)])
    for line in selectors.batch(member, batch, size=1).refused:
        table.writerow([line["where"].removeprefix("row "), "", "not_read", "", f"{line['message']} {line['mend']}"])
    with whole_file(report) as written:
        written.write(text.getvalue().encode())


@contextmanager
def _problems() -> Iterator[None]:
    with told():
        from countermark.node.kernel.errors import Invalid, Problem

        try:
            yield
        except OSError as error:
            Talk().error(f"{error.filename}: {error.strerror}")
            raise typer.Exit(INPUT) from None
        except Invalid as problem:
            for one in problem.problems:
                Talk().error(one.sentence())
            raise typer.Exit(INPUT) from None
        except Problem as problem:
            Talk().error(str(problem))
            raise typer.Exit(INPUT) from None
