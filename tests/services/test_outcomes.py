"""An outcome is written by one person, released by another, linked to its cases, and corrected only in the open."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.kernel.db import Database
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Refused
from portal.ledger.models import PublicationRecord
from portal.outcomes import queries, service
from portal.outcomes.models import Outcome, OutcomeCase
from portal.outcomes.service import Words
from portal.outcomes.workflow import MOVES, OutcomeState
from portal.publishing.models import PublishedCase
from tests.builders import a_case
from tests.cast import NOW, City
from tests.published import publish

TEXT = Words("procedure_improved", "加装电梯一窗收件", "材料**只交一次**。", 2, date(2026, 6, 1))
RULE = replace(TEXT, kind="rule_issued", document_no="平政规〔2026〕4号")


def draft(database: Database, city: City, by: str = "mei", words: Words = TEXT) -> int:
    with database.transaction() as db:
        return service.draft(db, NOW, city.actor(db, by), words).id


def proposed(database: Database, city: City, words: Words = TEXT) -> int:
    number = draft(database, city, words=words)
    do(database, city, "mei", service.propose, number)
    return number


def approve(database: Database, city: City, number: int, by: str = "nuo", **how) -> Outcome:
    with database.transaction() as db:
        version = db.get_one(Outcome, number).version
        return service.approve(db, NOW, city.actor(db, by), number, **{"version": version, **how})


def published(database: Database, city: City, words: Words = TEXT) -> Outcome:
    return approve(database, city, proposed(database, city, words))


def do(database: Database, city: City, by: str, act, *arguments) -> Outcome:
    with database.transaction() as db:
        return act(db, NOW, city.actor(db, by), *arguments)


def links(database: Database, number: int) -> set[int]:
    with database.reading() as db:
        return set(db.scalars(select(OutcomeCase.case_id).where(OutcomeCase.outcome_id == number)))


def test_one_writes_another_releases_and_everybody_reads(database, city):
    outcome = published(database, city, RULE)
    assert outcome.ref == "O26-0001"
    with database.reading() as db:
        found = queries.page_of(db, "O26-0001")
        assert (found.title, found.document_no, found.effective_on) == (
            TEXT.title,
            "平政规〔2026〕4号",
            date(2026, 6, 1),
        )
        record = db.scalars(select(PublicationRecord)).one()
        assert (record.author_id, record.approver_id) == (city.person("mei"), city.person("nuo"))
        assert (record.content["body"], record.content["effective_on"]) == (TEXT.body, "2026-06-01")
        assert queries.counts(db) == {"rule_issued": 1}


@pytest.mark.parametrize("who", ["lin", "hou", "an", "ke", "ji", "he"])
def test_who_may_not_write_or_decide_is_refused(database, city, who):
    with pytest.raises(Forbidden):
        draft(database, city, by=who)
    number = proposed(database, city)
    with pytest.raises(Forbidden):
        approve(database, city, number, by=who)
    with pytest.raises(Forbidden):
        do(database, city, who, service.withdraw, approve(database, city, number).id, "错了")


def test_nobody_releases_what_they_wrote_or_touched(database, city):
    number = proposed(database, city)
    with pytest.raises(Refused, match="second_person_required"):
        approve(database, city, number, by="mei")
    do(database, city, "su", service.take_back, number)
    with database.transaction() as db:
        version = db.get_one(Outcome, number).version
        service.edit(db, NOW, city.actor(db, "nuo"), number, TEXT, version)
    do(database, city, "mei", service.propose, number)
    with pytest.raises(Refused, match="second_person_required"):
        approve(database, city, number, by="nuo")
    assert approve(database, city, number, by="su").state == "published"


@pytest.mark.parametrize("approver", ["mei", None])
def test_the_database_itself_wants_two_persons(database, city, approver):
    number = published(database, city).id
    with pytest.raises(IntegrityError), database.transaction() as db:
        db.get_one(Outcome, number).approved_by_id = city.person(approver) if approver else None


def test_what_is_public_is_not_edited(database, city):
    outcome = published(database, city)
    for act in (
        lambda db, actor: service.edit(db, NOW, actor, outcome.id, TEXT, outcome.version),
        lambda db, actor: service.take_back(db, NOW, actor, outcome.id),
        lambda db, actor: service.send_back(db, NOW, actor, outcome.id, "再改"),
        lambda db, actor: service.discard(db, NOW, actor, outcome.id),
        lambda db, actor: service.propose(db, NOW, actor, outcome.id),
    ):
        with pytest.raises(Refused), database.transaction() as db:
            act(db, city.actor(db, "su"))


def test_suspected_personal_data_has_to_be_looked_at(database, city):
    number = proposed(database, city, replace(TEXT, body="请致电王小满 13900001234。"))
    with pytest.raises(Invalid, match="Look at the marked places"):
        approve(database, city, number)
    assert approve(database, city, number, checked=True).state == "published"


def test_two_who_write_at_once_are_told(database, city):
    number = draft(database, city)
    with database.transaction() as db:
        service.edit(db, NOW, city.actor(db, "mei"), number, RULE, 1)
    with pytest.raises(Conflict), database.transaction() as db:
        service.edit(db, NOW, city.actor(db, "nuo"), number, TEXT, 1)
    do(database, city, "mei", service.propose, number)
    with pytest.raises(Conflict):
        approve(database, city, number, version=1)


def test_it_goes_back_with_what_has_to_be_mended(database, city):
    number = proposed(database, city)
    with pytest.raises(Invalid):
        do(database, city, "nuo", service.send_back, number, " ")
    outcome = do(database, city, "nuo", service.send_back, number, "从哪天起？")
    assert (outcome.state, outcome.returned_because) == ("draft", "从哪天起？")
    assert do(database, city, "mei", service.propose, number).returned_because == ""


def test_cases_are_linked_by_their_numbers_however_they_are_typed(database, city):
    with database.transaction() as db:
        one, two = a_case(db, city, "handling"), a_case(db, city)
    number = draft(database, city, words=replace(TEXT, cases=f"{one.ref.lower()}、 {two.ref}\n{one.ref}"))
    assert links(database, number) == {one.case_id, two.case_id}
    with database.transaction() as db:
        service.edit(db, NOW, city.actor(db, "mei"), number, replace(TEXT, cases=two.ref), 1)
    assert links(database, number) == {two.case_id}
    do(database, city, "mei", service.discard, number)
    assert links(database, number) == set()


def test_numbers_of_no_case_are_named(database, city):
    with database.transaction() as db:
        ref = a_case(db, city).ref
    with pytest.raises(Invalid) as refused:
        draft(database, city, words=replace(TEXT, cases=f"{ref} B26-99999 电梯"))
    assert (refused.value.field, refused.value.params["refs"]) == ("cases", "B26-99999, 电梯")
    with pytest.raises(Invalid) as refused:
        draft(database, city, words=replace(TEXT, cases=" ".join(f"B26-{n:05}" for n in range(51))))
    assert refused.value.code == "too_many"


def test_whom_a_case_concerns_knows_nothing_of_its_link_and_cannot_undo_it(database, city):
    with database.transaction() as db:
        about_nuo = a_case(db, city, concerns_person_id=city.person("nuo"))
        other = a_case(db, city)
    with pytest.raises(Invalid, match=r"no_such_case|No case") as refused:
        draft(database, city, "nuo", replace(TEXT, cases=about_nuo.ref))
    assert refused.value.params["refs"] == about_nuo.ref
    number = draft(database, city, words=replace(TEXT, cases=f"{about_nuo.ref} {other.ref}"))
    with database.reading() as db:
        assert [row.ref for row in queries.linked(db, city.actor(db, "nuo"), number)] == [other.ref]
        assert len(queries.linked(db, city.actor(db, "mei"), number)) == 2
        assert queries.case_to_begin_with(db, city.actor(db, "nuo"), about_nuo.ref) is None
    with database.transaction() as db:
        service.edit(db, NOW, city.actor(db, "nuo"), number, TEXT, 1)
    assert links(database, number) == {about_nuo.case_id}


def test_the_public_finds_only_linked_cases_that_are_published(database, city):
    with database.transaction() as db:
        publish(db, city, "B26-00041")
        publish(db, city, "B26-00042", visible=False)
        hidden = a_case(db, city).ref
    outcome = published(database, city, replace(TEXT, cases=f"B26-00041 B26-00042 {hidden}"))
    with database.reading() as db:
        assert [row.ref for row in queries.public_cases(db, outcome.id)] == ["B26-00041"]
        record = db.scalars(
            select(PublicationRecord.content).where(PublicationRecord.kind == "outcome")
        ).one()
        assert record["cases"] == ["B26-00041"]
    with database.transaction() as db:
        db.scalars(select(PublishedCase).where(PublishedCase.ref == "B26-00041")).one().visible = False
    with database.reading() as db:
        assert queries.public_cases(db, outcome.id) == []


def test_a_published_outcome_is_corrected_by_a_new_one_and_counted_once(database, city):
    with database.transaction() as db:
        case = a_case(db, city)
    first = published(database, city, replace(TEXT, cases=case.ref))
    second, third = (do(database, city, "mei", service.correct, first.id) for _ in range(2))
    assert links(database, second.id) == {case.case_id}
    for number in (second.id, third.id):
        do(database, city, "mei", service.propose, number)
    with database.reading() as db:
        assert queries.page_of(db, first.ref).corrected_by is None, "not before it is public"
    second = approve(database, city, second.id)
    with pytest.raises(Refused, match="already"):
        approve(database, city, third.id)
    with pytest.raises(Refused, match="already"):
        do(database, city, "mei", service.correct, first.id)
    with database.reading() as db:
        assert queries.page_of(db, first.ref).corrected_by == second.ref
        assert queries.page_of(db, second.ref).corrects == first.ref
        assert queries.page_of(db, first.ref).body == TEXT.body, "the first stays as it was"
        assert queries.counts(db) == {"procedure_improved": 1}
        assert [row.ref for row in queries.of_unit(db, 2)] == [second.ref]
    do(database, city, "su", service.withdraw, second.id, "也写错了")
    with database.reading() as db:
        assert [row.ref for row in queries.of_unit(db, 2)] == [first.ref], "the first stands again"


def test_the_database_takes_one_correction_only(database, city):
    first = published(database, city)
    others = [published(database, city) for _ in range(2)]
    with pytest.raises(IntegrityError), database.transaction() as db:
        for other in others:
            db.get_one(Outcome, other.id).corrects_id = first.id


def test_a_withdrawn_outcome_leaves_its_number_and_the_reason(database, city):
    outcome = published(database, city, RULE)
    with pytest.raises(Invalid):
        do(database, city, "su", service.withdraw, outcome.id, "")
    do(database, city, "su", service.withdraw, outcome.id, "有误")
    with database.reading() as db:
        found = queries.page_of(db, outcome.ref)
        assert (found.body, found.document_no, found.withdrawn_because) == ("", "", "有误")
        contents = db.scalars(select(PublicationRecord.content).order_by(PublicationRecord.id)).all()
        assert contents[0] is None
        assert queries.counts(db) == {}


@pytest.mark.parametrize(
    ("changes", "field", "remark"),
    [
        ({"kind": "miracle"}, "kind", "a kind nobody knows"),
        ({"title": " "}, "title", "no title"),
        ({"body": "\n"}, "body", "no text"),
        ({"title": "长" * 201}, "title", "a title like a letter"),
        ({"body": "长" * 20_001}, "body", "a book"),
        ({"unit_id": 999}, "unit_id", "a unit that is not there"),
        ({"lang": "fr"}, "lang", "a language the portal does not speak"),
        ({"effective_on": date(1989, 12, 31)}, "effective_on", "before there was such a thing"),
        ({"effective_on": date(2027, 6, 20)}, "effective_on", "more than a year ahead"),
        ({"document_no": "平政规〔2026〕4号"}, "document_no", "a document without a rule"),
        ({"kind": "rule_issued", "document_no": "长" * 81}, "document_no", "an endless number"),
    ],
)
def test_bad_words_are_refused_at_their_field(database, city, changes, field, remark):
    with pytest.raises(Invalid) as refused:
        draft(database, city, words=replace(TEXT, **changes))
    assert refused.value.field == field, remark


def test_no_move_outside_the_table(database, city):
    """Every act in every state: allowed exactly where the table leads."""
    acts = {
        "propose": (lambda db, who, o: service.propose(db, NOW, who, o.id), OutcomeState.PROPOSED),
        "approve": (
            lambda db, who, o: service.approve(db, NOW, who, o.id, version=o.version),
            OutcomeState.PUBLISHED,
        ),
        "take_back": (lambda db, who, o: service.take_back(db, NOW, who, o.id), OutcomeState.DRAFT),
        "send_back": (lambda db, who, o: service.send_back(db, NOW, who, o.id, "改"), OutcomeState.DRAFT),
        "withdraw": (lambda db, who, o: service.withdraw(db, NOW, who, o.id, "错"), OutcomeState.WITHDRAWN),
    }
    makers = {
        OutcomeState.DRAFT: lambda: draft(database, city),
        OutcomeState.PROPOSED: lambda: proposed(database, city),
        OutcomeState.PUBLISHED: lambda: published(database, city).id,
        OutcomeState.WITHDRAWN: lambda: (
            do(database, city, "su", service.withdraw, published(database, city).id, "错了").id
        ),
    }
    for source, make in makers.items():
        for name, (act, target) in acts.items():
            number = make()
            allowed = target in MOVES[source]
            try:
                with database.transaction() as db:
                    act(db, city.actor(db, "su"), db.get_one(Outcome, number))
                assert allowed, (source, name)
            except PortalError:
                assert not allowed, (source, name)


def test_what_is_not_there_is_not_found(database, city):
    with pytest.raises(NotFound):
        do(database, city, "mei", service.propose, 999)
    with database.reading() as db:
        assert queries.page_of(db, "O26-9999") is None
