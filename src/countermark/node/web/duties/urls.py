"""Addresses of duties."""

from django.urls import path

from countermark.node.web.duties import acts, figures, views

urlpatterns = [
    path("", views.overview, name="duties"),
    path("lists/", views.listed, name="duties-lists"),
    path("lists/<slug:entry_id>/take-back/", acts.take_back, name="duties-take-back"),
    path("notices/<slug:notice_id>/", views.about_notice, name="duties-notice"),
    path("notices/<slug:notice_id>/<slug:act>/", acts.about_notice, name="duties-notice-act"),
    path("holds/", views.holds, name="duties-holds"),
    path("holds/place/", acts.place_hold, name="duties-hold-place"),
    path("holds/<slug:hold_id>/<slug:act>/", acts.change_hold, name="duties-hold-change"),
    path("publications/", views.publications, name="duties-publications"),
    path("publications/essence/", acts.draft_essence, name="duties-essence"),
    path("publications/<slug:name>/", views.publication, name="duties-publication"),
    path("publications/<slug:name>/<slug:act>/", acts.change_publication, name="duties-publication-act"),
    path("persons/", views.persons_desk, name="duties-persons"),
    path("persons/<slug:name>/", views.person, name="duties-person"),
    path("persons/<slug:name>/<slug:act>/", acts.change_request, name="duties-person-act"),
    path("informing/", views.informing_list, name="duties-informing"),
    path("informing/<int:number>/", acts.settle, name="duties-informing-settle"),
    path("figures/", figures.figures, name="conduct-figures"),
    path("figures/figures.csv", figures.as_csv, name="conduct-csv"),
    path("figures/transparency-report.zip", figures.as_tables, name="conduct-tables"),
    path("figures/figures.json", figures.as_json, name="conduct-json"),
    path("figures/log.csv", figures.log, name="conduct-log"),
    path("retention/", views.retention, name="duties-retention"),
    path("retention/<slug:subject>.json", views.receipt, name="duties-receipt"),
]
