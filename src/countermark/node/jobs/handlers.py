"""Which room applies which type of entry: the one place that knows them all."""

from collections.abc import Mapping

from countermark.node.exchange.applying import Handler
from countermark.node.notices.handlers import HANDLERS as NOTICES

#: By type of entry; types of the exchange itself are applied there.
HANDLERS: Mapping[str, Handler] = {**NOTICES}
