"""The addresses of feedback's pages."""

from django.urls import URLPattern, URLResolver, path

from feedback.views import similar_box, votes

urlpatterns: list[URLPattern | URLResolver] = [
    path("posts/similar/", similar_box.similar, name="post-similar"),
    path("posts/<int:post_id>/vote/", votes.vote, name="post-vote"),
]
