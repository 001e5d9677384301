"""Likely repeats: what counts as the same text, and how alike two texts are."""

import csv
import os
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.cases.similarity import (
    LIKELY_REPEAT,
    PIECE,
    SKETCH,
    bare,
    fingerprint,
    likeness,
    lookup_keys,
    same_body,
)

LAMP = "西桥区春和路与学府街交叉口的路灯坏了半个月，晚上孩子放学很不安全，请尽快修好。"
TEXTS = st.text(max_size=200)


@pytest.mark.parametrize(
    ("one", "other", "same", "remark"),
    [
        (LAMP, LAMP, True, "sent twice"),
        (LAMP, LAMP.replace("，", ", ").replace("。", "!!"), True, "other punctuation"),
        ("Ａ１栋 漏水", "a1栋漏水", True, "width, case and spaces"),
        ("西橋區路燈壞了", "西桥区路灯坏了", True, "Traditional signs"),
        ("路\u200b灯\n坏了", "路灯坏了", True, "invisible signs and line breaks"),
        (LAMP, LAMP.replace("半个月", "一个月"), False, "one word changed"),
        ("", "", False, "two empty texts are no repeat"),
        ("……", "！！", False, "nor are ornaments alone"),
    ],
)
def test_the_same_text(one: str, other: str, same: bool, remark: str) -> None:
    assert bool(same_body(one) and same_body(one) == same_body(other)) is same, remark


@pytest.mark.parametrize(
    ("other", "least", "most", "remark"),
    [
        (LAMP, 1.0, 1.0, "the same"),
        (LAMP.replace("，", " "), 1.0, 1.0, "other punctuation"),
        (LAMP.replace("半个月", "一个多月"), 0.7, 0.95, "one word changed"),
        (f"您好！再次反映：{LAMP}谢谢领导！", 0.6, 0.9, "framed by courtesies"),
        ("春和路与学府街交叉口路灯不亮，孩子放学不安全，请尽快修好", LIKELY_REPEAT, 0.8, "told anew"),
        ("东澜区人民路的路灯坏了，请派人维修。", 0.0, 0.25, "another lamp"),
        ("幼儿园学费连年上涨，家长负担很重。", 0.0, 0.02, "another matter"),
        ("", 0.0, 0.0, "nothing"),
    ],
)
def test_how_alike(other: str, least: float, most: float, remark: str) -> None:
    assert least <= likeness(fingerprint(LAMP), fingerprint(other)) <= most, remark


@given(TEXTS, TEXTS)
def test_likeness_is_a_share_the_same_from_both_sides(one: str, other: str) -> None:
    first, second = fingerprint(one), fingerprint(other)
    assert 0 <= likeness(first, second) <= 1
    assert likeness(first, second) == likeness(second, first)
    assert likeness(first, first) == bool(bare(one))


@given(
    st.text("地铁站路灯坏了", min_size=PIECE, max_size=80),
    st.text("地铁站路灯坏了", min_size=PIECE, max_size=80),
)
def test_for_short_texts_likeness_is_the_exact_share_of_common_pieces(one: str, other: str) -> None:
    first, second = ({text[at : at + PIECE] for at in range(len(text) - PIECE + 1)} for text in (one, other))
    if len(first | second) <= SKETCH:
        assert likeness(fingerprint(one), fingerprint(other)) == len(first & second) / len(first | second)


@given(st.text(min_size=300, max_size=1000))
def test_a_fingerprint_is_bounded_and_begins_with_its_lookup_keys(text: str) -> None:
    found = fingerprint(text)
    assert len(found) <= SKETCH
    assert set(lookup_keys(found)) <= found
    assert all(0 <= number < 1 << 32 for number in found)


def test_fingerprints_never_change() -> None:
    """They are kept: another way of hashing would need a new column."""
    assert sorted(fingerprint("路灯坏了"))[:3] == [2076715440, 2995138572]
    assert same_body("路灯坏了！")[:16] == "c9b1e645e650a33b"


def test_a_long_text_and_its_slightly_changed_copy_share_a_lookup_key() -> None:
    text = "".join(chr(0x4E00 + number * 37 % 3000) for number in range(900))
    changed = text[:300] + "改动" + text[310:700] + text[720:]
    one, other = fingerprint(text), fingerprint(changed)
    assert likeness(one, other) > 0.8
    assert set(lookup_keys(one)) & set(lookup_keys(other))


def test_every_exact_repeat_of_the_real_data_is_found_and_nothing_else() -> None:
    folder = os.environ.get("OPENLOUNGE_DATA")
    if not folder:
        if os.environ.get("CI") == "true":
            pytest.fail("OPENLOUNGE_DATA must point at the data in CI")
        pytest.skip("OPENLOUNGE_DATA is not set")
    groups: dict[str, set[tuple[str, str]]] = {}
    for row in read(folder, "exact_duplicate_groups"):
        groups.setdefault(row["dup_group"], set()).add((row["table"], row["id"]))
    bodies = {
        (table, row["id"]): row["body"]
        for table in ("messages_votes", "messages_replies")
        for row in read(folder, table)
    }
    by_body: dict[str, set[tuple[str, str]]] = {}
    for key, body in bodies.items():
        by_body.setdefault(same_body(body), set()).add(key)
    found = {frozenset(keys) for keys in by_body.values() if len(keys) > 1}
    assert found == {frozenset(keys) for keys in groups.values()}
    for keys in found:
        for one, other in combinations(keys, 2):
            assert likeness(fingerprint(bodies[one]), fingerprint(bodies[other])) == 1


def read(folder: str, table: str) -> list[dict[str, str]]:
    with open(Path(folder) / "cn" / f"{table}.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))
