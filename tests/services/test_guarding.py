"""Limits and proof as views use them: what is counted, and what a person is told."""

from datetime import timedelta

import pytest

from portal.kernel import clock
from portal.kernel.errors import Invalid, TooMany
from portal.web import proof
from portal.web.guarding import check_proof, forgive, fresh_challenge, throttle

RULE = "appeal.unproved"


@pytest.fixture
def request_from(app):
    def made(address: str = "192.0.2.1"):
        return app.test_request_context("/", environ_base={"REMOTE_ADDR": address})

    return made


def test_who_guesses_too_often_is_told_how_long_to_wait(request_from):
    with request_from():
        for _ in range(6):
            throttle("receipt.code", "7K2M")
        with pytest.raises(TooMany) as refused:
            throttle("receipt.code", "7K2M")
        assert refused.value.retry_after == 180
        assert "3 min" in str(refused.value)
        throttle("receipt.code", "another")
        forgive("receipt.code", "7K2M")
        throttle("receipt.code", "7K2M")


def test_a_network_is_counted_from_the_request(request_from):
    for last in range(5):
        with request_from(f"192.0.2.{last}"):
            throttle(RULE)
    with request_from("192.0.2.99"), pytest.raises(TooMany):
        throttle(RULE)
    with request_from("192.0.3.99"):
        throttle(RULE)


def test_a_solved_form_is_accepted_without_counting(request_from):
    with request_from():
        for number in range(8):
            challenge = fresh_challenge("appeal")
            answer = proof.solve(challenge, proof.DIFFICULTY)
            check_proof("appeal", {"proof": challenge, "proof_answer": answer}, str(number), RULE)


def test_a_form_without_a_sum_waits_and_is_counted(request_from, monkeypatch):
    with request_from():
        challenges = [fresh_challenge("appeal") for _ in range(6)]
        with pytest.raises(Invalid, match="few seconds"):
            check_proof("appeal", {"proof": challenges[0]}, "0", RULE)
        later = clock.now() + timedelta(seconds=10)
        monkeypatch.setattr(clock, "now", lambda: later)
        for number in range(5):
            check_proof("appeal", {"proof": challenges[number]}, str(number), RULE)
        with pytest.raises(TooMany):
            check_proof("appeal", {"proof": challenges[5]}, "5", RULE)


def test_a_form_without_a_challenge_is_shown_again(request_from):
    with request_from(), pytest.raises(Invalid, match="open for too long"):
        check_proof("appeal", {}, "1", RULE)
