"""What a person is told when something cannot be done: one family, from which page, API and command say the same."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field of what was given, what is wrong with it, and how to mend it.

    Attributes:
        field: name of the form field or path in the record; empty when it is the whole.
        code: short and stable, for machines.
        message: what is wrong, one sentence.
        mend: what to do about it, one sentence.
    """

    field: str
    code: str
    message: str
    mend: str = ""

    def sentence(self) -> str:
        """Both sentences together."""
        return f"{self.message} {self.mend}".strip()


class Problem(Exception):
    """Something the caller asked for cannot be done.

    Attributes:
        code: short and stable, for machines and for translations (`not-found`).
        title: what kind of problem, a few words.
        detail: what happened here, in a sentence a person can act on. Never personal data.
        status: HTTP status.
        pointer: what it is about (a field, an id), empty when it is the whole request.
    """

    code = "problem"
    title = "Something went wrong"
    status = 500

    def __init__(self, detail: str, *, code: str = "", pointer: str = "") -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or type(self).code
        self.pointer = pointer


class NotFound(Problem):
    """There is no such thing in the caller's organisation (whether another organisation has it is not said)."""

    code = "not-found"
    title = "Not found"
    status = 404

    def __init__(self, what: str, identifier: str = "") -> None:
        shown = f" {identifier}" if identifier.isascii() and identifier.isprintable() and len(identifier) <= 60 else ""
        super().__init__(f"There is no {what}{shown} here.", pointer=identifier[:60])


class NotPermitted(Problem):
    """The caller may not do this; says which permission is missing and who can grant it."""

    code = "not-permitted"
    title = "Not permitted"
    status = 403

    def __init__(
        self, detail: str, *, permission: str = "", roles: Iterable[str] = (), grantors: Iterable[str] = ()
    ) -> None:
        super().__init__(detail, pointer=permission)
        self.permission = permission
        self.roles = tuple(roles)
        self.grantors = tuple(grantors)


class Conflict(Problem):
    """Someone or something was faster, or the thing is no longer in a state that allows this."""

    code = "conflict"
    title = "Conflict"
    status = 409


class Invalid(Problem):
    """What was given cannot be accepted; `problems` names each field with its mend."""

    code = "invalid"
    title = "Not accepted"
    status = 422

    def __init__(self, problems: Iterable[FieldProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            " ".join(problem.sentence() for problem in self.problems) or "It cannot be accepted.",
            code=self.problems[0].code if len(self.problems) == 1 else "",
            pointer=self.problems[0].field if len(self.problems) == 1 else "",
        )

    @classmethod
    def of(cls, field: str, code: str, message: str, mend: str = "") -> "Invalid":
        """One field, one problem."""
        return cls([FieldProblem(field, code, message, mend)])
