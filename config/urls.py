"""Every address of the site, by app."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("community.urls")),
    path("", include("feedback.urls")),
    path("", include("rewards.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
