"""How the two ways into the API are named in its schema. Imported where the routes are."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension


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
