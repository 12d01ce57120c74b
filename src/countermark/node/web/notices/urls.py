"""Addresses of notices."""

from django.urls import path

from countermark.node.web.notices import acts, batches, bringing, buyers, calendar, filing, many, moving, passing, views

urlpatterns = [
    path("", views.notices, name="notices"),
    path("deadlines/", views.deadlines, name="notice-deadlines"),
    path("many/", many.many, name="notices-many"),
    path("many/file/", bringing.bring, name="notices-bring"),
    path("many/<slug:batch_id>/", batches.batch, name="notices-batch"),
    path("many/<slug:batch_id>/again/", batches.again, name="notices-batch-again"),
    path("many/<slug:batch_id>/undo/", batches.undo, name="notices-batch-undo"),
    path("calendar/", calendar.link, name="notice-calendar"),
    path("calendar/revoke/", calendar.revoke, name="notice-calendar-revoke"),
    path("file/<slug:finding_id>/", filing.file, name="notice-file"),
    path("<slug:notice_id>/", views.notice, name="notice"),
    path("<slug:notice_id>/law/", moving.law, name="notice-law"),
    path("<slug:notice_id>/decide/", acts.decide, name="notice-decide"),
    path("<slug:notice_id>/link/", acts.link, name="notice-link"),
    path("<slug:notice_id>/buyers/", buyers.page, name="notice-buyers"),
    path("<slug:notice_id>/buyers/orders.csv", buyers.references, name="notice-buyers-references"),
    *(
        path(f"<slug:notice_id>/buyers/{act}/", buyers.act, {"act": act}, name=f"notice-buyers-{act}")
        for act in ("begin", "orders", "done")
    ),
    path("<slug:notice_id>/passing/", passing.passing_on, name="notice-passing"),
    path("<slug:notice_id>/brought/<slug:sha256>/", passing.brought, name="notice-brought"),
    path("<slug:notice_id>/papers/<slug:sha256>/", views.paper, name="notice-paper"),
    *(
        path(f"<slug:notice_id>/{act}/", acts.act, {"act": act}, name=f"notice-{act}")
        for act in (
            "undo",
            "send",
            "withdraw",
            "suit",
            "answer",
            "reply",
            "complain",
            "accept",
            "body",
            "extend",
            "settle",
        )
    ),
]
