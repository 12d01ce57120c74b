"""Addresses of the pages. Each screen brings its own; the front door leads to the first room one may enter."""

from django.urls import URLPattern, URLResolver, include, path

from countermark.node.web import front
from countermark.node.web.conduct.held import held
from countermark.node.web.conduct.seller import answer
from countermark.node.web.duties import public
from countermark.node.web.notices.calendar import calendar
from countermark.node.web.notices.seller import seller

app_name = "web"

urlpatterns: list[URLPattern | URLResolver] = [
    path("", front.door, name="front"),
    path("review/", include("countermark.node.web.review.urls")),
    path("findings/", include("countermark.node.web.findings.urls")),
    path("listings/", include("countermark.node.web.listings.urls")),
    path("purchases/", include("countermark.node.web.purchases.urls")),
    path("law/", include("countermark.node.web.lawbook.urls")),
    path("rights/", include("countermark.node.web.rights.urls")),
    path("cases/", include("countermark.node.web.cases.urls")),
    path("scans/", include("countermark.node.web.scans.urls")),
    path("pictures/", include("countermark.node.web.pictures.urls")),
    path("notices/", include("countermark.node.web.notices.urls")),
    path("proceedings/", include("countermark.node.web.proceedings.urls")),
    path("seller/<str:token>/", seller, name="seller"),
    path("channels/", include("countermark.node.web.channels.urls")),
    path("seller/<str:token>/measures/<slug:measure_id>/", answer, name="seller-measure"),
    path("payee/<str:token>/", held, name="payee"),
    path("payee/<str:token>/measures/<slug:measure_id>/", answer, {"page": "web:payee"}, name="payee-measure"),
    path("conduct/", include("countermark.node.web.conduct.urls")),
    path("calendar/<str:token>.ics", calendar, name="calendar"),
    path("duties/", include("countermark.node.web.duties.urls")),
    path("published/", public.published, name="published"),
    path("published/feed.json", public.feed, name="published-feed"),
    path("published/arrangements/", public.arrangements, name="arrangements"),
    path("exchange/", include("countermark.node.web.exchange.urls")),
    path("agreements/", include("countermark.node.web.agreements.urls")),
    path("insight/", include("countermark.node.web.insight.urls")),
    path("tokens/", include("countermark.node.web.tokens.urls")),
    path("evidence/", include("countermark.node.web.evidences.urls")),
    path("audit/", include("countermark.node.web.audit.urls")),
    path("members/", include("countermark.node.web.members.urls")),
    path("me/", include("countermark.node.web.me.urls")),
    path("health/", include("countermark.node.web.health.urls")),
    path("gallery/", include("countermark.node.web.gallery.urls")),
    path("keys/", front.key_sheet, name="keys"),
    path("help/", front.words_and_marks, name="help"),
]
