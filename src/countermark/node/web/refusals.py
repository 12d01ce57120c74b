"""What a service refuses, told on the page to which an act leads back."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest

from countermark.node.kernel.errors import Conflict, Invalid


@contextmanager
def refusals_told(request: HttpRequest) -> Iterator[None]:
    """Do something; what is refused becomes messages, a sentence for each problem, and whoever acts goes on behind it.

    Say that it was done as the last thing inside.
    """
    try:
        yield
    except Invalid as problem:
        for one in problem.problems:
            messages.error(request, one.sentence())
    except Conflict as problem:
        messages.error(request, problem.detail)
