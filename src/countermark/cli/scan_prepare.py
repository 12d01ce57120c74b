"""What `scan` makes ready before it looks at listings: rights, policy, rates, and the market learnt first."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import typer

from countermark.cli.exits import INPUT
from countermark.cli.talk import Talk
from countermark.formats import Defaults, read_listings, read_portfolio
from countermark.judge import load_policy
from countermark.model import Portfolio
from countermark.scan import MarketTable, ScanPlan, learn_market
from countermark.signals.image.embeddings import NetworkSettings, can_embed, read_network_settings
from countermark.signals.image.reading import PictureReading, can_read
from countermark.signals.price import read_rates
from countermark.signals.price.rates import LONGEST_AWAY
from countermark.signals.text import TextSignals


@dataclass(frozen=True)
class Asked:
    """The options of `scan` that decide the reference side."""

    rights: Path
    policy: Path | None
    market: Path | None
    market_out: Path | None
    rates: Path | None
    logos: bool
    defaults: Defaults
    workers: int
    reading: bool = False
    embeddings: Path | None = None


def prepare(asked: Asked, talk: Talk) -> ScanPlan:
    """The plan; tells what was set aside, and leaves with INPUT when nothing can be compared."""
    reading = read_portfolio(asked.rights)
    if reading.problems:
        talk.say(f"{len(reading.problems)} entries of the rights were set aside:")
        talk.problems(reading.problems, len(reading.problems), "")
    if not reading.portfolio.rights:
        talk.error(f"{asked.rights.name} holds no right that can be used. Nothing can be compared.")
        raise typer.Exit(INPUT)
    rates = read_rates(asked.rates) if asked.rates else None
    if rates is not None:
        held = f"Rates of {rates.date.isoformat()} by {rates.source}"
        talk.say(f"{held}; prices seen more than {LONGEST_AWAY} days away are not converted.")
    market = _market(asked, reading.portfolio, talk)
    plan = ScanPlan.prepare(
        reading.portfolio,
        reading.images,
        load_policy(asked.policy),
        market=market,
        rates=rates,
        logos=asked.logos,
        reading=_reading(talk) if asked.reading else None,
        network=_network(asked.embeddings, talk) if asked.embeddings else None,
    )
    for left in plan.image.left_out:
        talk.say(f"Pictures are not compared with {left.uri}: {left.why}.")
    talk.say(f"{len(reading.portfolio.rights)} rights of {len(reading.portfolio.brand_names())} houses are ready.")
    return plan


def _reading(talk: Talk) -> PictureReading | None:
    """What reads words in pictures; None, said once, where its extra is not installed."""
    if can_read():
        return PictureReading()
    talk.say('Words in pictures are not read: install "countermark[pictures]" for that.')
    return None


def _network(file: Path, talk: Talk) -> NetworkSettings:
    if not can_embed():
        talk.error('--embeddings needs an extra. Install "countermark[pictures]".')
        raise typer.Exit(INPUT)
    return read_network_settings(file)


def _market(asked: Asked, portfolio: Portfolio, talk: Talk) -> MarketTable | None:
    if asked.market is None:
        return None
    if asked.market.suffix == ".json":
        table = MarketTable.read(asked.market)
    else:
        table = learn_market(TextSignals(portfolio), _batches(asked), asked.market.name, workers=asked.workers)
    talk.say(
        f"Learnt from {table.listings:,} listings that name a house: {len(table.prices.usual):,} usual prices, "
        f"{len(table.copies.counts):,} titles that one shop offers again and again."
    )
    if asked.market_out is not None:
        table.write(asked.market_out)
    return table


def _batches(asked: Asked) -> Iterator[pa.RecordBatch]:
    # What is wrong with its rows is told when they are scanned; here they only do not count.
    for piece in read_listings(str(asked.market), defaults=asked.defaults):
        yield piece.batch
