"""What the signer process does with one request; knows nothing of sockets."""

import hashlib
from collections import Counter
from collections.abc import Callable
from datetime import datetime

import structlog

from countermark.node.exchange.keeping.frames import Answer, Keys, No, NotDone, Public, Sign, Signed, read_request
from countermark.node.exchange.keeping.keyring import KeyFolder
from countermark.node.exchange.keeping.problems import KeyProblem
from countermark.proof import Purpose, Refused
from countermark.proof.encoding import from_base64url, to_base64url

log = structlog.get_logger(__name__)


class Desk:
    """Answers requests with the keys of one folder.

    Args:
        folder: holds the keys; its forms say what each may sign.
        clock: aware time; a client cannot choose at which moment a key has to be valid.
    """

    def __init__(self, folder: KeyFolder, clock: Callable[[], datetime]) -> None:
        self._folder, self._clock = folder, clock
        self.signed: Counter[Purpose] = Counter()

    def answer(self, body: bytes) -> Answer:
        """Answer one request, whatever it holds."""
        try:
            request = read_request(body)
            return self._public(request) if isinstance(request, Public) else self._sign(request)
        except KeyProblem as problem:
            log.warning("signer.refused", code=problem.code, detail=problem.detail)
            return NotDone(No(problem.code, problem.detail))
        except Refused as refused:
            log.warning("signer.refused", code="bad-request", reason=refused.code)
            return NotDone(No("bad-request", f"{refused}"))

    def open_all(self) -> int:
        """Open every key that may sign now, so that a wrong passphrase shows at the start; says how many.

        Raises:
            KeyProblem.
        """
        usable = [kept for kept in self._folder.all_keys() if kept.used_at(self._clock())]
        for kept in usable:
            self._folder.open(kept)
        return len(usable)

    def _public(self, request: Public) -> Keys:
        return Keys(tuple(kept.public for kept in self._folder.usable(request.purpose, self._clock())))

    def _sign(self, request: Sign) -> Signed:
        message = from_base64url(request.message, "not-json")
        signature = self._folder.signer(request.purpose, self._clock(), request.kid).sign(message)
        self.signed[request.purpose] += 1
        log.info(
            "signer.signed",
            purpose=request.purpose.value,
            kid=request.kid,
            digest=hashlib.sha256(message).hexdigest(),
            count=self.signed[request.purpose],
        )
        return Signed(to_base64url(signature))
