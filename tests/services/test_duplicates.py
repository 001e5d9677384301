"""Likely repeats over all cases: what is found, in which groups, and what is left out."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from portal import cli
from portal.cases.past import prepare
from portal.cases.queries import duplicates
from portal.cases.service import bulk, erase_appeal, merge
from portal.identity.actors import SYSTEM
from portal.kernel.db import Database
from tests.builders import a_case, an_appeal
from tests.cast import NOW, City
from tests.conftest import KEYS
from tests.services.test_history_in_bulk import LAMP
from tests.statements import counted

NOISE = "幸福里小区对面的工地每天夜里两点还在打桩，孩子睡不着，老人心脏受不了，请城管来看一看。"


def take(database: Database, *said: tuple[str, str]) -> None:
    appeals = [
        replace(LAMP, external_id=str(number), title=title, body=body)
        for number, (title, body) in enumerate(said)
    ]
    with database.transaction() as db:
        bulk.take_in(db, NOW, SYSTEM, 4, [prepare(KEYS, appeal) for appeal in appeals])


def found(database: Database) -> list[set[str]]:
    with database.reading() as db:
        return [{case.external_id or "" for case in group.cases} for group in duplicates.groups(db)]


@pytest.mark.parametrize(
    ("said", "expected", "remark"),
    [
        ([("工地", NOISE), ("井盖", "井盖不见了，路人差点摔倒。")], [], "two matters"),
        ([("工地", NOISE), ("施工扰民", NOISE)], [{"0", "1"}], "sent twice under another title"),
        ([("工地", NOISE), ("工地", NOISE.replace("两点", "三点多"))], [{"0", "1"}], "a little changed"),
        (
            [
                ("工地", NOISE),
                ("漏水", "屋顶漏水了，物业没人管，天花板都泡坏了。"),
                ("工地", f"再次反映！{NOISE}"),
                ("噪声", NOISE),
            ],
            [{"0", "2", "3"}],
            "three in one group",
        ),
        ([("工地", "如题"), ("井盖", "如题")], [], "two that say nothing but in their titles"),
        (
            [("工地太吵了请管一管", "如题"), ("工地太吵了，请管一管", "如题。")],
            [{"0", "1"}],
            "the same in their titles",
        ),
    ],
)
def test_what_counts_as_a_likely_repeat(
    database: Database, said: list[tuple[str, str]], expected: list[set[str]], remark: str
) -> None:
    take(database, *said)
    assert found(database) == expected, remark


def test_a_piece_that_very_many_have_connects_nobody(database: Database) -> None:
    same = "您好，领导辛苦了，"
    words = [chr(0x4E00 + n * 211) * 2 + chr(0x5000 + n * 97) * 3 for n in range(duplicates.COMMON + 6)]
    take(database, *((word, same + word * 3) for word in words))
    assert found(database) == []


def test_many_of_the_same_text_are_one_group(database: Database) -> None:
    take(database, *((f"第{n}次", NOISE) for n in range(duplicates.COMMON + 6)))
    assert [len(group) for group in found(database)] == [duplicates.COMMON + 6]


def test_likeness_does_not_run_on_until_everything_hangs_together(database: Database) -> None:
    halves = [
        chr(0x4E00 + 61 * n) + "".join(chr(0x5000 + 113 * n + 7 * sign) for sign in range(30))
        for n in range(9)
    ]
    take(database, *((str(n), halves[n] + halves[n + 1]) for n in range(8)))
    groups = found(database)
    assert all(len(group) <= 4 for group in groups)
    assert {number for group in groups for number in group} == {str(n) for n in range(8)}


def test_what_is_merged_or_erased_is_no_repeat_any_more(database: Database, city: City) -> None:
    with database.transaction() as db:
        mei = city.actor(db, "mei")
        into = a_case(db, city, "screened", body=NOISE)
        other = a_case(db, city, "screened", body=NOISE)
        third = an_appeal(db, body=NOISE)
    with database.reading() as db:
        assert [len(group.cases) for group in duplicates.groups(db)] == [3]
    with database.transaction() as db:
        merge(db, NOW, mei, other.case_id, into.case_id, "同一件事")
    with database.reading() as db:
        (group,) = duplicates.groups(db)
        assert {case.ref for case in group.cases} == {into.ref, third.ref}
    with database.transaction() as db:
        erase_appeal(db, NOW, mei, third.appeal_id, "本人要求")
    with database.reading() as db:
        assert duplicates.groups(db) == []


def test_it_asks_little_of_the_database(database: Database) -> None:
    take(database, *((f"第{n}次", NOISE) for n in range(20)))
    with database.reading() as db, counted(database) as statements:
        duplicates.groups(db)
    assert len(statements) <= 4


def test_the_command_lists_groups_for_people_and_for_machines(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.services.test_importing import ENVIRONMENT

    for name, value in (ENVIRONMENT | {"PORTAL_DATABASE_URL": database_url}).items():
        monkeypatch.setenv(name, value)
    take(database, ("工地", NOISE), ("施工扰民", NOISE))
    told = CliRunner().invoke(cli.portal, ["case", "duplicates"])
    assert told.exit_code == 0
    assert told.stdout.startswith("2 cases, up to ")
    assert "B26-00001  2019-04-24  submitted    工地" in told.stdout
    (group,) = json.loads(CliRunner().invoke(cli.portal, ["case", "duplicates", "--json"]).stdout)
    assert [case["external_id"] for case in group["cases"]] == ["0", "1"]
    assert group["pairs"][0]["same"] is True
    assert group["pairs"][0]["refs"] == ["B26-00001", "B26-00002"]
