"""Findings as Arrow batches: the shape in which they leave the workers and stand in Parquet files."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec
import pyarrow as pa

from countermark.model import Finding
from countermark.model.decoding import convert

_SPAN = pa.struct([("field", pa.string()), ("start", pa.int64()), ("end", pa.int64())])

_REASON = pa.struct(
    [
        ("signal", pa.string()),
        ("version", pa.int32()),
        ("direction", pa.string()),
        ("value", pa.float64()),
        ("weight", pa.float64()),
        ("sentence", pa.string()),
        ("wrong_when", pa.string()),
        ("right_id", pa.string()),
        ("reference", pa.string()),
        ("listing_image", pa.string()),
        ("spans", pa.list_(_SPAN)),
        ("facts", pa.map_(pa.string(), pa.string())),
    ]
)

#: One row a finding, with the fields of `countermark.model.Finding` in its order.
FINDING_SCHEMA = pa.schema(
    [
        pa.field("id", pa.string(), nullable=False),
        pa.field("listing_id", pa.string(), nullable=False),
        pa.field("marketplace", pa.string(), nullable=False),
        pa.field("external_id", pa.string(), nullable=False),
        pa.field("seller_id", pa.string(), nullable=False),
        pa.field("brand", pa.string(), nullable=False),
        pa.field("right_id", pa.string(), nullable=False),
        pa.field("kind", pa.string(), nullable=False),
        pa.field("risk", pa.float64(), nullable=False),
        pa.field("level", pa.string(), nullable=False),
        pa.field("expected_harm", pa.float64(), nullable=False),
        pa.field("base", pa.float64(), nullable=False),
        pa.field("reasons", pa.list_(_REASON), nullable=False),
        pa.field("engine_version", pa.string(), nullable=False),
        pa.field("policy_hash", pa.string(), nullable=False),
        pa.field("reference_hash", pa.string(), nullable=False),
        pa.field("listing_hash", pa.string(), nullable=False),
        pa.field("schema_version", pa.int32(), nullable=False),
    ]
)


def findings_to_batch(findings: Sequence[Finding]) -> pa.RecordBatch:
    """Lay findings out as one batch in FINDING_SCHEMA; `batch_to_findings` gives equal findings back."""
    rows = [cast("dict[str, object]", msgspec.to_builtins(finding)) for finding in findings]
    for row in rows:
        for reason in cast("Sequence[dict[str, object]]", row["reasons"]):
            facts = cast("Mapping[str, str]", reason["facts"])
            reason["facts"] = sorted(facts.items())
    columns = [pa.array([row[field.name] for row in rows], field.type) for field in FINDING_SCHEMA]
    return pa.RecordBatch.from_arrays(columns, schema=FINDING_SCHEMA)


def batch_to_findings(batch: pa.RecordBatch) -> list[Finding]:
    """Read every row of a batch in FINDING_SCHEMA as a record.

    Raises:
        msgspec.ValidationError: when a row is not a finding (only for batches made by other hands).
    """
    return list(iterate_findings(batch))


def iterate_findings(batch: pa.RecordBatch) -> Iterator[Finding]:
    """As `batch_to_findings`, one by one, so that whoever counts knows which row was the bad one."""
    for row in cast("list[dict[str, object]]", batch.to_pylist()):
        for reason in cast("list[dict[str, object]]", row["reasons"]):
            reason["facts"] = dict(cast("list[tuple[str, str]]", reason["facts"]))
        yield convert(row, Finding)
