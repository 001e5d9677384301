"""The demonstration's one click."""

from flask import Blueprint
from werkzeug.wrappers import Response
from wtforms import HiddenField
from wtforms.validators import InputRequired, Length

from portal.accounts import demo
from portal.accounts.views import let_in
from portal.kernel.errors import Forbidden
from portal.kernel.words import N_
from portal.web.access import public
from portal.web.forms import Form, Whole

blueprint = Blueprint("demo_sign_in", __name__, url_prefix="/account")


class DemoForm(Form):
    """Whom to play."""

    person = Whole(validators=[InputRequired()])
    next = HiddenField(validators=[Length(max=500)])


@blueprint.post("/demo")
@public
def play() -> Response:
    """Sign in as one of the invented people that the sign-in page offers, and as nobody else."""
    form = DemoForm()
    if not form.validate() or form.person.data not in {person.id for person in demo.people()}:
        raise Forbidden(
            "no_demo", N_("Signing in with one click works only in the demonstration, on this machine.")
        )
    return let_in(form.person.data, "demo", form.next.data or "")
