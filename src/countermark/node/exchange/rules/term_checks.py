"""Terms that have the right shape and still cannot be meant: every contradiction, with its mend."""

from collections import Counter
from collections.abc import Iterable, Iterator

from countermark.formats.codes import COUNTRIES
from countermark.node.exchange.rules.actions import (
    DEEDS,
    NEEDED_AFTER_END,
    NEEDED_ON_BOTH_SIDES,
    NODE,
    POSSIBLE_AFTER_END,
)
from countermark.node.exchange.rules.fields import FIELDS, NEVER, rank
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.naming import counted, listed, spelled
from countermark.node.exchange.rules.reasons import shown
from countermark.node.exchange.rules.term_parts import ItemTerms, Purpose, Terms
from countermark.node.exchange.rules.territories import EEA
from countermark.node.kernel.errors import FieldProblem
from countermark.node.parties.permissions import Role
from countermark.proof.entries import BESIDE_ONLY, DataClass

#: Law that must be among the bases of each side before personal data of these countries are exchanged.
#: China has no basis of legitimate interest (PIPL Art. 13), so a European article cannot stand in for a Chinese one.
LAWS: tuple[tuple[str, frozenset[str], str], ...] = (
    ("GDPR", EEA, "the European Economic Area"),
    ("PIPL", frozenset({"CN"}), "China"),
)


def contradictions(terms: Terms) -> list[FieldProblem]:
    """Everything in terms that cannot be meant; empty when they can be signed."""
    checks = (_texts, _purposes, _laws, _items, _territories, _retention, _grants, _ways_out, _ending, _onward)
    return [problem for check in checks for problem in check(terms)]


def _problem(field: str, code: str, message: str, mend: str) -> FieldProblem:
    return FieldProblem(field, code, message, mend)


def _texts(terms: Terms) -> Iterator[FieldProblem]:
    """Hidden characters would let a signer read something else than what is signed."""
    for at, purpose in enumerate(terms.purposes):
        texts = {f"purposes[{at}].words": purpose.words}
        for number, basis in enumerate(purpose.bases):
            where = f"purposes[{at}].bases[{number}]"
            texts |= {f"{where}.law": basis.law, f"{where}.article": basis.article, f"{where}.words": basis.words}
        for where, text in texts.items():
            if not text.isprintable() or not text.strip():
                yield _problem(
                    where, "text", "The text is empty or holds hidden characters.", "Type it anew, in one line."
                )


