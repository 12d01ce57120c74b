"""Addresses for partners' nodes."""

from django.urls import URLPattern, URLResolver, path

from countermark.node.api import views

app_name = "api"

_OF = "agreements/<str:name>/"
urlpatterns: list[URLPattern | URLResolver] = [
    path("card", views.card, name="card"),
    path("offers", views.offers, name="offers"),
    path(f"{_OF}signature", views.signature, name="signature"),
    path(f"{_OF}refusal", views.refusal, name="refusal"),
    path(f"{_OF}entries", views.entries, name="entries"),
    path(f"{_OF}hint", views.hint, name="hint"),
    path(f"{_OF}checkpoint", views.checkpoint, name="checkpoint"),
    path(f"{_OF}witnessed", views.witnessed, name="witnessed"),
    path(f"{_OF}entries/<str:entry_id>/log-proof", views.log_proof, name="log-proof"),
]
