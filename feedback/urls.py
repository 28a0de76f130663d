"""The addresses of feedback's pages."""

from django.urls import URLPattern, URLResolver, path

from feedback.views import releases, roadmap, same, similar_box, votes

urlpatterns: list[URLPattern | URLResolver] = [
    path("roadmap/", roadmap.roadmap, name="roadmap"),
    path("releases/", releases.releases, name="releases"),
    path("releases/<str:slug>/", releases.release, name="release"),
    path("posts/similar/", similar_box.similar, name="post-similar"),
    path("posts/<int:post_id>/vote/", votes.vote, name="post-vote"),
    path("posts/<int:post_id>/same/", same.same, name="post-same"),
]
