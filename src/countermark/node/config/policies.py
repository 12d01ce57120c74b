"""Policies of this node, of the judge and of conduct: read and checked once, when the node starts."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from countermark.node.config.environment import text


def policy_bytes(name: str) -> bytes:
    """The bytes of the policy file that a variable names; empty where it names none: the shipped policy then judges.

    Raises ImproperlyConfigured when the file cannot be read, is no policy, or speaks of other signals than this engine:
    a node that would judge people by numbers that nobody chose does not start.
    """
    path = text(name)
    if not path:
        return b""
    # The engine is large; a node without a policy of its own does not wait for it here.
    from countermark.judge import load_policy  # noqa: PLC0415
    from countermark.judge.policy_file import check_against  # noqa: PLC0415
    from countermark.model import InvalidRecord  # noqa: PLC0415
    from countermark.scan import all_specs  # noqa: PLC0415

    try:
        policy = load_policy(Path(path))
        check_against(policy, all_specs())
    except InvalidRecord as problem:
        raise ImproperlyConfigured(f"{name} names a policy that cannot be used: {problem}") from problem
    return policy.source


def conduct_bytes(name: str) -> bytes:
    """The bytes of the policy of conduct that a variable names; empty where it names none: the shipped one then holds.

    Raises ImproperlyConfigured when the file cannot be read or is no policy of conduct.
    """
    path = text(name)
    if not path:
        return b""
    from countermark.model import InvalidRecord  # noqa: PLC0415
    from countermark.node.conduct.policy import read_policy  # noqa: PLC0415

    try:
        data = Path(path).read_bytes()
        read_policy(data, Path(path).name)
    except (OSError, InvalidRecord) as problem:
        raise ImproperlyConfigured(f"{name} names a policy that cannot be used: {problem}") from problem
    return data
