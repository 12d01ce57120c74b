"""Addresses for a company's own tools."""

from django.urls import URLPattern, URLResolver, path

from countermark.node.api import feeds, taxii

app_name = "tools"

_OF = "taxii2/root/collections/<str:collection_id>/"
_MISP = "misp/<str:collection_id>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("taxii2/", taxii.discovery, name="discovery"),
    path("taxii2/root/", taxii.api_root, name="api-root"),
    path("taxii2/root/status/<str:status_id>/", taxii.status, name="status"),
    path("taxii2/root/collections/", taxii.collections, name="collections"),
    path(_OF, taxii.collection, name="collection"),
    path(f"{_OF}manifest/", taxii.manifest, name="manifest"),
    path(f"{_OF}objects/", taxii.objects, name="objects"),
    path(f"{_OF}objects/<str:object_id>/", taxii.one_object, name="object"),
    path(f"{_OF}objects/<str:object_id>/versions/", taxii.versions, name="versions"),
    path(f"{_MISP}manifest.json", feeds.manifest, name="misp-manifest"),
    path(f"{_MISP}hashes.csv", feeds.hashes, name="misp-hashes"),
    path(f"{_MISP}<uuid:event_id>.json", feeds.event, name="misp-event"),
    path(f"{_MISP}events/<uuid:event_id>.json", feeds.event, name="misp-event-in-folder"),
    path("csv/<str:collection_id>/<str:name>.csv", feeds.table, name="table"),
]
