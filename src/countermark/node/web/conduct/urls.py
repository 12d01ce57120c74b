"""Addresses of conduct. Each act has the address of the record that it changes."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from countermark.node.web.conduct import acts, flaggers, payees, telling, views


class About(StringConverter):
    """Whose record: of a seller, of one who files, or of a payee."""

    regex = "sellers|filers|payees"


register_converter(About, "about")

urlpatterns = [
    path("", views.conduct, name="conduct"),
    path("sellers/<slug:subject>/", views.seller, name="conduct-seller"),
    path("filers/<slug:subject>/", views.filer, name="conduct-filer"),
    path("payees/", payees.hold, name="payment-hold"),
    path("payees/<slug:subject>/", payees.payee, name="conduct-payee"),
    path("filers/<slug:subject>/flagger/", flaggers.take_down, name="flagger"),
    path("filers/<slug:subject>/flagger/end/", flaggers.end, name="flagger-end"),
    path("filers/<slug:subject>/<int:year>.csv", flaggers.ledger, name="filer-ledger"),
    path("<about:about>/<slug:subject>/measures/", acts.take, name="measure-take"),
    path("filers/<slug:subject>/measures/<slug:measure_id>/tell/", telling.tell, name="measure-tell"),
    path("filers/<slug:subject>/told/<slug:measure_id>/", telling.answer, name="measure-answer"),
    path("<about:about>/<slug:subject>/measures/<slug:measure_id>/link/", acts.link, name="measure-link"),
    path("<about:about>/<slug:subject>/measures/<slug:measure_id>/<slug:act>/", acts.act, name="measure-act"),
]
