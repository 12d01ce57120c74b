"""Addresses of proceedings."""

from django.urls import path

from countermark.node.web.proceedings import views

urlpatterns = [
    path("", views.proceedings, name="proceedings"),
    path("open/<slug:regime_id>/", views.open_one, name="proceeding-open"),
    path("<slug:proceeding_id>/", views.proceeding, name="proceeding"),
    *(
        path(f"<slug:proceeding_id>/{act}/", views.act, {"act": act}, name=f"proceeding-{act}")
        for act in ("happened", "take-back", "law")
    ),
]
