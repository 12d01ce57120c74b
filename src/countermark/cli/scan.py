"""`countermark scan`: listings and rights in, explained findings out."""

import hashlib
import os
import sys
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO, Self

import msgspec
import pyarrow as pa
import typer

from countermark.cli.exits import FOUND, INPUT, INTERRUPTED, OK, USAGE
from countermark.cli.scan_folder import Target, is_folder, say_currencies, scan_into_folder
from countermark.cli.scan_prepare import Asked, prepare
from countermark.cli.talk import Advance, Talk
from countermark.formats import (
    Defaults,
    FindingWriter,
    FolderImages,
    ListingBatch,
    ListingFormat,
    expand_sources,
    read_listings,
)
from countermark.judge import ENGINE_VERSION
from countermark.model import ImageSource, Level, RowProblem, to_json
from countermark.scan import (
    Engine,
    Journal,
    JournalMismatch,
    ScanPlan,
    ScanTally,
    WorkerLost,
    currencies_of,
    in_words,
    is_remote,
    scan_batches,
)

#: Bad rows held in memory to show; all of them go to --rejects.
PROBLEMS_HELD = 100


class Summary(msgspec.Struct, kw_only=True):
    """What `scan --json` prints: counts, hashes, and where the findings are."""

    listings: int = 0
    rows_with_problems: int = 0
    findings: int = 0
    by_level: dict[str, int] = {}
    by_kind: dict[str, int] = {}
    by_brand: dict[str, int] = {}
    words_in_pictures_read: bool = False
    resumed_after_batches: int = 0
    batches_run_again: int = 0
    engine_version: str = ""
    policy_hash: str = ""
    reference_hash: str = ""
    output: str = ""


