"""Terms in plain sentences: to be read before signing, and what an amendment would change."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from countermark.node.exchange.rules.actions import DEEDS, Action
from countermark.node.exchange.rules.fields import CLASSES, FIELDS
from countermark.node.exchange.rules.kinds import ItemKind
from countermark.node.exchange.rules.naming import counted, listed, spelled
from countermark.node.exchange.rules.term_parts import ItemTerms, LegalBasis, Onward, Purpose, Terms
from countermark.node.parties.kinds import OrganisationKind

Key = TypeVar("Key")
Part = TypeVar("Part")

#: Said when two versions differ in nothing that a person would call a change.
ORDER_ONLY = "Only the order of lists changes."


@dataclass(frozen=True, slots=True)
class Section:
    """A group of sentences under one title."""

    title: str
    sentences: tuple[str, ...]


# --- reading --------------------------------------------------------------------------------------------------------


def in_words(terms: Terms) -> tuple[Section, ...]:
    """An agreement as a person reads it before signing: everything that it allows, and what nobody is allowed."""
    sections = {
        "What for": (_purpose_words(purpose) for purpose in terms.purposes),
        "What is exchanged": (_item_words(kind, item) for kind, item in terms.items.items()),
        "Which fields": _field_words(terms),
        "Where": [
            f"Items are exchanged only if they concern {listed(sorted(terms.territories))}, and no other country."
        ],
        "How long": _retention_words(terms),
        "Who may do what": _grant_words(terms),
        "How fast": _time_words(terms),
        "How it ends": _ending_words(terms),
        "Passing on": [_onward_words(terms.onward)],
    }
    return tuple(Section(title, tuple(sentences)) for title, sentences in sections.items())


def _purpose_words(purpose: Purpose) -> str:
    bases = "; ".join(_basis_words(basis) for basis in purpose.bases)
    return f"{purpose.id}: {_ended(purpose.words)} Data up to {purpose.up_to}. Legal bases: {_ended(bases)}"


def _basis_words(basis: LegalBasis) -> str:
    return f"the {spelled(basis.side)} under {basis.law}, {basis.article}: {basis.words.removesuffix('.')}"


def _ended(words: str) -> str:
    return words if words.endswith((".", "!", "?", "。")) else f"{words}."


def _item_words(kind: ItemKind, item: ItemTerms) -> str:
    return f"{_named(kind)} may come from the {listed(item.shared_by, 'or the')}, for {listed(item.purposes, 'or')}."


def _named(kind: ItemKind) -> str:
    return f"Items of the kind “{spelled(kind)}”"


def _field_words(terms: Terms) -> Iterator[str]:
    for kind, item in terms.items.items():
        for data_class in CLASSES:
            names = [name for name in FIELDS[kind] if item.fields.get(name) is data_class]
            if names:
                words = "; ".join(FIELDS[kind][name].words for name in names)
                yield f"Of “{spelled(kind)}”, as {data_class}: {words}."
    yield "A field that is not named here is never sent."


def _retention_words(terms: Terms) -> Iterator[str]:
    for data_class in CLASSES:
        if data_class in terms.retention:
            yield f"{data_class} data are kept at most {counted(terms.retention[data_class], 'day')}."
        else:
            yield f"{data_class} data are not exchanged."


def _grant_words(terms: Terms) -> Iterator[str]:
    for action in Action:
        for side in dict.fromkeys(terms.sides):
            roles = terms.roles(action, side)
            if roles:
                yield f"At the {spelled(side)}, {listed(roles)} may {DEEDS[action].words}."
        if not any(terms.roles(action, side) for side in terms.sides):
            yield f"Nobody may {DEEDS[action].words}."


def _time_words(terms: Terms) -> Iterator[str]:
    times = terms.times
    yield f"Each side signs a receipt within {counted(times.receipt_hours, 'hour')}."
    yield f"Notices are answered within {counted(times.answer_hours, 'hour')}, or sooner where a law says so."
    yield f"Each log gets a checkpoint at least every {counted(times.checkpoint_minutes, 'minute')}."


def _ending_words(terms: Terms) -> Iterator[str]:
    ending = terms.ending
    yield f"Either side can end it with {counted(ending.notice_days, 'day')} of notice, and suspend it at once."
    if ending.deletes:
        within = counted(ending.delete_days, "day")
        yield f"{listed(ending.deletes)} data are deleted within {within} after the end, and the deletion is confirmed."
    else:
        yield "Nothing is deleted at the end before its time."
    yield f"After the end it stays possible to {'; to '.join(DEEDS[action].words for action in ending.after)}."


def _onward_words(onward: Onward) -> str:
    if not onward.kinds or not onward.to:
        return "Nothing is passed on to a third organisation."
    kinds = listed(f"“{spelled(kind)}”" for kind in onward.kinds)
    return f"Items of the kinds {kinds} may be passed on to a {listed(onward.to, 'or a')}, up to {onward.up_to} data."


# --- comparing ------------------------------------------------------------------------------------------------------


def changes(old: Terms, new: Terms) -> list[str]:
    """What an amendment changes, one sentence each; empty when it changes nothing.

    Args:
        old: as they stand.
        new: as offered.
    """
    compared: tuple[Callable[[Terms, Terms], Iterator[str]], ...] = (
        _sides, _purposes, _items, _territories, _retention, _grants, _times, _ending, _onward,
    )  # fmt: skip
    said = [sentence for compare in compared for sentence in compare(old, new)]
    return said or ([ORDER_ONLY] if old != new else [])


def _sides(old: Terms, new: Terms) -> Iterator[str]:
    if set(old.sides) != set(new.sides):
        yield f"The sides become {listed(new.sides)} instead of {listed(old.sides)}."


def _purposes(old: Terms, new: Terms) -> Iterator[str]:
    before, after = ({purpose.id: purpose for purpose in terms.purposes} for terms in (old, new))
    yield from (f"The purpose {name} is added: {_ended(after[name].words)}" for name in after if name not in before)
    yield from (f"The purpose {name} is removed." for name in before if name not in after)
    for name, was, now in _both(before, after):
        if was.words != now.words:
            yield f"The purpose {name} now reads: {_ended(now.words)}"
        if was.up_to != now.up_to:
            yield f"For {name}, data up to {now.up_to} may be exchanged instead of up to {was.up_to}."
        yield from _bases(name, was, now)


def _bases(name: str, was: Purpose, now: Purpose) -> Iterator[str]:
    added = [basis for basis in now.bases if basis not in was.bases]
    removed = [basis for basis in was.bases if basis not in now.bases]
    yield from (f"For {name}, a legal basis is added: {_ended(_basis_words(basis))}" for basis in added)
    yield from (f"For {name}, a legal basis is removed: {_ended(_basis_words(basis))}" for basis in removed)


def _items(old: Terms, new: Terms) -> Iterator[str]:
    yield from (f"New: {_item_words(kind, new.items[kind])}" for kind in new.items if kind not in old.items)
    yield from (f"{_named(kind)} are no longer exchanged." for kind in old.items if kind not in new.items)
    for kind, was, now in _both(old.items, new.items):
        yield from _set_changes(_named(kind), "be exchanged", "for", was.purposes, now.purposes)
        yield from _set_changes(_named(kind), "come", "from the", was.shared_by, now.shared_by)
        yield from _fields(kind, was, now)


def _set_changes(what: str, deed: str, link: str, was: Iterable[str], now: Iterable[str]) -> Iterator[str]:
    added, removed = sorted(set(now) - set(was)), sorted(set(was) - set(now))
    if added:
        yield f"{what} may also {deed} {link} {listed(added)}."
    if removed:
        yield f"{what} may no longer {deed} {link} {listed(removed)}."


def _fields(kind: ItemKind, was: ItemTerms, now: ItemTerms) -> Iterator[str]:
    for name in FIELDS[kind]:
        before, after = was.fields.get(name), now.fields.get(name)
        field = f"“{FIELDS[kind][name].words}” of “{spelled(kind)}”"
        if before is None and after is not None:
            yield f"The field {field} is sent from now on, as {after}."
        elif after is None and before is not None:
            yield f"The field {field} is no longer sent."
        elif before != after:
            yield f"The field {field} becomes {after} instead of {before}."


def _territories(old: Terms, new: Terms) -> Iterator[str]:
    added, removed = set(new.territories) - set(old.territories), set(old.territories) - set(new.territories)
    if added:
        yield f"It also covers {listed(sorted(added))}."
    if removed:
        yield f"It no longer covers {listed(sorted(removed))}."


def _retention(old: Terms, new: Terms) -> Iterator[str]:
    for data_class in CLASSES:
        was, now = old.retention.get(data_class), new.retention.get(data_class)
        if was is None and now is not None:
            yield f"{data_class} data may be exchanged, and are kept {counted(now, 'day')}."
        elif now is None and was is not None:
            yield f"{data_class} data are no longer exchanged."
        elif was is not None and now is not None:
            yield from _number(f"Retention of {data_class} data", was, now, "day")


def _number(what: str, was: int, now: int, unit: str) -> Iterator[str]:
    if was != now:
        yield f"{what} {'rises' if now > was else 'falls'} from {was:,} to {counted(now, unit)}."


def _grants(old: Terms, new: Terms) -> Iterator[str]:
    for action in Action:
        for side in OrganisationKind:
            was, now = set(old.roles(action, side)), set(new.roles(action, side))
            if now - was:
                yield f"At the {spelled(side)}, {listed(sorted(now - was))} may now {DEEDS[action].words}."
            if was - now:
                yield f"At the {spelled(side)}, {listed(sorted(was - now))} may no longer {DEEDS[action].words}."


def _times(old: Terms, new: Terms) -> Iterator[str]:
    was, now = old.times, new.times
    yield from _number("Time for a receipt", was.receipt_hours, now.receipt_hours, "hour")
    yield from _number("Time for an answer", was.answer_hours, now.answer_hours, "hour")
    yield from _number("Time between two checkpoints", was.checkpoint_minutes, now.checkpoint_minutes, "minute")


def _ending(old: Terms, new: Terms) -> Iterator[str]:
    was, now = old.ending, new.ending
    yield from _number("Notice before the end", was.notice_days, now.notice_days, "day")
    yield from _number("Time for deletion after the end", was.delete_days, now.delete_days, "day")
    for data_class in CLASSES:
        if (data_class in was.deletes) != (data_class in now.deletes):
            kept = "are deleted" if data_class in now.deletes else "are no longer deleted"
            yield f"At the end, {data_class} data {kept}."
    for action in Action:
        if (action in was.after) != (action in now.after):
            possible = "it stays possible" if action in now.after else "it is no longer possible"
            yield f"After the end {possible} to {DEEDS[action].words}."


def _onward(old: Terms, new: Terms) -> Iterator[str]:
    was, now = old.onward, new.onward
    if (set(was.kinds), set(was.to), was.up_to) == (set(now.kinds), set(now.to), now.up_to):
        return
    if _onward_words(was) != _onward_words(now):
        yield f"Passing on changes. {_onward_words(now)}"
    else:
        yield "What is said of passing on changes; still nothing is passed on."


def _both(before: Mapping[Key, Part], after: Mapping[Key, Part]) -> Iterator[tuple[Key, Part, Part]]:
    return ((key, before[key], after[key]) for key in before if key in after)
