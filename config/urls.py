"""Every address of the site, by app."""

from django.contrib import admin
from django.urls import include, path

from config import health

urlpatterns = [
    path("healthz", health.healthz),
    path("readyz", health.readyz),
    path("metrics", health.metrics),
    path("api/", include("config.api")),
    path("", include("feedback.urls")),
    path("", include("rewards.urls")),
    # Last of the three: its posts/<id>/<slug>/ would take their posts/<id>/vote/.
    path("", include("community.urls")),
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
]
