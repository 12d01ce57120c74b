"""`countermark law`: which rules there are, where they stand, and until when something must be done."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
import typer

from countermark.cli.exits import FOUND, INPUT
from countermark.cli.talk import Talk
from countermark.model import InvalidRecord
from countermark.model.decoding import decode

if TYPE_CHECKING:
    from countermark.law import ByHand, Counted, Due, Regime, Rule

app = typer.Typer(
    help="Regimes, rules and deadlines, with their sources. A catalogue, not legal advice.", no_args_is_help=True
)

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
#: Larger than any file of rules or batch of statements.
_LARGEST = 16 * 1024 * 1024


@app.command("list")
def list_regimes(as_json: AsJson = False) -> None:
    """List the regimes, with their version and how many rules are confirmed."""
    from countermark.law import shipped_lawbook

    rows = [_regime_row(regime) for regime in shipped_lawbook().regimes.values()]
    if as_json:
        typer.echo(_json(rows))
        return
    for row in rows:
        typer.echo(f"{row['id']:18} {row['title']}")
        typer.echo(f"{'':18} {row['rules']} rules, {row['confirmed']} confirmed; version {row['version'][:12]}")


def _regime_row(regime: "Regime") -> dict[str, Any]:
    rules = regime.file.rules
    return {
        "id": regime.id,
        "title": regime.file.title,
        "valid_from": regime.file.valid_from,
        "valid_to": regime.file.valid_to,
        "rules": len(rules),
        "confirmed": sum(rule.tag.is_confirmed for rule in rules),
        "version": regime.version,
    }


@app.command("show")
def show(
    name: Annotated[str, typer.Argument(help="A regime (`us-dmca`), a rule (`us-dmca/suit`) or a way of counting.")],
    on: Annotated[str, typer.Option("--on", metavar="DATE", help="As in force on a day. [default: today]")] = "",
    as_json: AsJson = False,
) -> None:
    """Show a rule with its sources, or what a regime holds.

    [dim]Example[/]  countermark law show cn-goods/wait
    """
    from countermark.law import shipped_lawbook

    book, day = shipped_lawbook(), _day(on)
    if name in book.counting:
        how = book.counting[name]
        typer.echo(_json({**msgspec.to_builtins(how), "version": how.version}) if as_json else _counting_text(how))
    elif "/" in name:
        regime, rule = book.rule(name, day)
        typer.echo(_json(_rule_row(regime, rule)) if as_json else _rule_text(regime, rule))
    else:
        regime = book.regime(name)
        rows = [rule for rule in regime.file.rules if rule.is_in_force(day)]
        typer.echo(_json([_rule_row(regime, rule) for rule in rows]) if as_json else _regime_text(regime, rows))


def _rule_row(regime: "Regime", rule: "Rule") -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(rule)
    return {**found, "id": f"{regime.id}/{rule.id}", "tag": rule.tag, "version": rule.version}


def _rule_text(regime: "Regime", rule: "Rule") -> str:
    lines = [f"{regime.id}/{rule.id}  {rule.title}", f"  {rule.says}"]
    if rule.who:
        lines.append(f"  Who: {regime.file.actors[rule.who]}.")
    if rule.time:
        lines.append(f"  Time: {_time_words(rule)}.")
    lines += [f"  Source: {source.norm} [{source.tag.value}: {source.tag.words}]" for source in rule.sources]
    lines.append(f"  Basis: {rule.basis}. In force: {_in_force(regime, rule)}.")
    if not rule.tag.is_confirmed:
        lines.append("  Not confirmed: nothing acts on it by itself until a named reviewer signs this version.")
    lines.append(f"  Version: {rule.version}")
    return "\n".join(lines)


def _time_words(rule: "Rule") -> str:
    assert rule.time is not None
    words = f"{rule.time.period}, counted by {rule.time.count}"
    if rule.time.earliest:
        words = f"not before {rule.time.earliest} and not after {words}"
    if rule.time.runs_from:
        words += f", from the {rule.time.runs_from}"
    return words + (f" (reading: {rule.time.reading})" if rule.time.reading else "")


def _in_force(regime: "Regime", rule: "Rule") -> str:
    begin = rule.valid_from or regime.file.valid_from
    end = rule.valid_to or regime.file.valid_to
    return f"from {begin.isoformat()}" + (f" to {end.isoformat()}" if end else "")


def _regime_text(regime: "Regime", rules: list["Rule"]) -> str:
    head = [f"{regime.id}  {regime.file.title}", f"  {regime.file.summary}", f"  Version: {regime.version}", ""]
    return "\n".join([*head, *(f"{regime.id}/{rule.id:28} [{rule.tag.value}] {rule.title}" for rule in rules)])


def _counting_text(how: Any) -> str:
    lines = [f"{how.id}  {how.title}", f"  {how.says}"]
    lines += [f"  Source: {source.norm} [{source.tag.value}: {source.tag.words}]" for source in how.sources]
    return "\n".join([*lines, f"  Version: {how.version}"])


@app.command("count")
def count(
    name: Annotated[str, typer.Argument(help="A rule (`cn-goods/wait`), or a way of counting with --period.")],
    start: Annotated[str, typer.Option("--from", metavar="DATE", help="Day of the event; it is not counted itself.")],
    place: Annotated[
        str, typer.Option("--place", help="Whose holidays, where the rule leaves it open: FR, DE-BY.")
    ] = "",
    period: Annotated[
        str, typer.Option("--period", help="With a way of counting: `15 days`, `20 working days`, `6 months`.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Count until when something must or may be done, and say each step.

    [dim]Examples[/]  countermark law count cn-goods/wait --from 2026-09-17
              countermark law count EU-WD --period "10 working days" --from 2026-04-01 --place DE
    """
    from countermark.law import count_period, count_rule, shipped_lawbook

    book, day = shipped_lawbook(), _day(start)
    if "/" not in name:
        if not period:
            raise InvalidRecord("--period", f"{name} is a way of counting.", 'Say how long: --period "15 days".')
        counted = count_period(book, name, period, day, place=place)
        typer.echo(_json(counted) if as_json else _counted_text(counted))
        return
    if period:
        raise InvalidRecord("--period", f"{name} is a rule and has a time of its own.", "Leave --period out.")
    found = count_rule(book, name, day, place=place)
    typer.echo(_json({**msgspec.to_builtins(found), "called": found.due.called}) if as_json else _due_text(found))


