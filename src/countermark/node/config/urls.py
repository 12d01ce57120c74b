"""Addresses of the node: accounts by allauth, partners' nodes and tools by the api, everything else by the pages."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.urls")),
    path("exchange/v1/", include("countermark.node.api.urls")),
    path("", include("countermark.node.api.tool_urls")),
    path("", include("countermark.node.web.urls")),
]

handler400 = "countermark.node.web.problems.views.bad_request"
handler403 = "countermark.node.web.problems.views.permission_denied"
handler404 = "countermark.node.web.problems.views.not_found"
handler500 = "countermark.node.web.problems.views.server_error"
