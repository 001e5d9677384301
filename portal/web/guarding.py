"""For views: count a try, ask for and weigh the proof of trouble taken. The rules stand in `limits`, the
sum in `proof`; here they meet the request, and what they refuse becomes an error that pages can tell.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

from flask import Flask, current_app, request

from portal.kernel import clock
from portal.kernel.errors import Invalid, TooMany
from portal.kernel.words import N_
from portal.settings import Settings
from portal.web import limits, proof
from portal.web.limits import Limiter, RetryAfter

CHALLENGE: Final = "proof"
ANSWER: Final = "proof_answer"


def init_app(app: Flask, settings: Settings) -> None:
    """Keep the limiter and the memory of used challenges with the application."""
    app.extensions["portal_limiter"] = limits.make_limiter(settings.redis_url, settings.hall_networks)
    app.extensions["portal_spent"] = proof.make_spent(settings.redis_url)
    app.extensions["portal_proof_key"] = sha256(b"proof:" + settings.secret_key.encode()).digest()


def throttle(rule: str, key: str | None = None, cost: int = 1) -> None:
    """Count a try under a rule of `limits.RULES`; raises TooMany. Network rules count the caller's network."""
    answer = _limiter().hit(rule, key if key is not None else (request.remote_addr or ""), cost)
    if isinstance(answer, RetryAfter):
        raise TooMany(
            "too_many",
            N_("That was too often. Please wait %(minutes)d min and try again."),
            retry_after=answer.seconds,
            minutes=max((answer.seconds + 59) // 60, 1),
        )


def forgive(rule: str, key: str) -> None:
    """Forget the tries of that key: the right code or password was given."""
    _limiter().forgive(rule, key)


def fresh_challenge(purpose: str) -> str:
    """A challenge for a form's hidden field `proof` (the form: `data-proof`, and an empty `proof_answer`)."""
    return proof.issue(current_app.extensions["portal_proof_key"], purpose, clock.now())


def check_proof(purpose: str, form: Mapping[str, str], claim: str, unproved_rule: str) -> None:
    """Accept a form with a solved sum, or one that waited, which counts under the stricter rule.

    `claim` is the client's id of the submission: the same submission may be sent twice.
    Raises Invalid (the form is shown again, with a fresh challenge) or TooMany.
    """
    verdict = proof.judge(
        current_app.extensions["portal_proof_key"],
        purpose,
        form.get(CHALLENGE, ""),
        form.get(ANSWER, ""),
        clock.now(),
        spent=current_app.extensions["portal_spent"],
        claim=claim,
    )
    if verdict is proof.Verdict.WAITED:
        throttle(unproved_rule)
    elif verdict is proof.Verdict.TOO_SOON:
        raise Invalid("too_soon", N_("Please wait a few seconds, then send the form again."))
    elif not verdict.accepted:
        raise Invalid(
            "stale_form",
            N_("This form has been open for too long or was already sent. Please send it again."),
        )


def _limiter() -> Limiter:
    found: Limiter = current_app.extensions["portal_limiter"]
    return found
