"""Addresses of the review screen."""

from django.urls import path

from countermark.node.web.review import views

urlpatterns = [
    path("", views.queue, name="review"),
    path("filter/", views.filters, name="review-filter"),
    path("lease/renew/", views.renew, name="review-renew"),
    path("decisions/<slug:decision_id>/undo/", views.undo, name="review-undo"),
    path("<slug:finding_id>/", views.item, name="review-item"),
    path("<slug:finding_id>/decide/", views.decide, name="review-decide"),
    path("<slug:finding_id>/skip/", views.skip, name="review-skip"),
    path("<slug:finding_id>/unskip/", views.unskip, name="review-unskip"),
]
