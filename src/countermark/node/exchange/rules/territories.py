"""Groups of countries that laws name together."""

_EU = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK"

#: Member states of the European Union, ISO 3166-1 alpha-2.
EU = frozenset(_EU.split())
#: European Economic Area: where the GDPR applies.
EEA = EU | {"IS", "LI", "NO"}
