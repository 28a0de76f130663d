"""The addresses of feedback's pages."""

from django.urls import URLPattern, URLResolver, path

from feedback.views import feeds, releases, roadmap, same, similar_box, sorting, votes

urlpatterns: list[URLPattern | URLResolver] = [
    path("roadmap/", roadmap.roadmap, name="roadmap"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<str:slug>/", releases.release, name="release"),
    path("sort/", sorting.sort, name="sort"),
    path("sort/undo/", sorting.undo, name="sort-undo"),
    path("sort/keep/", sorting.keep, name="sort-keep"),
    path("sort/<int:post_id>/", sorting.answer, name="sort-answer"),
    path("feeds/roadmap.atom", feeds.roadmap, name="feed-roadmap"),
    path("feeds/releases.atom", feeds.releases, name="feed-releases"),
    path("posts/similar/", similar_box.similar, name="post-similar"),
    path("posts/<int:post_id>/vote/", votes.vote, name="post-vote"),
    path("posts/<int:post_id>/same/", same.same, name="post-same"),
]
