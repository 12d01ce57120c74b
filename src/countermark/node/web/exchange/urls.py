"""Addresses of the exchange. `v1/` below it belongs to partners' nodes."""

from django.urls import path

from countermark.node.web.exchange import feeds, views

urlpatterns = [
    path("", views.status, name="exchange"),
    path("retry/", views.retry, name="exchange-retry"),
    path("contradictions/<int:number>/", views.contradiction, name="exchange-contradiction"),
    path("feeds/<str:name>/", feeds.feed, name="feed"),
    path("feeds/<str:name>/thaw/", views.thaw, name="feed-thaw"),
    path("feeds/<str:name>/export/", feeds.export, name="feed-export"),
    path("feeds/<str:name>/<int:seq>/", feeds.entry, name="feed-entry"),
]
