"""Signing in and out, and the one-time link."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, flash, redirect, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from portal.accounts import demo, throttling
from portal.accounts.forms import NewPasswordForm, SecondStepForm, SignInForm
from portal.identity import credentials, signing_in
from portal.kernel import clock
from portal.kernel.errors import NotFound, PortalError, TooMany
from portal.kernel.words import N_
from portal.web.access import COOKIE, current_actor, public, signed_in
from portal.web.database import reader, settings, transaction
from portal.web.forms import Form
from portal.web.guarding import throttle
from portal.web.limits import network_of
from portal.web.rendering import page

blueprint = Blueprint("accounts", __name__, url_prefix="/account")
SECOND_STEP_LASTS = timedelta(minutes=10)
WRONG = N_("The name or the password is not right. Check both; capital letters count.")


@blueprint.get("/sign-in")
@public
def sign_in() -> Answer:
    """The sign-in form; in the demonstration also one button per role."""
    if current_actor().signed_in:
        return redirect(url_for("desk.start"), 303)
    return _sign_in_page(SignInForm(data={"next": request.args.get("next", "")}))


@blueprint.post("/sign-in")
@public
def sign_in_with_password() -> Answer:
    """Name and password; on to the second step where there is one."""
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form, 422)
    with_name = signing_in.find(reader(), form.name.data)
    try:
        throttling.count_try(with_name.person_id if with_name else None, form.name.data)
    except TooMany as error:
        form.take(error)
        return _too_many(_sign_in_page(form, 429), error)
    if not credentials.password_is(form.password.data, with_name.password_hash if with_name else None):
        form.refuse("wrong", WRONG)
        return _sign_in_page(form, 422)
    assert with_name is not None
    throttling.forgive_tries(with_name.person_id)
    if with_name.has_second_factor:
        session["second_step"] = [with_name.person_id, clock.now().isoformat(), form.next.data or ""]
        return redirect(url_for("accounts.second_step"), 303)
    return let_in(with_name.person_id, "password", form.next.data or "")


@blueprint.get("/second-step")
@public
def second_step() -> Answer:
    """Where the code of the second factor is asked for."""
    if _halfway() is None:
        return redirect(url_for("accounts.sign_in"), 303)
    return page("accounts/second_step.html", form=SecondStepForm())


@blueprint.post("/second-step")
@public
def check_second_step() -> Answer:
    """The code of the app, or a recovery code."""
    halfway = _halfway()
    if halfway is None:
        flash(_("Please sign in again: that took too long."), "warning")
        return redirect(url_for("accounts.sign_in"), 303)
    person_id, target = halfway
    form = SecondStepForm()
    if not form.validate():
        return page("accounts/second_step.html", form=form, status=422)
    try:
        throttle("second_factor.account", f"person:{person_id}")
    except TooMany as error:
        form.take(error)
        return _too_many(page("accounts/second_step.html", form=form, status=429), error)
    with transaction() as db:
        right = signing_in.check_second_factor(db, clock.now(), person_id, form.code.data)
    if not right:
        form.refuse(
            "wrong_code", N_("This code is not right or was used before. Take the newest one."), "code"
        )
        return page("accounts/second_step.html", form=form, status=422)
    session.pop("second_step", None)
    return let_in(person_id, "second_factor", target)


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Answer:
    """End this sign-in, in every process at once."""
    if not _token_fits():
        return redirect(url_for("security.overview"), 303)
    actor = current_actor()
    if actor.sign_in_id is not None:
        with transaction() as db:
            signing_in.end(db, clock.now(), actor, actor.sign_in_id)
    session.clear()
    response = redirect("/", 303)
    response.delete_cookie(COOKIE)
    return response


@blueprint.get("/welcome/<token>")
@public
def welcome(token: str) -> Answer:
    """A one-time link: choose a password. Looking does not use it up."""
    return _welcome_page(token, NewPasswordForm())


@blueprint.post("/welcome/<token>")
@public
def choose_password(token: str) -> Answer:
    """Set the password and sign in."""
    form = NewPasswordForm()
    if not form.validate():
        return _welcome_page(token, form, 422)
    try:
        with transaction() as db:
            person_id = signing_in.use_link(db, clock.now(), token, form.password.data)
    except NotFound:
        return _welcome_page(token, form)
    except PortalError as error:
        form.take(error)
        return _welcome_page(token, form, 422)
    return let_in(person_id, "link", "")


def let_in(person_id: int, method: str, target: str) -> Answer:
    """Set the cookies of a finished sign-in and go where the person wanted to."""
    with transaction() as db:
        token = signing_in.begin(
            db,
            clock.now(),
            person_id,
            method=method,
            network=network_of(request.remote_addr or ""),
            agent=_browser(),
        )
    response = redirect(_own_address(target), 303)
    secure = settings().base_url.startswith("https://")
    lasts = int(signing_in.SIGN_IN_LASTS.total_seconds())
    response.set_cookie(COOKIE, token, max_age=lasts, httponly=True, samesite="Lax", secure=secure)
    response.set_cookie(
        throttling.COOKIE,
        throttling.mark_device(person_id),
        max_age=throttling.LASTS,
        httponly=True,
        samesite="Lax",
        secure=secure,
    )
    return response


def _sign_in_page(form: SignInForm, status: int = 200) -> Answer:
    return page("accounts/sign_in.html", form=form, people=demo.people(), status=status)


def _welcome_page(token: str, form: NewPasswordForm, status: int = 200) -> Answer:
    person = signing_in.link_owner(reader(), clock.now(), token[:100])
    if person is None:
        return page("accounts/link_over.html", status=410)
    response = page("accounts/welcome.html", form=form, person_name=person.name, status=status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _halfway() -> tuple[int, str] | None:
    """Who has given the right password and still owes the second factor."""
    kept: Any = session.get("second_step")
    if not kept or clock.now() - datetime.fromisoformat(kept[1]) > SECOND_STEP_LASTS:
        session.pop("second_step", None)
        return None
    return int(kept[0]), str(kept[2])


def _own_address(target: str) -> str:
    """Only pages of our own: `//elsewhere`, `/\\elsewhere` and full addresses lead to the desk."""
    local = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if local else url_for("desk.start")


def _browser() -> str:
    agent = request.user_agent.string
    for name in ("MicroMessenger", "Edg", "Firefox", "OPR", "Chrome", "Safari"):
        if name in agent:
            return {"MicroMessenger": "WeChat", "Edg": "Edge", "OPR": "Opera"}.get(name, name)
    return ""


def _token_fits() -> bool:
    return bool(Form().validate())


def _too_many(response: Answer, error: TooMany) -> Answer:
    response.headers["Retry-After"] = str(error.retry_after)
    return response