@dataclass
class Reading:
    """The stream of listing batches, while it keeps what was wrong, counts currencies and moves the bar."""

    batches: Iterable[ListingBatch]
    rejects: Path | None
    advance: Advance
    skip: int = 0
    held: list[RowProblem] = field(default_factory=list)
    total: int = 0
    currencies: Counter[str] = field(default_factory=Counter)
    _rows: deque[tuple[tuple[str, int], ...]] = field(default_factory=deque)
    _out: BinaryIO | None = None

    def __enter__(self) -> Self:
        self._out = (self.rejects or Path(os.devnull)).open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        if self._out is not None:
            self._out.close()

    def __iter__(self) -> Iterator[pa.RecordBatch]:
        for number, piece in enumerate(self.batches):
            self.note(piece.problems)
            self.advance(piece.bytes_done, piece.bytes_total)
            if number >= self.skip:
                self.currencies.update(currencies_of(piece.batch))
                self._rows.append(piece.rows)
                yield piece.batch

    def note(self, problems: Iterable[RowProblem]) -> None:
        """Keep problems for the end, and write them where they were asked for."""
        for one in problems:
            self.total += 1
            if len(self.held) < PROBLEMS_HELD:
                self.held.append(one)
            if self._out is not None:
                self._out.write(to_json(one) + b"\n")

    def told(self, answers: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """The answers, one for each batch that was given out, in order, while what they say of pictures is noted."""
        for answer in answers:
            findings, problems = in_words(answer, self._rows.popleft())
            self.note(problems)
            yield findings


def scan(
    listings: Annotated[
        list[str],
        typer.Argument(help="Files, folders or globs of listings; - reads standard input.", show_default=False),
    ],
    rights: Annotated[
        Path, typer.Option("--rights", help="Rights: one YAML or JSON file, ST.96 or ST.66 XML, or a folder of them.")
    ],
    output: Annotated[
        str, typer.Option("-o", "--output", help="Findings: .parquet or .jsonl; - writes JSON Lines to stdout.")
    ] = "-",
    listing_format: Annotated[
        ListingFormat | None, typer.Option("--format", help="Format of the listings, when the name does not tell.")
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option("--images", help="Folder that picture paths start from; default: beside the listings."),
    ] = None,
    no_images: Annotated[bool, typer.Option("--no-images", help="Do not look at pictures.")] = False,
    words: Annotated[bool, typer.Option("--reading/--no-reading", help="Read words that stand in pictures.")] = False,
    embeddings: Annotated[
        Path | None, typer.Option("--embeddings", help="Settings (YAML) of a learned network of your own (ONNX).")
    ] = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="Another policy file than the one shipped.")] = None,
    marketplace: Annotated[str, typer.Option("--marketplace", help="Marketplace of rows that name none.")] = "",
    captured_at: Annotated[
        datetime | None,
        typer.Option(
            "--captured-at", help="When rows without a time were captured (UTC).", formats=["%Y-%m-%dT%H:%M:%S"]
        ),
    ] = None,
    language: Annotated[
        str | None, typer.Option("--language", help="Language of rows that name none (BCP 47).")
    ] = None,
    rejects: Annotated[Path | None, typer.Option("--rejects", help="Write every bad row here, as JSON Lines.")] = None,
    workers: Annotated[
        int, typer.Option("--workers", min=1, help="Processes.", show_default="one a core")
    ] = os.cpu_count() or 1,
    market: Annotated[
        Path | None,
        typer.Option("--market", help="Listings to learn usual prices and copies from, or a table kept before."),
    ] = None,
    market_out: Annotated[
        Path | None, typer.Option("--market-out", help="Keep what was learnt with --market here, as .json.")
    ] = None,
    rates: Annotated[
        Path | None, typer.Option("--rates", help="Dated exchange rates (rates.yaml); without it none are used.")
    ] = None,
    logos: Annotated[
        bool,
        typer.Option("--logos", help="Look for registered logos inside pictures too; slow (0.2 s a picture and more)."),
    ] = False,
    engine: Annotated[
        Engine, typer.Option("--engine", help="Who scans a folder into a folder: processes here, or Daft on Ray.")
    ] = Engine.LOCAL,
    cluster: Annotated[
        str | None, typer.Option("--cluster", help="A running Ray cluster (auto, ray://…); default: start one here.")
    ] = None,
    fail_on: Annotated[
        Level | None, typer.Option("--fail-on", help="Exit 1 when a finding has this risk or more.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only errors.")] = False,
) -> None:
    """Find what may infringe, and say why.

    [dim]Examples[/]
      countermark scan listings.csv --rights rights.yaml -o findings.parquet
      zcat feed.xml.gz | countermark scan - --format merchant_xml --rights rights.yaml > findings.jsonl
      countermark scan days/2026-11-01/ --rights rights.yaml --market days/2026-10-31/ -o findings/
      countermark scan pages/ --rights rights.yaml --marketplace Bazaar -o findings.jsonl --rejects bad.jsonl
    """
    talk = Talk(quiet=quiet)
    into_folder = is_folder(output)
    if output != "-" and not into_folder and Path(output).suffix not in (".parquet", ".jsonl"):
        talk.error(f"{output}: findings are written as .parquet or .jsonl, or into a folder. Choose one ending.")
        raise typer.Exit(USAGE)
    if engine is not Engine.LOCAL and not into_folder:
        talk.error(f"--engine {engine} reads a folder of Parquet and writes one: give -o a folder, as findings/.")
        raise typer.Exit(USAGE)
    defaults = Defaults(marketplace=marketplace, captured_at=_utc(captured_at), language=language)
    _check_stores(listings, images, no_images=no_images, into_folder=into_folder, talk=talk)
    _spare_inputs(listings, (rights, policy, market, rates, embeddings), (Path(output), rejects, market_out), talk)
    asked = Asked(
        rights, policy, market, market_out, rates, logos, defaults, workers, words and not no_images, embeddings
    )
    plan = prepare(asked, talk)
    looked_at = None if no_images else FolderImages(images or _folder_of(listings))
    if into_folder:
        target = Target(listings, output, engine, cluster, workers, defaults, rejects)
        found = scan_into_folder(plan, looked_at, target, talk, as_json=as_json).by_level
        raise typer.Exit(FOUND if fail_on and _reaches(found, fail_on) else OK)
    summary = Summary(
        engine_version=ENGINE_VERSION,
        policy_hash=plan.policy.digest,
        reference_hash=plan.reference_hash,
        words_in_pictures_read=plan.reading is not None,
        output=output,
    )
    try:
        journal = _journal(output, listings, plan, defaults, looked_at, listing_format)
        pieces = read_listings(listings if len(listings) > 1 else listings[0], format=listing_format, defaults=defaults)
        skip = journal.batches_done if journal else 0
        with talk.progress("Scanning", None) as advance, Reading(pieces, rejects, advance, skip) as reading:
            _scan_to(output, plan, reading, looked_at, journal, workers, summary)
    except JournalMismatch as error:
        talk.error(str(error))
        raise typer.Exit(INPUT) from error
    except WorkerLost as error:
        talk.error(f"{error} What was done is kept: run the same command again to go on after it is mended.")
        raise typer.Exit(INTERRUPTED) from error
    except KeyboardInterrupt:
        talk.error(_interrupted(output))
        raise typer.Exit(INTERRUPTED) from None
    summary.rows_with_problems = reading.total
    say_currencies(talk, plan, reading.currencies)
    _tell(talk, summary, reading, rejects, as_json=as_json)
    raise typer.Exit(FOUND if fail_on and _reaches(summary.by_level, fail_on) else OK)


