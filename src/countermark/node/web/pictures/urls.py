"""Addresses of pictures."""

from django.urls import path

from countermark.node.web.pictures import views

urlpatterns = [path("<slug:capture_id>/", views.picture, name="picture")]
