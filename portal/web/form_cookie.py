"""Flask's signed cookie, which only forms use here: opened where there is one, written where something is in it.

Flask makes a signer for every request, also for the many that neither have nor get a cookie.
"""

from flask import Flask, Request, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin


class FormCookie(SecureCookieSessionInterface):
    """As Flask's own, without work for those who have no cookie."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if self.get_cookie_name(app) in request.cookies:
            return super().open_session(app, request)
        return self.session_class()

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if session or session.modified or session.accessed:
            super().save_session(app, session, response)