def _check_stores(listings: list[str], images: Path | None, *, no_images: bool, into_folder: bool, talk: Talk) -> None:
    """Leave with a sentence where listings lie in a store and something asked needs them on this machine."""
    if not any(map(is_remote, listings)):
        return
    if not into_folder:
        talk.error(
            "Listings in a store are scanned into a folder: give -o a folder, as findings/ or s3://bucket/findings."
        )
        raise typer.Exit(USAGE)
    if images is None and not no_images:
        talk.error("Pictures are not read from a store. Give --images a folder that holds them, or --no-images.")
        raise typer.Exit(USAGE)


def _spare_inputs(listings: list[str], read: Iterable[Path | None], written: Iterable[Path | None], talk: Talk) -> None:
    """Leave with a sentence where something would be written over what is read."""
    files = expand_sources([one for one in listings if one != "-" and not is_remote(one)])
    kept = {path.resolve() for path in (*files, *read) if path is not None}
    for path in written:
        if path is not None and path.resolve() in kept:
            talk.error(f"{path.name} is read by this scan and would be written over. Choose another name.")
            raise typer.Exit(USAGE)


def _scan_to(
    output: str,
    plan: ScanPlan,
    reading: Reading,
    images: ImageSource | None,
    journal: Journal | None,
    workers: int,
    summary: Summary,
) -> None:
    tally = ScanTally()
    if journal is not None:
        reading.note(journal.problems())
    answers = reading.told(scan_batches(plan, reading, images, workers=workers, tally=tally))
    if journal is None:
        with FindingWriter(output) as writer:
            for findings in answers:
                writer.write_batch(_counted(findings, summary))
    else:
        summary.resumed_after_batches = journal.batches_done
        for _ in journal.keep(answers):
            pass
        with FindingWriter(output) as writer:
            for findings in journal.findings():
                writer.write_batch(_counted(findings, summary))
        journal.close()
    summary.listings = tally.listings
    summary.batches_run_again = tally.retried


def _counted(findings: pa.RecordBatch, summary: Summary) -> pa.RecordBatch:
    summary.findings += findings.num_rows
    for column, counts in (("level", summary.by_level), ("kind", summary.by_kind), ("brand", summary.by_brand)):
        for entry in findings.column(column).value_counts().to_pylist():
            counts[entry["values"]] = counts.get(entry["values"], 0) + entry["counts"]
    return findings


def _journal(
    output: str,
    listings: list[str],
    plan: ScanPlan,
    defaults: Defaults,
    images: ImageSource | None,
    listing_format: ListingFormat | None,
) -> Journal | None:
    """A journal when the scan can be taken up again: output in a file, listings in files that can be told apart."""
    if output == "-" or "-" in listings:
        return None
    facts = hashlib.sha256()
    for part in (
        ENGINE_VERSION,
        plan.policy.digest,
        plan.reference_hash,
        repr(defaults),
        repr(images),
        repr(listing_format),
    ):
        facts.update(part.encode() + b"\0")
    for path in expand_sources(listings):
        stat = path.stat()
        facts.update(f"{path.resolve()}\0{stat.st_size}\0{stat.st_mtime_ns}\0".encode())
    return Journal.open(Path(output), facts.hexdigest())


def _tell(talk: Talk, summary: Summary, reading: Reading, rejects: Path | None, *, as_json: bool) -> None:
    if reading.total:
        talk.say(f"{reading.total:,} problems in the listings; every other row was scanned:")
        talk.problems(reading.held, reading.total, rejects.name if rejects else "")
    levels = ", ".join(f"{summary.by_level[level]:,} {level}" for level in Level if level in summary.by_level)
    talk.say(f"{summary.listings:,} listings, {summary.findings:,} findings{f' ({levels})' if levels else ''}.")
    if not summary.words_in_pictures_read:
        talk.say("Words in pictures were not read (--reading reads them).")
    if as_json:
        # With findings on stdout the summary would be mixed into the data.
        stream = sys.stderr if summary.output == "-" else sys.stdout
        stream.write(to_json(summary).decode() + "\n")


def _utc(when: datetime | None) -> datetime | None:
    from datetime import UTC

    return when.replace(tzinfo=UTC) if when else None


def _folder_of(listings: list[str]) -> Path:
    first = next((path for path in expand_sources([s for s in listings if s != "-"])), None)
    return first.parent if first else Path()


def _interrupted(output: str) -> str:
    if output == "-":
        return "Interrupted. What was printed so far is whole lines, but not the whole scan."
    return f"Interrupted. What was done is kept in {Path(output).name}.partial; run the same command to go on."


def _reaches(by_level: dict[str, int], limit: Level) -> bool:
    order = list(Level)
    return any(by_level.get(level, 0) for level in order[: order.index(limit) + 1])
