"""Which room applies which type of entry: the one place that knows them all."""

from collections.abc import Mapping

from countermark.node.cases import handlers as cases
from countermark.node.conduct import handlers as conduct
from countermark.node.duties import handlers as duties
from countermark.node.exchange.applying import Handler
from countermark.node.notices import handlers as notices

#: By type of entry; types of the exchange itself are applied there.
HANDLERS: Mapping[str, Handler] = {**cases.HANDLERS, **notices.HANDLERS, **conduct.HANDLERS, **duties.HANDLERS}