def _doubled(names: Iterable[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if times > 1)


def _purposes(terms: Terms) -> Iterator[FieldProblem]:
    for name in _doubled(purpose.id for purpose in terms.purposes):
        yield _problem("purposes", "twice", f"The purpose {name} is there twice.", "Give each an id of its own.")
    used = {name for item in terms.items.values() for name in item.purposes}
    for at, purpose in enumerate(terms.purposes):
        yield from _bases(f"purposes[{at}].bases", purpose, terms)
        if purpose.id not in used:
            yield _problem(
                f"purposes[{at}]", "unused", f"No kind of item serves the purpose {purpose.id}.", "Remove it or use it."
            )


def _bases(where: str, purpose: Purpose, terms: Terms) -> Iterator[FieldProblem]:
    based = {basis.side for basis in purpose.bases}
    for side in sorted(set(terms.sides) - based):
        message = f"The purpose {purpose.id} names no legal basis of the {spelled(side)}."
        yield _problem(where, "no-legal-basis", message, "Name law and article; without a basis nothing is sent.")
    for side in sorted(based - set(terms.sides)):
        message = f"A {spelled(side)} is no side of this agreement."
        yield _problem(where, "not-a-side", message, "Name bases of the two sides only.")


def _laws(terms: Terms) -> Iterator[FieldProblem]:
    for at, purpose in enumerate(terms.purposes):
        if purpose.up_to not in BESIDE_ONLY or not _carries_personal(terms, purpose):
            continue
        for law, countries, place in LAWS:
            if not countries & set(terms.territories):
                continue
            based = {basis.side for basis in purpose.bases if law in basis.law.upper().split()}
            for side in sorted(set(terms.sides) - based):
                message = (
                    f"Personal data of {place} are exchanged for {purpose.id}; the {spelled(side)} names no {law}."
                )
                mend = f"Add a basis with the law {law}, leave {place} out, or lower the class."
                yield _problem(f"purposes[{at}].bases", "law-missing", message, mend)


def _carries_personal(terms: Terms, purpose: Purpose) -> bool:
    items = (item for item in terms.items.values() if purpose.id in item.purposes)
    return any(data_class in BESIDE_ONLY for item in items for data_class in item.fields.values())


def _items(terms: Terms) -> Iterator[FieldProblem]:
    for kind, item in terms.items.items():
        where = f"items.{kind}"
        for name in item.purposes:
            if terms.purpose(name) is None:
                message = f"There is no purpose {name}."
                yield _problem(f"{where}.purposes", "purpose-unknown", message, "Add the purpose, or name another.")
        for side in item.shared_by:
            if side not in terms.sides:
                message = f"A {spelled(side)} is no side of this agreement."
                yield _problem(f"{where}.shared_by", "not-a-side", message, "Name one or both of the two sides.")
        for name in (*_doubled(item.purposes), *_doubled(item.shared_by)):
            yield _problem(where, "twice", f"{spelled(name)} is there twice.", "Name it once.")
        for field, data_class in item.fields.items():
            yield from _field(kind, item, field, data_class, terms)


def _field(kind: ItemKind, item: ItemTerms, field: str, data_class: DataClass, terms: Terms) -> Iterator[FieldProblem]:
    where, known = f"items.{kind}.fields.{shown(field)}", FIELDS[kind].get(field)
    if known is None:
        why = f"It never leaves a node: {NEVER[field]}." if field in NEVER else "There is no such field."
        yield _problem(where, "secret" if field in NEVER else "field-unknown", why, "Remove it.")
        return
    if rank(data_class) < rank(known.least):
        message = f"The field is at least {known.least} and cannot be declared {data_class}."
        yield _problem(where, "class-too-low", message, f"Write {known.least} or stricter, or leave the field out.")
        return
    ceilings = [purpose.up_to for name in item.purposes if (purpose := terms.purpose(name)) is not None]
    if ceilings and rank(data_class) > max(map(rank, ceilings)):
        message = f"The field is {data_class}, above every purpose of this kind, so it could never be sent."
        yield _problem(where, "class-above-purpose", message, "Raise a purpose, or leave the field out.")
    if data_class not in terms.retention:
        message = f"Nobody says how long {data_class} data are kept."
        yield _problem("retention", "no-retention", message, f"Say how many days {data_class} data are kept.")


def _territories(terms: Terms) -> Iterator[FieldProblem]:
    for at, code in enumerate(terms.territories):
        if code not in COUNTRIES:
            message = f"“{shown(code)}” is no country of ISO 3166-1."
            yield _problem(
                f"territories[{at}]", "not-a-country", message, "Write two capital letters, such as FR or CN."
            )
    for code in _doubled(terms.territories):
        yield _problem("territories", "twice", f"{shown(code)} is there twice.", "Name it once.")


def _retention(terms: Terms) -> Iterator[FieldProblem]:
    """Personal data are kept no longer than what they belong to (GDPR Art. 5(1)(e), PIPL Art. 19)."""
    open_days = [days for data_class, days in terms.retention.items() if data_class not in BESIDE_ONLY]
    for data_class, days in terms.retention.items():
        if data_class in BESIDE_ONLY and open_days and days > max(open_days):
            message = f"{data_class} data would be kept {counted(days, 'day')}, longer than everything they belong to."
            yield _problem(
                f"retention.{data_class}", "kept-too-long", message, f"At most {counted(max(open_days), 'day')}."
            )


def _grants(terms: Terms) -> Iterator[FieldProblem]:
    known = {*map(str, Role), NODE}
    for action, granted in terms.grants.items():
        for side, roles in granted.items():
            where = f"grants.{action}.{side}"
            if side not in terms.sides:
                message = f"A {spelled(side)} is no side of this agreement."
                yield _problem(where, "not-a-side", message, "Grant it to the two sides only.")
            for role in dict.fromkeys(roles):
                if role not in known:
                    yield _problem(where, "role-unknown", f"There is no role “{shown(role)}”.", "Name a role.")
                elif role not in DEEDS[action].roles:
                    message = f"The {spelled(role)} can never {DEEDS[action].words}."
                    mend = f"It can be granted to: {listed(sorted(DEEDS[action].roles))}."
                    yield _problem(where, "role-never", message, mend)


def _ways_out(terms: Terms) -> Iterator[FieldProblem]:
    for action in sorted(NEEDED_ON_BOTH_SIDES):
        for side in sorted(set(terms.sides)):
            if not terms.roles(action, side):
                message = f"No role of the {spelled(side)} may {DEEDS[action].words}."
                yield _problem(f"grants.{action}", "no-way-out", message, "Grant it to at least one role of each side.")


def _ending(terms: Terms) -> Iterator[FieldProblem]:
    for action in terms.ending.after:
        if action not in POSSIBLE_AFTER_END:
            message = f"After the end nobody can {DEEDS[action].words}."
            yield _problem("ending.after", "not-after-end", message, f"Remove {action}.")
    for action in sorted(NEEDED_AFTER_END - set(terms.ending.after)):
        message = f"After the end it must stay possible to {DEEDS[action].words}."
        yield _problem("ending.after", "needed-after-end", message, f"Add {action}.")
    used = {data_class for item in terms.items.values() for data_class in item.fields.values()}
    for data_class in sorted((used & BESIDE_ONLY) - set(terms.ending.deletes), key=rank):
        message = f"{data_class} data are exchanged and not deleted at the end."
        yield _problem("ending.deletes", "not-deleted", message, f"Add {data_class}.")


def _onward(terms: Terms) -> Iterator[FieldProblem]:
    onward = terms.onward
    if bool(onward.kinds) != bool(onward.to):
        message = "Passing on needs both: kinds of items, and kinds of organisations."
        yield _problem("onward", "half", message, "Name both, or neither: then nothing is passed on.")
    if onward.up_to is DataClass.SENSITIVE:
        yield _problem(
            "onward.up_to", "class-too-high", "SENSITIVE data are never passed on.", "Write PERSONAL or less."
        )
    for kind in onward.kinds:
        if kind not in terms.items:
            message = f"{spelled(kind)} is not exchanged under these terms."
            yield _problem("onward.kinds", "kind-not-agreed", message, "Remove it, or agree on the kind.")
