"""The care that publishing takes: what is opened again, erased, complained about or written in a note."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.history import HistoryEntry
from portal.cases.models import Case, CaseLink
from portal.cases.texts import Attachment
from portal.identity.actors import asker
from portal.kernel.db import Database
from portal.kernel.errors import Invalid, NotFound, Refused
from portal.ledger import queries as ledger
from portal.publishing import service, subscribers
from portal.publishing.models import PublicCount, PublishedCase, PublishedDetail, PublishedFile
from portal.publishing.queries import listing
from portal.publishing.queries.choices import load
from portal.publishing.rules import parse
from portal.publishing.service import band
from tests.builders import a_case
from tests.cast import NOW, City
from tests.services.test_publishing import proposed, released, save


@pytest.fixture(autouse=True)
def listening() -> None:
    subscribers.register()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def test_a_case_that_was_opened_again_is_not_released(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    draft = proposed(db, city, filed)
    cases.rate(db, NOW, asker(filed.appeal_id), filed.case_id, *["dissatisfied"] * 3, comment="还是不亮")
    with pytest.raises(Refused, match="answered"):
        service.release(db, NOW, city.actor(db, "nuo"), draft.id)
    with pytest.raises(Refused, match="answered"):
        other = a_case(db, city, "reopen_requested")
        service.start_release(db, NOW, city.actor(db, "mei"), other.case_id)


def test_masking_a_proposed_text_takes_it_back(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered", body="请打 13912345678。")
    draft = service.start_release(db, NOW, city.actor(db, "mei"), filed.case_id)
    (found,) = service.undecided(db, draft)
    save(db, city, draft, confirmed={"body": [found.key]})
    service.propose(db, NOW, city.actor(db, "mei"), draft.id)
    service.mask(db, NOW, city.actor(db, "nuo"), draft.id, [("body", found.key)])
    with pytest.raises(Refused, match="not been proposed"):
        service.release(db, NOW, city.actor(db, "nuo"), draft.id)


def test_notes_and_farewells_are_read_by_everybody_and_looked_over_too(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    published = released(db, city, filed)
    mei = city.actor(db, "mei")
    with pytest.raises(Invalid):
        service.withdraw(db, NOW, mei, published.ref, "误公开了 13912345678")
    assert published.visible
    draft = service.start_correction(db, NOW, mei, filed.case_id, "电话应为 13912345678")
    assert [item.field for item in service.undecided(db, draft)] == ["note"]
    with pytest.raises(Refused, match="1 are neither"):
        service.propose(db, NOW, mei, draft.id)
    service.mask(db, NOW, mei, draft.id, [("note", service.undecided(db, draft)[0].key)])
    service.propose(db, NOW, mei, draft.id)


def test_captions_are_looked_over(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    draft = service.start_release(db, NOW, city.actor(db, "mei"), filed.case_id)
    (item,) = draft.attachments
    save(db, city, draft, attachments=[{"id": item["id"], "caption": "车牌 苏C12345 的照片"}])
    (found,) = service.undecided(db, draft)
    service.mask(db, NOW, city.actor(db, "mei"), draft.id, [(found.field, found.key)])
    assert "12345" not in draft.attachments[0]["caption"]


def test_a_file_of_an_asker_who_did_not_agree_is_left_out(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    shy = a_case(db, city, "screened", consent_to_publish=False)
    theirs = an_attachment(db, shy.appeal_id)
    db.add(CaseLink(appeal_id=shy.appeal_id, case_id=filed.case_id, kind="merged", made_at=NOW))
    draft = service.start_release(db, NOW, city.actor(db, "mei"), filed.case_id)
    save(db, city, draft, attachments=[{"id": theirs, "caption": "照片"}])
    assert draft.attachments == []


def test_an_erased_askers_file_leaves_a_case_that_others_share(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    joined = a_case(db, city, "screened")
    theirs = an_attachment(db, joined.appeal_id)
    db.add(CaseLink(appeal_id=joined.appeal_id, case_id=filed.case_id, kind="merged", made_at=NOW))
    db.flush()
    draft = service.start_release(db, NOW, city.actor(db, "mei"), filed.case_id)
    save(db, city, draft, attachments=[{"id": theirs, "caption": "照片"}])
    service.propose(db, NOW, city.actor(db, "mei"), draft.id)
    service.release(db, NOW, city.actor(db, "nuo"), draft.id)
    published = db.scalars(select(PublishedCase)).one()
    assert db.scalars(select(PublishedFile)).one().attachment_id == theirs
    cases.erase_appeal(db, NOW, city.actor(db, "mei"), joined.appeal_id, "本人要求")
    assert published.visible, "the words of the first asker stay"
    assert db.scalars(select(PublishedFile)).all() == []


def an_attachment(db: Session, appeal_id: int) -> int:
    row = Attachment(
        appeal_id=appeal_id,
        kind="appeal",
        name="photo.jpg",
        media_type="image/jpeg",
        size=10,
        sha256="0" * 64,
        stored_as=f"photo-{appeal_id}",
        made_at=NOW,
    )
    db.add(row)
    db.flush()
    return row.id


def test_whom_the_case_complains_about_has_no_say_at_any_step(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered", concerns_person_id=city.person("nuo"))
    nuo, mei, su = (city.actor(db, key) for key in ("nuo", "mei", "su"))
    with pytest.raises(NotFound):
        service.start_release(db, NOW, nuo, filed.case_id)
    draft = proposed(db, city, filed)
    for act in (service.release, service.drop, service.propose):
        with pytest.raises(NotFound):
            act(db, NOW, nuo, draft.id)
    with pytest.raises(NotFound):
        service.return_release(db, NOW, nuo, draft.id, "退回")
    ref = service.release(db, NOW, su, draft.id)
    with pytest.raises(NotFound):
        service.withdraw(db, NOW, nuo, ref, "撤下")
    with pytest.raises(NotFound):
        service.start_correction(db, NOW, nuo, filed.case_id, "更正")
    service.withdraw(db, NOW, mei, ref, "撤下")


def test_what_was_done_stands_in_history_record_and_count(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    published = released(db, city, filed)
    assert db.get_one(PublicCount, "published").value == 1
    service.withdraw(db, NOW, city.actor(db, "mei"), published.ref, "不应公开。")
    released(db, city, filed)
    released_twice = a_case(db, city, "answered")
    released(db, city, released_twice)
    acts = db.scalars(
        select(HistoryEntry.act).where(HistoryEntry.case_id == filed.case_id).order_by(HistoryEntry.id)
    ).all()
    assert acts[-3:] == ["released", "unpublished", "released"]
    assert [v.act for v in ledger.versions(db, "case", published.ref)] == [
        "released",
        "withdrawn",
        "released",
    ]
    assert published.version == 3
    assert db.get_one(PublicCount, "published").value == 2
    assert service.rebuild_counts(db, NOW)["published"] == 2


def test_what_flows_goes_on_record(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    published = released(db, city, filed)
    cases.rate(db, NOW, asker(filed.appeal_id), filed.case_id, *["satisfied"] * 3)
    contents = [v.content for v in ledger.versions(db, "case_facts", published.ref)]
    newest = contents[0]
    assert newest is not None
    assert (newest["outcome"], newest["rated"], newest["satisfied"]) == ("solved", 1, 1)


def test_the_list_follows_what_flows(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    released(db, city, filed)

    def found(**asked: str) -> int:
        return listing.find(db, parse(asked), load(db), NOW.date()).total

    assert (found(outcome="open"), found(outcome="solved"), found(q="路灯", outcome="open")) == (1, 0, 1)
    cases.rate(db, NOW, asker(filed.appeal_id), filed.case_id, *["satisfied"] * 3)
    assert (found(outcome="open"), found(outcome="solved"), found(q="路灯", outcome="solved")) == (0, 1, 1)
    assert found(q="路灯", area="east", unit="housing", tier="first_ask", sort="closed") == 1


def test_the_public_story_names_nobody(db: Session, city: City) -> None:
    filed = a_case(db, city, "closed")
    published = released(db, city, filed)
    detail = db.get_one(PublishedDetail, published.id)
    everything = str([detail.facts, detail.clock, detail.timeline, detail.gates, detail.ratings])
    for person in ("梅若兰", "诺敏", "林工", "王小满", "13900001234"):
        assert person not in everything
    assert {entry["act"] for entry in detail.timeline} >= {"filed", "assigned", "answered", "closed"}
    assert detail.clock["used"] <= detail.clock["limit"]


def test_the_band_keeps_a_pause_through_an_extension(db: Session, city: City) -> None:
    """Asked on Thursday, answered a week later; Friday was a holiday. Then more time was granted."""
    filed = a_case(db, city, "handling")
    lin, hou = city.actor(db, "lin"), city.actor(db, "hou")
    question, _token = cases.ask_asker(db, NOW, lin, filed.case_id, "哪一盏？")
    later = NOW + timedelta(days=6)
    cases.answer_question(db, later, asker(filed.appeal_id), question, "三号楼前")
    case = db.get_one(Case, filed.case_id)
    assert case.due_day is not None
    wanted = case.due_day + timedelta(days=7)
    asked = cases.request_extension(db, later, lin, filed.case_id, wanted, "要换灯杆")
    cases.decide_extension(db, later, hou, asked.id, True, "同意")
    found = band.clock(db, later, case)
    kinds = dict(found["days"])
    assert kinds["2026-06-22"] == "paused"
    assert kinds["2026-06-25"] == "run"
    assert kinds[wanted.isoformat()] == "extended"
    assert found["extensions"] == [(found["first_due"], wanted.isoformat())]
    assert found["limit"] > found["amount"]
