"""Words that lower rooms keep in English and that pages put into the reader's language with `translated`."""

from collections.abc import Iterable


def tables() -> dict[str, Iterable[str]]:
    """Those words, by the file that holds them."""
    from countermark.law import tags
    from countermark.node.conduct import telling, words
    from countermark.node.duties import holding, informing, labels, persons, publishing
    from countermark.node.exchange.rules import actions, fields, kinds, naming
    from countermark.node.notices import flaggers, lacking, queues, reasons, selectors, states
    from countermark.node.review import verdicts
    from countermark.proof.refusals import REASONS

    conduct = (words.KIND_WORDS, words.STANDING_WORDS, words.ACT_WORDS, words.LEFT_WORDS, words.TIER_WORDS)
    payments = (words.PROVED_WORDS, words.MACHINE_WORDS, words.FIGURE_WORDS)
    grounds = (*reasons.REASONS.values(), reasons.COUNTER_REASONS, reasons.WITHDRAWALS)
    return {
        "conduct/telling.py": telling.WAYS.values(),
        "conduct/words.py": (one for table in (*conduct, *payments) for one in table.values()),
        "duties/holding.py": holding.REASONS.values(),
        "duties/informing.py": informing.DONE.values(),
        "duties/labels.py": labels.WORDS.values(),
        "duties/models.py": (*publishing.State.labels, *publishing.Kind.labels),
        "duties/persons.py": (*persons.KINDS.values(), *persons.OUTCOMES.values()),
        "exchange/rules/actions.py": (deed.words for deed in actions.DEEDS.values()),
        "exchange/rules/fields.py": (one.words for kind in fields.FIELDS.values() for one in kind.values()),
        "exchange/rules/kinds.py": (naming.spelled(one).capitalize() for one in kinds.ItemKind),
        "law/tags.py": (one.words for one in tags.Tag),
        "notices/flaggers.py": flaggers.GOVERNORS.values(),
        "notices/lacking.py": lacking.TITLES.values(),
        "notices/queues.py": queues.WHOSE_WORDS.values(),
        "notices/reasons.py": (
            one.words
            for group in (*grounds, reasons.SUITS, reasons.SUIT_PAPERS, reasons.BODY_OUTCOMES)
            for one in group
        ),
        "notices/selectors.py": (*selectors.DEED_WORDS.values(), *selectors.CHOICE_WORDS.values()),
        "notices/states.py": states.STAGE_WORDS.values(),
        "proof/refusals.py": REASONS.values(),
        "review/verdicts.py": (
            one.label for group in (*verdicts.REASONS.values(), verdicts.RETIRED_REASONS) for one in group
        ),
    }
