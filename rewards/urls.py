"""The addresses of rewards's pages."""

from django.urls import URLPattern, URLResolver, path

from rewards.views import points

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/points/", points.points, name="points"),
    path("honours/", points.honours, name="honours"),
]
