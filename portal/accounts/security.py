"""One's own account: password, second factor, recovery codes, where one is signed in."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyotp
import segno
from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.accounts import throttling
from portal.accounts.forms import ChangePasswordForm, LanguageForm, PresentPasswordForm, SecondFactorForm
from portal.identity import credentials, signing_in
from portal.identity.models import Person, SignIn
from portal.kernel import clock
from portal.kernel.errors import PortalError, TooMany
from portal.web.access import current_actor, signed_in
from portal.web.database import reader, settings, transaction
from portal.web.forms import Form
from portal.web.locale import current
from portal.web.rendering import page

blueprint = Blueprint("security", __name__, url_prefix="/account")


@blueprint.get("/")
@signed_in
def overview() -> Response:
    """Everything about one's own account on one page."""
    return _overview()


@blueprint.post("/password")
@signed_in
def change_password() -> Response:
    """Change the password; other sign-ins end."""
    form = ChangePasswordForm()
    if form.validate():
        try:
            with _proving(), transaction() as db:
                signing_in.set_password(
                    db, clock.now(), current_actor(), form.password.data, current=form.current.data
                )
        except PortalError as error:
            return _overview(password_form=_told(form, error), status=_status(error))
        else:
            flash(_("Your password is changed. You are signed out everywhere else."), "success")
            return redirect(url_for("security.overview"), 303)
    return _overview(password_form=form, status=422)


@blueprint.post("/language")
@signed_in
def change_language() -> Response:
    """Choose the language of mails."""
    form = LanguageForm()
    if form.validate():
        with transaction() as db:
            db.get_one(Person, current_actor().person_id).locale = form.locale.data
        flash(_("Saved."), "success")
    return redirect(url_for("security.overview"), 303)


@blueprint.post("/sign-ins/<int:sign_in_id>/end")
@signed_in
def end_sign_in(sign_in_id: int) -> Response:
    """End one sign-in, for a device that was lost or left."""
    if Form().validate():
        with transaction() as db:
            signing_in.end(db, clock.now(), current_actor(), sign_in_id)
        flash(_("That device is signed out."), "success")
    return redirect(url_for("security.overview"), 303)


@blueprint.get("/second-factor")
@signed_in
def second_factor() -> Response:
    """Scan the secret, give a first code."""
    if reader().get_one(Person, current_actor().person_id).totp_sealed is not None:
        return redirect(url_for("security.overview"), 303)
    return _second_factor_page(SecondFactorForm(secret=credentials.new_totp_secret()))


@blueprint.post("/second-factor")
@signed_in
def turn_on() -> Response:
    """Turn the second factor on; the recovery codes are shown once."""
    form = SecondFactorForm()
    if not form.validate():
        return _second_factor_page(form, 422)
    try:
        with transaction() as db:
            codes = signing_in.turn_on_second_factor(
                db, clock.now(), current_actor(), form.secret.data, form.code.data
            )
    except PortalError as error:
        form.take(error)
        return _second_factor_page(form, 422)
    return page("accounts/recovery_codes.html", codes=codes)


@blueprint.post("/recovery-codes")
@signed_in
def new_codes() -> Response:
    """Ten new recovery codes; the old ones are void."""
    form = PresentPasswordForm(place="codes")
    if not form.validate():
        return _overview(codes_form=form, status=422)
    try:
        with _proving(), transaction() as db:
            codes = signing_in.renew_recovery_codes(db, clock.now(), current_actor(), form.current.data)
    except PortalError as error:
        return _overview(codes_form=_told(form, error), status=_status(error))
    return page("accounts/recovery_codes.html", codes=codes)


@blueprint.post("/second-factor/off")
@signed_in
def turn_off() -> Response:
    """Turn the second factor off."""
    form = PresentPasswordForm(place="off")
    if form.validate():
        try:
            with _proving(), transaction() as db:
                signing_in.turn_off_second_factor(db, clock.now(), current_actor(), form.current.data)
        except PortalError as error:
            return _overview(off_form=_told(form, error), status=_status(error))
        else:
            flash(_("Signing in asks for the password only from now on."), "warning")
            return redirect(url_for("security.overview"), 303)
    return _overview(off_form=form, status=422)


@contextmanager
def _proving() -> Iterator[None]:
    """What is done here takes the present password, which is not to be guessed either."""
    person_id = current_actor().person_id
    throttling.count_present(person_id)
    yield
    throttling.forgive_present(person_id)


def _told(form: Form, error: PortalError) -> Form:
    form.take(error)
    return form


def _status(error: PortalError) -> int:
    return error.status if isinstance(error, TooMany) else 422


def _overview(
    password_form: Form | None = None,
    off_form: Form | None = None,
    codes_form: Form | None = None,
    status: int = 200,
) -> Response:
    actor, db = current_actor(), reader()
    person = db.get_one(Person, actor.person_id)
    live = select(SignIn).where(
        SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.expires_at > clock.now()
    )
    return page(
        "accounts/security.html",
        form=password_form or off_form or codes_form,
        password_form=password_form or ChangePasswordForm(),
        off_form=off_form or PresentPasswordForm(place="off"),
        codes_form=codes_form or PresentPasswordForm(place="codes"),
        language_form=LanguageForm(locale=person.locale or settings().default_locale),
        plain_form=Form(),
        person=person,
        sign_ins=db.scalars(live.order_by(SignIn.created_at.desc()).limit(50)).all(),
        status=status,
    )


def _second_factor_page(form: SecondFactorForm, status: int = 200) -> Response:
    if not credentials.is_totp_secret(form.secret.data or ""):
        form.secret.data = credentials.new_totp_secret()
    person = reader().get_one(Person, current_actor().person_id)
    name = person.staff_number or person.email or person.phone or person.name
    issuer = settings().site_name[current()]
    address = pyotp.TOTP(form.secret.data or "").provisioning_uri(name=name, issuer_name=issuer)
    drawing = segno.make(address, error="m").svg_inline(scale=5, border=4, light="#fff", omitsize=True)
    return page(
        "accounts/second_factor.html", form=form, qr=Markup(drawing), secret=form.secret.data, status=status
    )
