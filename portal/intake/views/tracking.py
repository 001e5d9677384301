"""Receipt number and query code open the asker's page. Guessing is made slow; who holds the code gets in.

Decision and reasons: docs/decisions/0030-throttle-for-query-codes.md.
"""

import unicodedata
from hashlib import sha256

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases.service import appeal_by_code
from portal.intake import askers
from portal.intake.forms import TrackForm
from portal.intake.views import blueprint
from portal.kernel.codes import normalise
from portal.kernel.errors import Invalid, PortalError, TooMany
from portal.kernel.series import RECEIPT
from portal.kernel.words import N_
from portal.web.access import public
from portal.web.database import reader
from portal.web.guarding import check_proof, forgive, fresh_challenge, throttle
from portal.web.limits import network_of
from portal.web.rendering import page

PROOF = "track"
NO_MATCH = N_("This number and this code do not belong together. Check both.")


@blueprint.get("/appeals/track")
@public
def track() -> Response:
    """Ask for number and code; the QR code of a receipt fills in the number."""
    return _show(TrackForm(data={"receipt": request.args.get("receipt", "")[:20]}), slow=False)


@blueprint.post("/appeals/track")
@public
def open_mine() -> Response:
    """On to the asker's page, or the same words for a wrong number and a wrong code."""
    form = TrackForm()
    if not form.validate():
        return _show(form, 422)
    receipt = _tidy(form.receipt.data)
    try:
        _count_try(receipt)
        appeal_id = appeal_by_code(reader(), receipt, normalise(form.code.data))
        if appeal_id is None:
            raise Invalid("no_match", NO_MATCH, field="code")
    except PortalError as error:
        form.take(error)
        return _show(form, error.status)
    forgive("receipt.code", _place(receipt))
    return askers.admit(redirect(url_for(".mine", receipt=receipt), 303), receipt, appeal_id)


def _count_try(receipt: str) -> None:
    """Let this try through: the first ones at once, later ones only after a sum or a wait.

    A stranger's tries can bring the holder of the code to the sum, never to a closed door.
    """
    try:
        throttle("receipt.code", _place(receipt))
        throttle("receipt.network")
        throttle("receipt.tries", receipt)
    except TooMany as error:
        try:
            check_proof(PROOF, request.form, _claim(), "receipt.unproved")
        except Invalid:
            raise error from None


def _place(receipt: str) -> str:
    return f"{receipt} from {network_of(request.remote_addr or '')}"


def _claim() -> str:
    """A sum is good for one try: with other words in the form it counts as used."""
    asked = "\x1f".join(request.form.get(name, "")[:100] for name in ("receipt", "code"))
    return sha256(asked.encode("utf-8", "replace")).hexdigest()


def _tidy(typed: str) -> str:
    """A receipt number as it is kept, however it was typed."""
    if same := RECEIPT.same(typed):
        return same
    wide = unicodedata.normalize("NFKC", typed).upper().replace(" ", "")
    return wide.replace("–", "-").replace("—", "-").replace("_", "-")[:20]


def _show(form: TrackForm, status: int = 200, *, slow: bool = True) -> Response:
    """With a sum to be done once something went wrong."""
    if slow:
        form.proof.data, form.proof_answer.data = fresh_challenge(PROOF), ""
    return page("intake/track.html", status=status, form=form, slow=slow)
