"""All regimes that ship, and which of them a matter falls under."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from countermark.law.counting import CountingRule
from countermark.law.counting_rules import shipped_counting_rules
from countermark.law.regime import Regime, read_regime
from countermark.law.regime_file import Channel, Subject
from countermark.law.rule import Rule
from countermark.law.territories import MEMBER_STATES
from countermark.model import InvalidRecord, RightKind

SHIPPED = Path(__file__).with_name("regimes")


@dataclass(frozen=True, slots=True)
class Lawbook:
    """Regimes by id."""

    regimes: dict[str, Regime]
    counting: dict[str, CountingRule]

    def regime(self, regime_id: str) -> Regime:
        """The regime of that id.

        Raises:
            InvalidRecord: there is none.
        """
        found = self.regimes.get(regime_id)
        if found is None:
            raise InvalidRecord("regime", f"{regime_id[:60]!r} is unknown.", f"There are: {', '.join(self.regimes)}.")
        return found

    @property
    def platforms(self) -> dict[str, str]:
        """Platforms that have a programme of their own here: id to name."""
        return {one: name for regime in self.regimes.values() for one, name in regime.file.applies.names.items()}

    def rule(self, name: str, day: date) -> tuple[Regime, Rule]:
        """The rule `regime/rule` that is in force on a day.

        Raises:
            InvalidRecord: there is none.
        """
        regime_id, _, rule_id = name.partition("/")
        regime = self.regime(regime_id)
        return regime, regime.rule(rule_id, day)

    def resolve(
        self,
        *,
        country: str,
        kind: RightKind,
        subject: Subject,
        day: date,
        channel: Channel = Channel.STATUTORY,
        platform: str = "",
    ) -> Regime:
        """The regime that a matter falls under.

        Args:
            country: where the offer is made, ISO 3166-1 alpha-2.
            kind: of the right.
            subject: goods or content, a domain, a border, a trader.
            day: on which it happens.
            channel: by law, or by the programme of a platform.
            platform: its name, for the platform channel; the general programme when it has none of its own.

        Raises:
            InvalidRecord: no regime, with what to do instead.
        """
        fits = [
            regime
            for regime in self.regimes.values()
            if regime.is_in_force(day)
            and regime.file.applies.channel is channel
            and subject in regime.file.applies.subjects
            and kind in regime.file.applies.kinds
            and _covers(regime, country)
        ]
        if channel is Channel.PLATFORM:
            named = [one for one in fits if platform in one.file.applies.platforms]
            fits = named or [one for one in fits if "*" in one.file.applies.platforms]
        closest = [one for one in fits if "*" not in one.file.applies.countries] or fits
        if len(closest) == 1:
            return closest[0]
        raise _unresolved(country, kind, subject, day, closest)


def _covers(regime: Regime, country: str) -> bool:
    countries = regime.file.applies.countries
    return "*" in countries or country in countries or ("EU" in countries and country in MEMBER_STATES)


def _unresolved(country: str, kind: RightKind, subject: Subject, day: date, found: list[Regime]) -> InvalidRecord:
    what = f"{kind} in {subject} in {country[:10]} on {day.isoformat()}"
    if found:
        ids = ", ".join(one.id for one in found)
        return InvalidRecord("regime", f"{what} falls under {ids}.", "Say which one.")
    return InvalidRecord(
        "regime", f"no law that this catalogue knows gives a notice procedure for {what}.", "Use the platform channel."
    )


def read_lawbook(files: Iterable[Path]) -> Lawbook:
    """Load regimes from files.

    Raises:
        InvalidRecord: one of them does not hold together, or an id stands twice.
        OSError: a file cannot be read.
    """
    counting = shipped_counting_rules()
    regimes: dict[str, Regime] = {}
    for path in files:
        regime = read_regime(path.read_bytes(), path.name, counting)
        if regime.id in regimes:
            raise InvalidRecord(path.name, f"the regime {regime.id} stands twice.", "Keep one.")
        regimes[regime.id] = regime
    return Lawbook(regimes=regimes, counting=counting)


@cache
def shipped_lawbook() -> Lawbook:
    """The regimes that come with this version, by id."""
    return read_lawbook(sorted(SHIPPED.glob("*.yaml")))
