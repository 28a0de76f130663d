"""How the two ways into the API are named in its schema, and where nobody has to come in. Imported where the routes are."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.permissions import SAFE_METHODS


class BearerScheme(OpenApiAuthenticationExtension):
    """A token in the Authorization header."""

    target_class = "community.api_auth.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "A token with the scopes read, write or staff."}


class BrowserScheme(OpenApiAuthenticationExtension):
    """The session of a signed-in browser."""

    target_class = "community.api_auth.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": "session", "description": "Writes need the CSRF token."}


class OpenReading(AutoSchema):
    """Reading is open to anyone, and says so: programs made from the schema do not ask for a token they need not have."""

    def get_auth(self) -> list[dict[str, Any]]:
        ways: list[dict[str, Any]] = super().get_auth()
        asking = self.method in SAFE_METHODS or getattr(self.view, "asking", False)
        return [*ways, {}] if asking and not getattr(self.view, "members_only", False) else ways
