"""What counts as a promise, and which way a commitment may go: examples, each with a remark."""

from datetime import date, timedelta

import pytest

from portal.commitments.rules import check_day, check_text, is_verifiable
from portal.commitments.workflow import TRANSITIONS, CommitmentState, Wish, check, ending, wishes
from portal.kernel.errors import Invalid, Refused

TODAY = date(2026, 6, 18)


@pytest.mark.parametrize(
    ("text", "verifiable", "remark"),
    [
        ("更换 12 盏路灯", True, "a figure"),
        ("三处积水点清淤", True, "a Chinese figure with what it counts"),
        ("路灯全部修好", True, "a result that is there or not"),
        ("账目上墙公示，接受业主核对", True, "published where everybody can look"),
        ("尽快推进此项工作", False, "an intention and nothing else"),
        ("高度重视，加强巡查，进一步研究解决办法", False, "four intentions"),
        ("研究安装事宜", False, "to study an installation installs nothing"),
        ("力争完成", False, "to strive for completion completes nothing"),
        ("力争 6 月 30 日前完成 3 公里", True, "there is a figure to hold them to, whatever they strive for"),
        ("加强巡查，并拆除违建", True, "beside the intention stands a result"),
        ("The pump is repaired and tested", True, "a result in English"),
        ("We will look into it as soon as possible", False, "an intention in English"),
        ("", False, "nothing"),
    ],
)
def test_a_promise_says_something_that_can_be_checked(text: str, verifiable: bool, remark: str) -> None:
    assert is_verifiable(text) is verifiable, remark


@pytest.mark.parametrize(
    ("what", "how", "code"),
    [
        ("路灯修好", "更换灯头并试亮，张贴结果。", None),
        ("", "更换灯头并试亮，张贴结果。", "empty"),
        ("路灯修好", "  ", "empty"),
        ("路灯修好", "换灯。", "not_verifiable"),
        ("路灯问题", "尽快推进解决，加强日常巡查。", "not_verifiable"),
        ("路" * 121, "更换灯头并试亮，张贴结果。", "too_long"),
    ],
)
def test_words_that_promise_nothing_are_refused(what: str, how: str, code: str | None) -> None:
    if code is None:
        check_text(what, how)
        return
    with pytest.raises(Invalid) as refused:
        check_text(what, how)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("day", "code", "remark"),
    [
        (None, "no_day", "a promise without a date is none"),
        (TODAY - timedelta(days=1), "day_over", "yesterday"),
        (TODAY, "day_over", "today is no future"),
        (TODAY + timedelta(days=1), None, "tomorrow"),
        (TODAY + timedelta(days=2), None, "a rest day may be promised, too"),
        (TODAY + timedelta(days=4 * 365), "day_too_far", "a slip of the pen"),
    ],
)
def test_a_promise_has_a_day_that_lies_ahead(day: date | None, code: str | None, remark: str) -> None:
    if code is None:
        check_day(day, TODAY)
        return
    with pytest.raises(Invalid) as refused:
        check_day(day, TODAY)
    assert refused.value.code == code, remark


MOVES = {
    "proposed": "made dropped",
    "dropped": "",
    "made": "in_progress kept kept_late partly_kept broken released",
    "in_progress": "kept kept_late partly_kept broken released",
    "kept": "",
    "kept_late": "",
    "partly_kept": "kept_late",
    "broken": "kept_late",
    "released": "",
}


@pytest.mark.parametrize("source", list(CommitmentState))
@pytest.mark.parametrize("target", list(CommitmentState))
def test_exactly_these_moves_are_permitted(source: CommitmentState, target: CommitmentState) -> None:
    if target in MOVES[source].split():
        check(source, target)
    else:
        with pytest.raises(Refused) as refused:
            check(source, target)
        assert refused.value.params == {"before": source.value, "after": target.value}
    assert set(MOVES) == set(TRANSITIONS)


@pytest.mark.parametrize(
    ("wish", "late", "before", "state", "remark"),
    [
        (Wish.KEPT, False, False, "kept", "said to be done in time"),
        (Wish.KEPT, True, False, "kept_late", "said to be done after the day"),
        (Wish.KEPT, False, True, "kept_late", "it had been called broken before"),
        (Wish.PARTLY_KEPT, False, False, "partly_kept", "in time or not"),
        (Wish.BROKEN, True, False, "broken", "the day is over"),
        (Wish.RELEASED, False, False, "released", "taken back"),
    ],
)
def test_where_an_agreed_proposal_leads(
    wish: Wish, late: bool, before: bool, state: str, remark: str
) -> None:
    assert ending(wish, late=late, ended_before=before) == state, remark


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("proposed", ""),
        ("dropped", ""),
        ("made", "change kept partly_kept broken released"),
        ("in_progress", "change kept partly_kept broken released"),
        ("kept", ""),
        ("kept_late", ""),
        ("partly_kept", "kept"),
        ("broken", "kept"),
        ("released", ""),
    ],
)
def test_what_may_be_proposed_in_each_state(state: str, offered: str) -> None:
    assert wishes(CommitmentState(state)) == tuple(Wish(code) for code in offered.split())
