"""Every problem that a room raises becomes one answer: a page, a line on the page, or problem+json."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from countermark.node.kernel.errors import Problem
from countermark.node.web.problems.answers import answer


class ProblemMiddleware:
    """Answer problems that a page did not answer itself."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Nothing of its own on the way in or out."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Django asks this for every exception of a view; only problems are ours."""
        return answer(request, exception) if isinstance(exception, Problem) else None
