"""Addresses of the gallery."""

from django.urls import path

from countermark.node.web.gallery import views

urlpatterns = [
    path("", views.gallery, name="gallery"),
    path("<slug:name>/", views.story, name="gallery-story"),
]
