"""Addresses of joint cases and of what was shared."""

from django.urls import path

from countermark.node.web.cases import acting, gathering, opening, sharing, views

urlpatterns = [
    path("", views.cases, name="cases"),
    path("open/", opening.open_case, name="case-open"),
    path("shared/", sharing.shared, name="shared"),
    path("shared/give/", sharing.give, name="shared-give"),
    path("shared/<int:key>/", sharing.shared_item, name="shared-item"),
    path("shared/<int:key>/withdraw/", sharing.withdraw, name="shared-withdraw"),
    path("<slug:case_id>/", views.case, name="case"),
    path("<slug:case_id>/listings/", gathering.gather, name="case-gather"),
    path("<slug:case_id>/files/<slug:file_id>/", views.file, name="case-file"),
    path("<slug:case_id>/correct/<slug:entry>/", acting.correct, name="case-correct"),
    path("<slug:case_id>/<slug:what>/", acting.act, name="case-act"),
]
