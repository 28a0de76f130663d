"""The form for those who have a password; everybody else signs in by a mailed code."""

from allauth.account.forms import LoginForm


class SignInForm(LoginForm):  # type: ignore[misc]
    """Asks for address and password. allauth drops the password where sign-up asks for none; ours only comes later."""

    def _setup_password_field(self) -> None:
        self.fields["password"].required = True
