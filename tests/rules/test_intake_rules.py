"""What the form notices: danger, signs of spam; how numbers and codes are read and read out."""

import pytest

from portal.intake.forms import phone_number
from portal.intake.reading_out import groups, spoken
from portal.intake.rules import emergencies, suspicions


@pytest.mark.parametrize(
    "text, numbers, remark",
    [
        ("楼上着火了，浓烟很大", ("119",), "fire"),
        ("樓上著火了", ("119",), "Traditional script"),
        ("有老人晕倒在路边，没有呼吸", ("120",), "ambulance"),
        ("邻居持刀威胁，已经有人受伤昏迷", ("120", "110"), "two at once"),
        ("the kitchen is ON FIRE", ("119",), "English, capitals"),
        ("消防通道被占用，担心以后出事", (), "a worry, no danger now"),
        ("小区 110 号楼的路灯坏了", (), "a house number"),
        ("", (), "nothing"),
    ],
)
def test_danger_is_recognised(text: str, numbers: tuple[str, ...], remark: str) -> None:
    assert emergencies(text) == numbers, remark


@pytest.mark.parametrize(
    "facts, found, remark",
    [
        ({"text": "路灯坏了", "trapped": False, "seconds": 60}, (), "a person"),
        ({"text": "路灯坏了", "trapped": True, "seconds": 60}, ("trap",), "the hidden field"),
        ({"text": "路灯坏了", "trapped": False, "seconds": 1}, ("haste",), "in a second"),
        ({"text": "见 https://a.example 网页", "trapped": False, "seconds": 60}, (), "one link is no crime"),
        ({"text": "www.a.com www.b.com http://c.cn", "trapped": False, "seconds": 60}, ("links",), "many"),
        (
            {"text": "www.a.com www.b.com c.top", "trapped": True, "seconds": 0},
            ("trap", "haste", "links"),
            "all",
        ),
    ],
)
def test_signs_of_spam(facts: dict[str, object], found: tuple[str, ...], remark: str) -> None:
    assert suspicions(**facts) == found, remark  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "typed, kept",
    [
        ("13900000000", "13900000000"),
        ("+86 139 0000 0000", "13900000000"),
        ("１３９－００００－００００", "13900000000"),
        ("0516-8321 0000", "051683210000"),
        ("(0516)83210000", "051683210000"),
        ("400 800 1234", "4008001234"),
        ("+44 20 7946 0000", "+442079460000"),
        ("1380013800", None),
        ("23900000000", None),
        ("电话在楼下", None),
        ("9" * 500, None),
    ],
)
def test_phone_numbers_are_kept_as_they_are_dialled(typed: str, kept: str | None) -> None:
    assert phone_number(typed) == kept


def test_a_code_is_read_out_in_groups() -> None:
    assert groups("6XQXBMX5V1EBV1AC") == ["6XQX", "BMX5", "V1EB", "V1AC"]
    assert spoken("V1EB", "en") == "Victor · one · Echo · Bravo"
    assert spoken("V1E0", "zh_Hans") == "V 幺 E 零"
