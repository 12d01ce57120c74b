"""Addresses of members."""

from django.urls import path

from countermark.node.web.members import views

urlpatterns = [
    path("", views.members, name="members"),
    path("add/", views.add, name="member-add"),
    path("<int:user_id>/role/", views.change_role, name="member-role"),
    path("<int:user_id>/remove/", views.remove, name="member-remove"),
]
