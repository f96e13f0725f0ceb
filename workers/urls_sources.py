"""Where applicants come from: partners, their machines, files."""

from django.urls import path

from workers.views import imports, sources, sources_machine

urlpatterns = [
    path("sources/", sources.listing, name="sources"),
    path("sources/new/", sources.new, name="source-new"),
    path("sources/<int:pk>/", sources.source, name="source"),
    path("sources/<int:pk>/edit/", sources.edit, name="source-edit"),
    path("sources/<int:pk>/fees/", sources.fee, name="source-fee"),
    path("sources/<int:pk>/keys/", sources_machine.make_key, name="source-key"),
    path("sources/keys/<int:pk>/revoke/", sources_machine.revoke, name="source-key-revoke"),
    path("sources/<int:pk>/hook/", sources_machine.hook, name="source-hook"),
    path("sources/<int:pk>/hook/secret/", sources_machine.rotate, name="source-hook-secret"),
    path("sources/<int:pk>/hook/test/", sources_machine.test, name="source-hook-test"),
    path("sources/<int:pk>/news/", sources_machine.news, name="source-news"),
    path("sources/<int:pk>/news/replay/", sources_machine.replay_failed, name="source-replay-failed"),
    path("sources/news/<int:pk>/replay/", sources_machine.replay, name="source-replay"),
    path("sources/imports/", imports.listing, name="imports"),
    path("sources/imports/<int:pk>/", imports.file, name="import"),
    path("sources/imports/<int:pk>/columns/", imports.columns, name="import-columns"),
    path("sources/imports/<int:pk>/start/", imports.start, name="import-start"),
    path("sources/imports/<int:pk>/bad/", imports.bad, name="import-bad"),
]