def _due_text(found: "ByHand") -> str:
    lines = [f"{found.name}  {found.rule.title}", f"  {found.rule.says}", ""]
    lines += [found.note, ""] if found.note else []
    lines += _one_due(found.due)
    if found.other_reading:
        lines += ["", "The same norm can be read another way; nothing acts on this one:"]
        lines += _one_due(found.other_reading)
    lines += ["", *(f"Source: {source.norm} [{source.tag.value}: {source.tag.words}]" for source in found.rule.sources)]
    if found.unconfirmed:
        names = " and ".join(found.unconfirmed)
        lines.append(f"Not confirmed: {names}. No machine acts on it until a named reviewer has signed each.")
    return "\n".join(lines)


def _one_due(due: "Due") -> list[str]:
    from countermark.law import Deadline

    if isinstance(due, Deadline):
        reading = f" ({due.reading})" if due.reading else ""
        window = f"{due.first.isoformat()} to " if due.first else ""
        where = due.zone or "the time zone of the case"
        lines = [f"{due.called}: {window}{due.last.isoformat()}, until 24:00 in {where}{reading}"]
        return [*lines, *([_counted_text(due.opens)] if due.opens else []), _counted_text(due.counted)]
    if due.counted is None:
        return [f"The norm says “{due.promise}” and gives no number; no service target is set."]
    lines = [f"The norm says “{due.promise}” and gives no number. No legal deadline."]
    return [*lines, f"{due.called}: {due.counted.last.isoformat()}", _counted_text(due.counted)]


def _counted_text(counted: "Counted") -> str:
    head = f"{counted.period} by {counted.rule} ({counted.calendar}): {counted.last.isoformat()}, {counted.status}"
    return "\n".join([head, *(f"  {line}" for line in counted.in_words().splitlines())])


@app.command("check")
def check(
    files: Annotated[
        list[Path], typer.Argument(help="Regimes, counting, targets, retention (YAML); statements (JSON).")
    ],
) -> None:
    """Check files before they are used. Exit code 1: one does not hold together.

    A JSON file holds a statement of reasons for the DSA Transparency Database, or {"statements": […]}.
    """
    broken = False
    for file in files:
        faults = _faults_of(file)
        broken |= any(blocks for _, blocks in faults)
        for words, blocks in faults:
            typer.echo(f"{'FAULT' if blocks else 'look '}  {file.name}: {words}")
        if not faults:
            typer.echo(f"good   {file.name}")
    if broken:
        raise typer.Exit(FOUND)


def _faults_of(file: Path) -> list[tuple[str, bool]]:
    if file.stat().st_size > _LARGEST:
        Talk().error(f"{file.name} is larger than {_LARGEST:,} bytes.")
        raise typer.Exit(INPUT)
    data = file.read_bytes()
    if file.suffix == ".json":
        return _statement_faults(data)
    try:
        _read_rules(data, file.name)
    except InvalidRecord as error:
        return [(f"{error.message} {error.mend}", True)]
    return []


def _read_rules(data: bytes, name: str) -> None:
    from countermark.law import read_regime, read_targets
    from countermark.law.counting_rules import read_counting_rules
    from countermark.law.retention import read_retention

    if b"countermark-counting/" in data[:2000]:
        read_counting_rules(data, name)
    elif b"countermark-retention/" in data[:2000]:
        read_retention(data, name)
    elif b"countermark-targets/" in data[:2000]:
        read_targets(data, name)
    else:
        read_regime(data, name)


def _statement_faults(data: bytes) -> list[tuple[str, bool]]:
    from countermark.law.statement import doubled, validate

    try:
        content = decode(data, Any)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        return [(f"It is not JSON: {error}.", True)]
    many = content.get("statements") if isinstance(content, dict) else None
    checked = [validate(one) for one in (many if isinstance(many, list) else [content])]
    found = [
        (f"statement {place}, {one.field}: {one.message} {one.mend}", one.blocks)
        for place, each in enumerate(checked, start=1)
        for one in each.faults
    ]
    return found + [(f"{one.field}: {one.message} {one.mend}", True) for one in doubled(checked).values()]


def _day(written: str) -> date:
    if not written:
        return datetime.now(UTC).date()
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise InvalidRecord("date", f"{written[:20]!r} is no day.", "Write it like 2026-11-27.") from error


def _json(value: object) -> str:
    return msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
