"""The addresses of the API, version 1, with its schema and its pages to try it."""

from django.urls import URLPattern, path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerView

from community import api as community
from community import api_pictures as pictures
from community import api_schema  # noqa: F401 - names the ways in
from feedback import api as feedback
from rewards import api as rewards

urlpatterns: list[URLPattern] = [
    path("v1/boards", community.BoardsView.as_view()),
    path("v1/posts", community.PostsView.as_view()),
    path("v1/posts/<int:pk>", community.PostView.as_view()),
    path("v1/posts/<int:pk>/comments", community.CommentsView.as_view()),
    path("v1/posts/<int:pk>/vote", feedback.VoteView.as_view()),
    path("v1/posts/<int:pk>/score", feedback.ScoreView.as_view()),
    path("v1/pictures", pictures.PicturesView.as_view()),
    path("v1/similar", feedback.SimilarView.as_view()),
    path("v1/roadmap", feedback.RoadmapView.as_view()),
    path("v1/releases", feedback.ReleasesView.as_view()),
    path("v1/members/<str:username>", community.MemberView.as_view()),
    path("v1/me", community.MeView.as_view()),
    path("v1/me/points", rewards.PointsView.as_view()),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="api-docs"),
]
