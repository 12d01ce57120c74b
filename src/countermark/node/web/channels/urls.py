"""Addresses of channels."""

from django.urls import path

from countermark.node.web.channels import acts, views

urlpatterns = [
    path("", views.channels, name="channels"),
    path("open/<slug:connector_id>/", acts.open_one, name="channel-open"),
    path("messages/<slug:dispatch_id>/<slug:act>/", acts.on_message, name="channel-message"),
    path("<slug:channel_id>/", views.channel, name="channel"),
    path("<slug:channel_id>/files/<str:name>/", views.file, name="channel-file"),
    path("<slug:channel_id>/<slug:act>/", acts.on_channel, name="channel-act"),
]
