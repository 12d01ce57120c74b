"""The exchange as a service: for each partner one that fetches, one that brings; one that applies, one that keeps."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from countermark.node.cases import bringing, seals
from countermark.node.duties import correcting
from countermark.node.exchange import applying, callers, lines, logs, proving, retention, rotating, talking
from countermark.node.exchange.agreeing import lifecycle
from countermark.node.exchange.applying import Handler
from countermark.node.exchange.applying_many import apply_some
from countermark.node.exchange.facades import tokens
from countermark.node.exchange.wire.client import PartnerClient
from countermark.node.jobs.identity import my_name, surely_dead
from countermark.node.notices import countering, sending, turning

log = structlog.get_logger(__name__)

#: Seconds between two looks for partners; while a partner is left alone; while nothing waits to be applied.
_LOOK, _PAUSE, _IDLE = 1.0, 0.25, 0.25
#: Seconds that a partner may hold our question.
_LONG_POLL = 20.0
#: Seconds after an error that should not be: of the database, or of a key.
_AFTER_ERROR = 5.0
#: Seconds between two rounds of keeping: ends, retention, old nonces.
_KEEP_EVERY = 60.0
_JOIN = 60.0


@dataclass
class Exchange:
    """Everything that runs for the exchange in one process.

    Attributes:
        stop: set when it is to end.
        handlers: by type of entry, of the rooms that apply what partners say.
        open_line: opens a line to the partner of an agreement.
    """

    stop: threading.Event
    handlers: Mapping[str, Handler]
    open_line: Callable[[int], PartnerClient] = lines.line_of
    _threads: dict[tuple[str, int], threading.Thread] = field(default_factory=dict)
    _arrived: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Run until told to stop."""
        log.info("exchange.started", worker=my_name())
        applying.retry_unknown(self.handlers)
        talking.begin_anew()
        while not self.stop.is_set():
            guarded("partners", self._tend)
            self.stop.wait(_LOOK)
        self._arrived.set()
        for thread in self._threads.values():
            thread.join(_JOIN)
        log.info("exchange.stopped")

    def _tend(self) -> None:
        """Start what should run and does not, also after it failed."""
        self._start("applier", 0, lambda _: self._apply())
        self._start("keeper", 0, lambda _: self._keep())
        for partner in talking.partners_to_talk_to():
            self._start("fetcher", partner, self._fetch_for)
            self._start("bringer", partner, self._bring_to)

    def _start(self, name: str, partner: int, body: Callable[[int], None]) -> None:
        running = self._threads.get((name, partner))
        if running is None or not running.is_alive():
            thread = threading.Thread(target=_tidy, args=(body, partner), name=f"{name}-{partner}", daemon=True)
            self._threads[name, partner] = thread
            thread.start()

    def _fetch_for(self, partner: int) -> None:
        with self.open_line(partner) as line:
            while not self.stop.is_set() and partner in talking.partners_to_talk_to():
                if not talking.due(partner):
                    self.stop.wait(_PAUSE)
                    continue
                asked = time.monotonic()
                fetched = talking.fetch(partner, line, _LONG_POLL)
                if fetched is None:
                    # A new line signs with the key of its day: this one's may have ended or been revoked.
                    return
                if fetched.stored:
                    self._arrived.set()
                    if fetched.refused is None and not fetched.frozen:
                        continue
                # A partner holds our question until it has news; one that answers at once is not asked without end.
                self.stop.wait(max(_PAUSE, _LOOK - (time.monotonic() - asked)))

    def _bring_to(self, partner: int) -> None:
        with self.open_line(partner) as line:
            while not self.stop.is_set() and partner in talking.partners_to_talk_to():
                talking.bring(partner, line, my_name())
                talking.tell_news(partner, line)
                witnessed = talking.have_witnessed(partner, line)
                proving.prove_receipts(partner, line)
                self.stop.wait(_LOOK)
                if not witnessed:
                    return

    def _apply(self) -> None:
        worker = my_name()
        for other in applying.workers_claiming():
            # Also one of our own name: a thread of this process that failed has nothing in hand any more.
            if other == worker or surely_dead(other):
                applying.release_claims(other)
        while not self.stop.is_set():
            applied = apply_some(worker, self.handlers)
            if applied:
                log.info("exchange.applied", entries=applied)
                continue
            self._arrived.wait(_IDLE)
            self._arrived.clear()

    def _keep(self) -> None:
        kept = checkpointed = float("-inf")
        while not self.stop.is_set():
            moment = time.monotonic()
            steps: list[Callable[[], object]] = [sending.send_due, seals.tell_due]
            if moment - checkpointed >= settings.COUNTERMARK_CHECKPOINT_SECONDS or logs.is_urgent():
                # Keys first, so that a partner hears of one before it meets what the key signed.
                steps[:0] = [rotating.announce_all_key_changes, logs.publish_all_checkpoints]
                checkpointed = moment
            if moment - kept >= _KEEP_EVERY:
                steps += _once_a_minute()
                kept = moment
            went = [_went_well(step) for step in steps]
            if all(went):
                self.stop.wait(_LOOK)
                continue
            kept = checkpointed = float("-inf")
            self.stop.wait(_AFTER_ERROR)


def _once_a_minute() -> list[Callable[[], object]]:
    return [
        countering.pass_on_all,
        turning.turn_all_due,
        correcting.correct_all,
        lifecycle.end_all_due,
        retention.delete_all_due,
        bringing.forget_deleted,
        callers.forget_nonces,
        tokens.note_hours,
    ]


def _went_well(step: Callable[[], object]) -> bool:
    """Do one thing of a round. One that fails keeps no other from being done: a lost key deletes no fewer data."""
    try:
        step()
    except Exception as error:  # whatever it is, the others are still to be done
        log.exception("exchange.step_failed", step=step.__name__, error=type(error).__name__)
        if isinstance(error, DatabaseError):
            connection.close()
        return False
    return True


def guarded(what: str, act: Callable[[], None]) -> None:
    """Do something whose failure must not end the service; the failure is logged."""
    try:
        act()
    except DatabaseError as error:
        log.exception("exchange.database_error", what=what, error=type(error).__name__)
        connection.close()


def _tidy(body: Callable[[int], None], partner: int) -> None:
    """Body of a thread. Whatever fails is logged, waited for, and begun anew by whoever tends the threads."""
    try:
        body(partner)
    except Exception as error:  # a thread that dies in silence would be worse
        log.exception("exchange.thread_failed", partner=partner, error=type(error).__name__)
        time.sleep(_AFTER_ERROR)
    finally:
        connection.close()
