"""The door of every request of a partner's node: whose it is, under which agreement; errors as machines read them."""

import json
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

import structlog
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from countermark.node.exchange import answering, callers
from countermark.node.exchange.callers import AgreementRow, KeyFinder, StoredNonces
from countermark.node.exchange.clocks import note_clock
from countermark.node.exchange.wire.django_requests import caller_of, signed_url
from countermark.node.exchange.wire.refusals import RequestRefused
from countermark.node.exchange.wire.signed_requests import Caller
from countermark.node.exchange.witnessing import OtherSize
from countermark.node.kernel.errors import NotFound, Problem
from countermark.node.kernel.time import now
from countermark.proof.refusals import Refused

log = structlog.get_logger(__name__)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
OfAgreement = Callable[Concatenate[HttpRequest, AgreementRow, P], HttpResponse]


def answered(view: View[P]) -> View[P]:
    """Let a view answer machines: no forms, no sessions, every error as problem+json."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except RequestRefused as refused:
            log.info("request.refused", code=refused.code)
            return problem(refused.status, refused.code, str(refused))
        except OtherSize as other:
            # As C2SP tlog-witness answers, in the form of all our errors: the detail is the size and nothing else.
            return problem(409, "other-size", str(other.size))
        except Refused as refused:
            return problem(422, refused.code, str(refused))
        except RequestDataTooBig:
            return problem(413, "too-large", "The body is larger than this node takes.")
        except Problem as error:
            return problem(error.status, error.code, error.detail)

    return guarded


def with_agreement(*methods: str, discussed: bool = False) -> Callable[[OfAgreement[P]], Callable[..., HttpResponse]]:
    """Give a view the agreement that the address names, once the request is found to be the partner's.

    Args:
        methods: that are answered.
        discussed: also before the agreement is in force, to bring a signature or a refusal.
    """

    def wrap(view: OfAgreement[P]) -> Callable[..., HttpResponse]:
        @answered
        @wraps(view)
        def guarded(request: HttpRequest, /, name: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            check_method(request, *methods)
            url = signed_url(request)  # a host that is not ours is refused before anything is looked up
            agreement = _known(request, name)
            caller = check_caller(request, url, _finder(agreement, discussed=discussed))
            note_clock(agreement.pk, caller.created)
            if not discussed and not answering.may_still_ask(agreement):
                raise NotFound("agreement")
            answering.heard_of(agreement)
            return view(request, agreement, *args, **kwargs)

        return guarded

    return wrap


def check_method(request: HttpRequest, *methods: str) -> None:
    """Make sure that an address is asked in a way that it answers."""
    if request.method not in methods:
        raise MethodProblem(f"This address answers {' and '.join(methods)}.")


def check_caller(request: HttpRequest, url: str, find_key: KeyFinder) -> Caller:
    """Make sure of the signature; gives who sent it.

    Args:
        request: as it came.
        url: as its sender signed it.
        find_key: finds a key that may sign requests.

    Raises:
        RequestRefused.
    """
    return caller_of(request, url, request.body, find_key, StoredNonces(), now())


def problem(status: int, code: str, detail: str) -> HttpResponse:
    """An error as RFC 9457 has it."""
    body = json.dumps({"status": int(status), "code": code, "detail": detail})
    return HttpResponse(body, status=int(status), content_type="application/problem+json")


class MethodProblem(Problem):
    """The address is not asked in that way."""

    code, title, status = "wrong-method", "Not done this way", 405


def _known(request: HttpRequest, name: str) -> AgreementRow:
    try:
        return callers.agreement_called(name, request.get_host())
    except NotFound:
        # The same answer as to a wrong key: whether we have an agreement with others is nobody's business.
        raise RequestRefused("unknown-key") from None


def _finder(agreement: AgreementRow, *, discussed: bool) -> KeyFinder:
    return callers.key_in_discussion(agreement) if discussed else callers.key_in_force(agreement)
