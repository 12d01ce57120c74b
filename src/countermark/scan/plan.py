"""The scan itself: a pure function from a batch of listings to findings."""

import hashlib
from dataclasses import dataclass
from typing import Self

import pyarrow as pa

from countermark.formats.arrow import findings_to_batch, listing_at
from countermark.judge import Judge, Policy
from countermark.model import Finding, ImageSource, Portfolio, Signal, SignalSpec
from countermark.scan.market import MarketTable
from countermark.scan.pictures import beside
from countermark.scan.pointers import houses_in
from countermark.scan.reading import place, words_of
from countermark.signals import image, price, seller, text
from countermark.signals.image import Unreadable
from countermark.signals.image.embeddings import EmbeddingStage, NetworkSettings
from countermark.signals.image.reading import PictureReading
from countermark.signals.price import Rates
from countermark.signals.text import WordingSignals


def all_specs() -> tuple[SignalSpec, ...]:
    """Every signal this engine can measure, family by family: what it means and how it can be wrong."""
    return (*text.SPECS, *image.SPECS, *price.SPECS, *seller.SPECS)


@dataclass(frozen=True)
class ScanPlan:
    """The reference side, made ready once and sent to every worker; listings stream past it.

    Attributes:
        reference_hash: hash of the portfolio, as recorded in every finding.
        policy: weights and thresholds, with their own hash.

    A plan is picklable, holds no open file and reads no clock: the same batch gives the same findings anywhere.
    """

    policy: Policy
    reference_hash: str
    text: text.TextSignals
    wording: WordingSignals
    image: image.ImageSignals
    price: price.PriceSignals
    seller: seller.SellerSignals
    judge: Judge
    reading: PictureReading | None = None

    @classmethod
    def prepare(
        cls,
        portfolio: Portfolio,
        references: ImageSource,
        policy: Policy,
        *,
        market: MarketTable | None = None,
        rates: Rates | None = None,
        logos: bool = False,
        reading: PictureReading | None = None,
        network: NetworkSettings | None = None,
    ) -> Self:
        """Compile the portfolio: fold its marks, fingerprint its pictures (read through `references`).

        `market` (`scan.market`) and `rates` are given from outside, so that no finding depends on how listings were
        cut into batches. With `logos`, registered logos are also looked for inside pictures:
        `docs/reference/signals/logos.md` says what that costs; with `reading` (`signals.image.reading`) words in
        pictures are read; with `network` (`signals.image.embeddings`) a learned network compares them. All of it goes
        into the reference hash.
        """
        learnt = market.digest() if market else ""
        reference_hash = reference_hash_of(
            portfolio, market_digest=learnt, rates=rates, reading=reading, network=network, logos=logos
        )
        stages: list[image.Stage] = [image.CopyStage.prepare(portfolio, references)]
        if logos:
            stages.append(image.LogoStage(portfolio, references))
        if network:
            stages.append(EmbeddingStage.prepare(portfolio, references, network))
        return cls(
            policy=policy,
            reference_hash=reference_hash,
            text=text.TextSignals(portfolio),
            wording=WordingSignals(),
            image=image.ImageSignals(portfolio, references, stages=stages),
            price=price.PriceSignals(portfolio, market.prices if market else None, rates),
            seller=seller.SellerSignals(portfolio, market.copies if market else None),
            judge=Judge(policy, all_specs(), reference_hash),
            reading=reading,
        )

    def run(
        self, batch: pa.RecordBatch, images: ImageSource | None, unreadable: list[Unreadable] | None = None
    ) -> list[Finding]:
        """Find what may infringe in one batch (columns of `formats.arrow.LISTING_SCHEMA`), in row order.

        `images` gives the bytes of listing pictures; with None, pictures are not looked at. A picture that cannot be
        had or read is passed over, and noted in `unreadable`: its absence is never a reason for anything.
        """
        signals = self._text(batch, images)
        if images is not None:
            for row, seen in enumerate(self.image.measure(batch, images, unreadable=unreadable)):
                if seen:
                    signals[row] = [*signals[row], *seen]
        # Replica words or a phone number accuse nobody while nothing points to a house: no house, no finding.
        houses = {row: brands for row, measured in enumerate(signals) if (brands := houses_in(measured))}
        for row, signal in self.wording.measure(batch, houses).items():
            signals[row] = [*signals[row], signal]
        findings: list[Finding] = []
        for row, brands in houses.items():
            findings.extend(self._judge_row(batch, row, brands, signals[row], pictures_seen=images is not None))
        return findings

    def _text(self, batch: pa.RecordBatch, images: ImageSource | None) -> list[list[Signal]]:
        """Text signals, with the words that stand in pictures where the plan reads them."""
        if self.reading is None or images is None:
            return self.text.measure(batch)
        pictures = self.reading.read(batch, images)
        words = {row: words_of(shown) for row, shown in enumerate(pictures) if shown}
        signals = self.text.measure(batch, words)
        for row, read in words.items():
            signals[row] = [place(signal, pictures[row], read) for signal in signals[row]]
        return signals

    def run_arrow(self, batch: pa.RecordBatch, images: ImageSource | None) -> pa.RecordBatch:
        """The same, as a batch in `formats.arrow.FINDING_SCHEMA`: the shape that travels between processes.

        Its metadata hold the pictures that could not be looked at (`scan.pictures`).
        """
        unreadable: list[Unreadable] = []
        return beside(findings_to_batch(self.run(batch, images, unreadable)), unreadable)

    def _judge_row(
        self, batch: pa.RecordBatch, row: int, brands: list[str], measured: list[Signal], *, pictures_seen: bool
    ) -> list[Finding]:
        listing = listing_at(batch, row)
        findings = []
        for brand in brands:
            about_brand = [signal for signal in measured if signal.brand in ("", brand)]
            about_brand += self.price.measure(listing, brand)
            about_brand += self.seller.measure(listing, brand)
            finding = self.judge.judge(listing, brand, about_brand, pictures_seen=pictures_seen)
            if finding is not None:
                findings.append(finding)
        return findings


def reference_hash_of(
    portfolio: Portfolio,
    *,
    market_digest: str = "",
    rates: Rates | None = None,
    reading: PictureReading | None = None,
    network: NetworkSettings | None = None,
    logos: bool = False,
) -> str:
    """The portfolio's own hash in hex, and one over all where anything else decides with it: see `prepare`.

    Of the market its digest is enough: a table of millions of offers need not be read to name what it would decide.
    """
    beside = [
        ("market", market_digest),
        ("rates", rates.digest() if rates else ""),
        ("reading", reading.digest() if reading else ""),
        ("network", network.digest() if network else ""),
        ("logos", "yes" if logos else ""),
    ]
    given = [f"{name} {digest}" for name, digest in beside if digest]
    if not given:
        return portfolio.digest()
    parts = (portfolio.digest(), *given)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
