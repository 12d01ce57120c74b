"""Addresses of rights and of houses."""

from django.urls import path

from countermark.node.web.rights import editing, houses, importing, looking_back, pictures, views

urlpatterns = [
    path("", views.rights, name="rights"),
    path("add/", editing.add, name="right-add"),
    path("import/", importing.start, name="rights-import"),
    path("houses/", houses.houses, name="houses"),
    path("house/", houses.house, name="house"),
    path("<slug:right_id>/", views.right, name="right"),
    path("<slug:right_id>/edit/", editing.edit, name="right-edit"),
    path("<slug:right_id>/withdraw/", editing.withdraw, name="right-withdraw"),
    path("<slug:right_id>/reinstate/", editing.reinstate, name="right-reinstate"),
    path("<slug:right_id>/look-back/", looking_back.look_back, name="right-look-back"),
    path("<slug:right_id>/pictures/", pictures.add, name="reference-add"),
    path("<slug:right_id>/pictures/<slug:reference_id>/remove/", pictures.remove, name="reference-remove"),
]
