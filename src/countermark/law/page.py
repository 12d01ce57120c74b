"""The reference page of rules, written from the data: `python -m countermark.law.page > docs/reference/law.md`."""

import sys
from collections.abc import Iterator, Mapping

from countermark.law.asked import Asked, Ground
from countermark.law.counting import CountingRule
from countermark.law.drafts import PREFLIGHT_CODES
from countermark.law.lawbook import shipped_lawbook
from countermark.law.procedure import Procedure
from countermark.law.refusals import CODES
from countermark.law.regime import Regime
from countermark.law.rule import Rule
from countermark.law.statement.faults import FAULT_CODES
from countermark.law.statement.vocabulary import vocabulary
from countermark.law.tags import Source, Tag
from countermark.law.targets import shipped_targets

_OPENING = """# Law: regimes, rules and deadlines

Written from the files of `src/countermark/law/` by `python -m countermark.law.page`; a test compares. A catalogue, not
legal advice: a lawyer confirms each rule before it drives an automatic act.

`countermark law list`, `law show RULE`, `law count RULE --from DATE` and `law check FILE` read the same data. A rule is
named `regime/rule`; its name never holds the number of an article, because articles are renumbered and rules are not. A
version is the SHA-256 of what a file or rule says; a case pins the version of its regime, and only an explicit
migration moves it to another.

## How well a source is known
| Tag | Meaning | May a machine act on it |
|---|---|---|"""

_KINDS = """
A rule is as well known as the worst of its sources. A rule or a way of counting that is not confirmed triggers nothing
by itself until a named reviewer has signed its very version.

## Deadlines and service targets
A **deadline** binds, by statute or by the terms of a platform. A **service target** is what an organisation sets itself
where the norm says "timely" or "without undue delay"; it binds nobody, and no report calls it a legal deadline. Targets
stand in `targets.yaml`; replace them by your own. A date is **provisional** while the calendar of a year is not
published: it is shown with an alert, and no machine acts on it."""


def page() -> str:
    """The whole page, with a line break at the end."""
    book = shipped_lawbook()
    lines = [_OPENING]
    lines += [f"| {tag.value} | {tag.words} | {'yes' if tag.is_confirmed else 'after a signature'} |" for tag in Tag]
    lines += [_KINDS, "", "## Ways of counting"]
    for how in book.counting.values():
        lines += _counting(how)
    for regime in book.regimes.values():
        lines += _regime(regime)
    lines += ["", "## Statement of reasons (DSA Transparency Database)", *_statement()]
    lines += ["", "## Why a step is refused", *_codes(CODES)]
    lines += ["", "## Why a notice is not ready", *_codes(PREFLIGHT_CODES)]
    return "\n".join(lines) + "\n"


def _codes(codes: Mapping[str, str]) -> Iterator[str]:
    yield "| Code | Meaning |\n|---|---|"
    yield from (f"| `{code}` | {words} |" for code, words in sorted(codes.items()))


def _counting(how: CountingRule) -> Iterator[str]:
    yield f"\n### {how.id}\n**{how.title}.** {how.says}\n\nSource: {_norms(how.sources)}."


def _norms(sources: tuple[Source, ...]) -> str:
    return "; ".join(str(source) for source in sources)


def _regime(regime: Regime) -> Iterator[str]:
    file = regime.file
    applies = file.applies
    yield f"\n## {file.title} ({file.id})\n{file.summary}\n"
    where = f"{', '.join(applies.subjects)} in {', '.join(applies.countries)}"
    zone = f"days are those of {file.zone}" if file.zone else "the case says the time zone"
    kinds = f"rights: {', '.join(applies.kinds)}"
    yield f"For {where}; {kinds}; channel: {applies.channel}; in force from {file.valid_from}; {zone}."
    yield f"Source: {_norms(file.sources)}."
    if file.procedure:
        yield from _procedure(file.procedure)
    yield from _asked(file.asked)
    for rule in file.rules:
        yield from _rule(regime, rule)


def _procedure(procedure: Procedure) -> Iterator[str]:
    yield "\n| State | Meaning | What can happen |\n|---|---|---|"
    for state in procedure.states:
        moves = [
            move.event for move in procedure.moves if state.id in move.leaving or _always(move.leaving, state.closed)
        ]
        events = ", ".join(f"`{event}`" for event in moves) or "closed"
        yield f"| `{state.id}` | {state.says} | {events} |"


def _always(leaving: tuple[str, ...], closed: bool) -> bool:  # noqa: FBT001
    return "*" in leaving and not closed


def _asked(asked: Asked) -> Iterator[str]:
    if asked.fields:
        yield "\n| Field | Of | Needed | Source |\n|---|---|---|---|"
    for one in asked.fields:
        needed = "yes" if one.needed else "allowed"
        limit = f", at most {one.longest} characters" if one.longest else ""
        yield f"| `{one.id}`: {one.title} | {', '.join(one.of)} | {needed}{limit} | {_norms(one.sources)} |"
    if asked.grounds:
        yield "\n| Reason | Rights | Evidence |\n|---|---|---|"
    for ground in asked.grounds:
        yield f"| `{ground.id}`: {ground.title} | {', '.join(ground.kinds)} | {_evidence(ground)} |"
    for sentence in asked.declarations:
        papers = ", ".join(sentence.of)
        yield f"\nTo be signed (`{sentence.id}`, {papers}): “{sentence.text}” {_norms(sentence.sources)}."


def _evidence(ground: Ground) -> str:
    return " and ".join(" or ".join(demand) for demand in ground.evidence) or "none named"


def _rule(regime: Regime, rule: Rule) -> Iterator[str]:
    span = f", to {rule.valid_to}" if rule.valid_to else f", from {rule.valid_from}" if rule.valid_from else ""
    yield f"\n### {regime.id}/{rule.id}{span}\n**{rule.title}.** {rule.says}\n"
    if rule.who:
        yield f"Who: {regime.file.actors[rule.who]}. "
    if rule.time:
        yield f"Time: {_time(regime, rule)}. "
    yield f"Basis: {rule.basis}. Source: {_norms(rule.sources)}."


def _time(regime: Regime, rule: Rule) -> str:
    assert rule.time is not None
    time = rule.time
    if time.is_qualitative:
        target = shipped_targets().get(f"{regime.id}/{rule.id}", "none")
        return f"“{time.period}”, no number; service target: {target.partition(': ')[2]} ({target.partition(': ')[0]})"
    words = f"{time.period}, counted by {time.count}"
    words = f"not before {time.earliest} and not after {words}" if time.earliest else words
    words += f", from the {time.runs_from}" if time.runs_from else ""
    return words + (f"; reading: {time.reading}" if time.reading else "")


def _statement() -> Iterator[str]:
    words = vocabulary()
    yield "What is checked before a statement is sent, because nothing can be taken back.\n"
    yield "| Field | Values |\n|---|---|"
    for field, values in sorted(words.values.items()):
        yield f"| `{field}` | {', '.join(f'`{one}`' for one in sorted(values))} |"
    yield "\n| Category | Keywords |\n|---|---|"
    for category, keywords in words.categories.items():
        yield f"| `{category}` | {', '.join(f'`{one}`' for one in sorted(keywords))} |"
    countries = ", ".join(sorted(words.countries))
    yield f"\nTerritorial scope: {countries} (Greece is GR). Languages: ISO 639-1 in capitals.\n"
    yield from _codes(FAULT_CODES)


if __name__ == "__main__":
    sys.stdout.write(page())
