"""What becomes public: released by two persons, without personal data, corrected in the open, withdrawn at once."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.cases import service as cases
from portal.cases.service import Filed
from portal.identity.actors import asker
from portal.kernel.db import Database
from portal.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from portal.ledger.models import PublicationRecord
from portal.publishing import service, subscribers
from portal.publishing.models import PublicCount, PublishedCase, PublishedDetail, Release
from tests.builders import a_case
from tests.cast import NOW, City

PHONE = "请打我手机 13912345678 联系。"


@pytest.fixture(autouse=True)
def listening() -> None:
    subscribers.register()


@pytest.fixture
def db(database: Database) -> Iterator[Session]:
    with database.transaction() as session:
        yield session


def proposed(db: Session, city: City, filed: Filed, **texts: str) -> Release:
    mei = city.actor(db, "mei")
    draft = service.start_release(db, NOW, mei, filed.case_id)
    save(db, city, draft, **texts)
    return service.propose(db, NOW, mei, draft.id)


def save(db: Session, city: City, draft: Release, who: str = "mei", **texts: object) -> Release:
    present = {name: getattr(draft, name) for name in ("title", "body", "reply", "mechanism")}
    return service.save_draft(db, NOW, city.actor(db, who), draft.id, **(present | texts))  # type: ignore[arg-type]


def released(db: Session, city: City, filed: Filed, **texts: str) -> PublishedCase:
    draft = proposed(db, city, filed, **texts)
    ref = service.release(db, NOW, city.actor(db, "nuo"), draft.id)
    return db.scalars(select(PublishedCase).where(PublishedCase.ref == ref)).one()


def test_mei_proposes_and_nuo_releases(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    published = released(db, city, filed, title="锦帆里小区路灯已修复")
    assert published.ref == filed.ref
    assert (published.title, published.visible, published.version) == ("锦帆里小区路灯已修复", True, 1)
    record = db.scalars(select(PublicationRecord).where(PublicationRecord.kind == "case")).one()
    assert (record.author_id, record.approver_id) == (city.person("mei"), city.person("nuo"))


def test_mei_cannot_release_what_she_proposed(db: Session, city: City) -> None:
    draft = proposed(db, city, a_case(db, city, "answered"))
    with pytest.raises(Refused, match="Two persons"):
        service.release(db, NOW, city.actor(db, "mei"), draft.id)


@pytest.mark.parametrize("who", ["lin", "hou", "an", "ke", "he"])
def test_others_neither_propose_nor_release(db: Session, city: City, who: str) -> None:
    filed = a_case(db, city, "answered")
    with pytest.raises((Forbidden, NotFound)):
        service.start_release(db, NOW, city.actor(db, who), filed.case_id)
    draft = proposed(db, city, filed)
    with pytest.raises((Forbidden, NotFound)):
        service.release(db, NOW, city.actor(db, who), draft.id)


def test_a_supervisor_releases_but_does_not_write(db: Session, city: City) -> None:
    draft = proposed(db, city, a_case(db, city, "answered"))
    with pytest.raises(Forbidden):
        save(db, city, draft, who="su", title="x")
    service.release(db, NOW, city.actor(db, "su"), draft.id)


def test_nothing_is_proposed_while_a_phone_number_is_undecided(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered", body=PHONE)
    mei = city.actor(db, "mei")
    draft = service.start_release(db, NOW, mei, filed.case_id)
    (found,) = service.undecided(db, draft)
    assert (found.field, found.hit.text) == ("body", "13912345678")
    with pytest.raises(Refused, match="1 are neither"):
        service.propose(db, NOW, mei, draft.id)
    service.mask(db, NOW, mei, draft.id, [("body", found.key)])
    assert "139" not in draft.body
    service.propose(db, NOW, mei, draft.id)


def test_a_confirmation_counts_for_that_number_only_and_keeps_no_text(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered", body=PHONE)
    draft = service.start_release(db, NOW, city.actor(db, "mei"), filed.case_id)
    (found,) = service.undecided(db, draft)
    save(db, city, draft, confirmed={"body": [found.key]})
    assert service.undecided(db, draft) == []
    assert "139" not in str(draft.decisions)
    save(db, city, draft, body="改打 13887654321", confirmed={"body": [found.key]})
    assert len(service.undecided(db, draft)) == 1


def test_editing_a_proposed_draft_takes_the_proposal_back(db: Session, city: City) -> None:
    draft = proposed(db, city, a_case(db, city, "answered"))
    save(db, city, draft, who="nuo", title="改过的标题")
    with pytest.raises(Refused, match="not been proposed"):
        service.release(db, NOW, city.actor(db, "nuo"), draft.id)


def test_two_who_edit_at_once_are_told(db: Session, city: City) -> None:
    draft = service.start_release(db, NOW, city.actor(db, "mei"), a_case(db, city, "answered").case_id)
    seen = draft.version
    save(db, city, draft, title="第一个")
    with pytest.raises(Conflict):
        save(db, city, draft, who="nuo", title="第二个", version=seen)


def test_without_consent_a_case_is_counted_and_never_shown(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered", consent_to_publish=False)
    with pytest.raises(Refused, match="did not agree"):
        service.start_release(db, NOW, city.actor(db, "mei"), filed.case_id)
    assert db.get_one(PublicCount, "received").value == 1


def test_an_unanswered_case_is_not_published(db: Session, city: City) -> None:
    filed = a_case(db, city, "handling")
    with pytest.raises(Refused, match="answered"):
        service.start_release(db, NOW, city.actor(db, "mei"), filed.case_id)


def test_closing_and_reopening_flow_to_the_public_by_themselves(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    published = released(db, city, filed)
    assert published.outcome == "open"
    me = asker(filed.appeal_id)
    cases.rate(db, NOW, me, filed.case_id, "satisfied", "satisfied", "satisfied")
    assert (published.state, published.outcome, published.rated) == ("closed", "solved", 1)
    cases.request_reopening(db, NOW, me, filed.case_id, "又不亮了")
    assert (published.state, published.outcome) == ("reopen_requested", "open")
    detail = db.get_one(PublishedDetail, published.id)
    assert "又不亮了" not in str(vars(detail)), "nobody's words flow"


def test_a_correction_carries_a_note_and_raises_the_version(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    published = released(db, city, filed)
    mei, nuo = city.actor(db, "mei"), city.actor(db, "nuo")
    with pytest.raises(Invalid):
        service.start_correction(db, NOW, mei, filed.case_id, " ")
    draft = service.start_correction(db, NOW, mei, filed.case_id, "日期写错了，应为 6 月 3 日。")
    save(db, city, draft, reply="路灯已于 6 月 3 日修好。")
    service.propose(db, NOW, mei, draft.id)
    service.release(db, NOW, nuo, draft.id)
    detail = db.get_one(PublishedDetail, published.id)
    assert published.version == 2
    assert detail.correction_note.startswith("日期写错了")
    records = db.scalars(select(PublicationRecord).where(PublicationRecord.kind == "case")).all()
    assert [record.act for record in records] == ["released", "corrected"]


def test_what_must_go_goes_at_once_and_its_words_leave_the_record(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    published = released(db, city, filed)
    with pytest.raises(Invalid):
        service.withdraw(db, NOW, city.actor(db, "mei"), published.ref, "")
    service.withdraw(db, NOW, city.actor(db, "mei"), published.ref, "含有不应公开的内容。")
    detail = db.get_one(PublishedDetail, published.id)
    assert not published.visible
    assert (published.title, detail.body, detail.reply) == ("", "", "")
    assert detail.withdrawn_words == "含有不应公开的内容。"
    first = db.scalars(select(PublicationRecord).order_by(PublicationRecord.id)).first()
    assert first is not None
    assert (first.content, len(first.hash)) == (None, 64)
    again = released(db, city, filed)
    assert again.id == published.id, "a public number is given once"


def test_an_erased_appeal_disappears_from_the_public(db: Session, city: City) -> None:
    filed = a_case(db, city, "answered")
    published = released(db, city, filed)
    cases.erase_appeal(db, NOW, city.actor(db, "mei"), filed.appeal_id, "本人要求")
    assert not published.visible
    assert db.get_one(PublishedDetail, published.id).withdrawn_code == "erased"
    assert all(draft.body == "" for draft in db.scalars(select(Release)))


def test_every_appeal_is_counted_once_however_it_went(db: Session, city: City) -> None:
    for state in ("submitted", "not_accepted", "merged", "handling", "answered", "closed", "withdrawn"):
        a_case(db, city, state)
    a_case(db, city, "closed", closing="explained")
    a_case(db, city, "assigned", tier="joint", supporting=("roads",))
    released(db, city, a_case(db, city, "answered"))
    db.flush()
    kept = {row.name: row.value for row in db.scalars(select(PublicCount)) if row.value}
    db.expire_all()
    counted = {name: value for name, value in service.rebuild_counts(db, NOW).items() if value}
    assert kept == counted
    parts = sum(
        kept.get(name, 0)
        for name in ("open", "solved", "explained", "not_ours", "not_accepted", "unreachable")
    )
    assert parts == kept["received"]


def test_the_database_itself_wants_two_persons(database: Database, city: City) -> None:
    with pytest.raises(IntegrityError), database.transaction() as db:
        draft = proposed(db, city, a_case(db, city, "answered"))
        draft.released_by_id, draft.state = draft.proposed_by_id, "released"
        db.flush()
