"""How a channel itself stands: well, or left alone for a while after a failure."""

from datetime import timedelta
from random import SystemRandom

import structlog
from django.db import transaction

from countermark.node.channels.connector import TryLater
from countermark.node.channels.models import Channel
from countermark.node.exchange.wire.backoff import next_try
from countermark.node.kernel.time import now

log = structlog.get_logger(__name__)

#: How long a channel is left alone that a person must mend first.
HOUR = timedelta(hours=1)
_RNG = SystemRandom()


def went_well(channel: Channel) -> None:
    """Forget earlier failures."""
    Channel.objects.filter(pk=channel.pk).update(
        failures=0, next_try=None, problem="", detail="", mend="", last_sent_at=_newest(channel)
    )


def went_wrong(channel: Channel, problem: TryLater) -> None:
    """Note a failure, and leave the channel alone, ever longer and as long as the other side asks."""
    moment = now()
    with transaction.atomic():
        row = Channel.objects.select_for_update().get(pk=channel.pk)
        row.failures += 1
        row.problem, row.detail, row.mend = problem.code[:40], problem.detail[:300], problem.mend[:300]
        row.next_try = next_try(row.failures, moment, _RNG, problem.retry_after)
        row.save(update_fields=["failures", "problem", "detail", "mend", "next_try"])
    log.warning("channel.failed", channel=channel.public_id, code=problem.code, failures=row.failures)


def _newest(channel: Channel) -> object:
    return channel.dispatches.exclude(sent_at=None).order_by("-sent_at").values_list("sent_at", flat=True).first()
