"""The demonstration city as the world in which every page is visited: named states, and who may go where.

`examples(rule)` gives the addresses of a route in every named state. A route whose parameters nobody here
knows how to fill is unregistered, and the guard fails.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule

from portal import migrations
from portal.administration import service as _administration  # noqa: F401 - registers number series
from portal.app import create_app
from portal.cases.models import (
    Appeal,
    Assignment,
    Case,
    CaseLink,
    Category,
    Channel,
    ReplyTemplate,
    RoutingRule,
)
from portal.cases.texts import AskerQuestion, Attachment
from portal.commitments.models import (
    Commitment,
    CommitmentFollowUp,
    CommitmentPicture,
    CommitmentProposal,
)
from portal.commitments.released import PublishedCommitment, PublishedPicture
from portal.demo import content, loading
from portal.identity.models import Absence, Appointment, Area, Person, Unit
from portal.identity.roles import ROLES
from portal.kernel import clock, codes
from portal.notices.models import Notice
from portal.outcomes.models import Outcome
from portal.publishing.models import PublishedCase, PublishedFile, Release
from portal.settings import Settings
from tests.conftest import KEYS

Values = dict[str, Any]


@contextmanager
def loaded_city(folder: Path, database_url: str = "") -> Iterator[Flask]:
    """The portal with the demonstration's city, in a folder if not elsewhere."""
    settings = Settings(
        database_url=database_url or f"sqlite:///{folder}/portal.db",
        secret_key="a secret key for tests only",
        keys=KEYS,
        base_url="http://localhost",
        upload_dir=folder / "uploads",
        demo=True,
    )
    app = create_app(settings, owner=True)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    database = app.extensions["portal_database"]
    migrations.upgrade(database)
    loading.load(database, clock.now(), settings.upload_dir)
    yield app
    database.dispose()


@dataclass(frozen=True)
class Example:
    """One address of a route, and the state it shows."""

    state: str
    values: Values


class World:
    """Looks up, in the loaded demonstration, what fills a route's parameters."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.extensions["portal_database"].reading() as db:
            self.cases = _one_case_per_state(db)
            self.published = _published(db)
            self.commitments = dict(
                db.execute(
                    select(Commitment.state, func.max(Commitment.ref)).group_by(Commitment.state)
                ).all()
            )
            self.parts_of_commitments = _parts_of_commitments(db)
            self.single = _single(db)
            self.receipts = _receipts(db, app)
            self.people = _people(db)
            self.notices = _written(db, Notice)
            self.outcomes = _written(db, Outcome)
            self.units = {
                row.ref: row.lead_unit_id for row in db.execute(select(Case.ref, Case.lead_unit_id))
            }

    def examples(self, rule: Rule) -> list[Example]:
        """Every named state in which this route can be shown; empty: the route is unregistered."""
        names = set(rule.arguments)
        path = rule.rule
        if not names:
            return [Example("as it is", {})]
        if path.startswith("/desk/commitments/<ref>"):
            return self._of_commitment(names - {"ref"}, path)
        if path.startswith("/commitments/<ref>"):
            if "number" in names:
                pair = self.parts_of_commitments.get("published")
                return [Example("with one", {"ref": pair[0], "number": pair[1]})] if pair else []
            return [Example(state, {"ref": ref}) for state, ref in self.commitments.items()]
        if path.startswith("/desk/cases/<ref>"):
            return self._of_case(names - {"ref"}, path)
        if path.startswith("/desk/releases/published/<ref>"):
            return [Example("published", {"ref": next(iter(self.published.values()))})]
        if path.startswith("/cases/<ref>"):
            return self._of_published(names - {"ref"})
        if path.startswith("/notices/<ref>"):
            return [Example(state, {"ref": ref}) for state, _id, ref in self.notices if ref]
        if path.startswith("/desk/notices/<int:notice_id>"):
            return [Example(state, {"notice_id": number}) for state, number, _ref in self.notices]
        if path.startswith("/outcomes/<ref>"):
            return [Example(state, {"ref": ref}) for state, _id, ref in self.outcomes if ref]
        if path.startswith("/desk/outcomes/<int:outcome_id>"):
            return [Example(state, {"outcome_id": number}) for state, number, _ref in self.outcomes]
        if path.startswith("/appeals/<receipt>"):
            return self._of_receipt(names - {"receipt"})
        if "token" in names:
            return [Example("a token nobody gave", {"token": "no-such-token"})]
        known = {name: self.single[key] for name in names if (key := _key(path, name)) in self.single}
        known |= {name: "up" for name in names if "<any(" in path and name not in known}
        return [Example("the first", known)] if set(known) == names else []

    def _of_case(self, more: set[str], path: str) -> list[Example]:
        if not more:
            return [Example(state, {"ref": ref}) for state, ref in self.cases.items()]
        key = "slip" if "slips" in path else "case_file" if "files" in path else "part"
        pair = self.single.get(key)
        if pair is None:
            return []
        return [Example("with one", {"ref": pair[0], next(iter(more)): pair[1]})]

    def _of_commitment(self, more: set[str], path: str) -> list[Example]:
        if not more:
            return [Example(state, {"ref": ref}) for state, ref in self.commitments.items()]
        kind = path.removeprefix("/desk/commitments/<ref>/").partition("/")[0]
        pair = self.parts_of_commitments.get(kind)
        return [Example("with one", {"ref": pair[0], "number": pair[1]})] if pair else []

    def _of_published(self, more: set[str]) -> list[Example]:
        if not more:
            return [Example(state, {"ref": ref}) for state, ref in self.published.items()]
        pair = self.single.get("public_file")
        return [Example("with a file", {"ref": pair[0], next(iter(more)): pair[1]})] if pair else []

    def _of_receipt(self, more: set[str]) -> list[Example]:
        found = []
        for state, (receipt, ref, _code) in self.receipts.items():
            values: Values = {"receipt": receipt}
            if "ref" in more:
                values["ref"] = ref
            if "file_id" in more:
                values["file_id"] = 1
            if "question_id" in more:
                values["question_id"] = 1
            found.append(Example(state, values))
        return found if more <= {"ref", "file_id", "question_id"} else []


def _key(path: str, name: str) -> str:
    if name == "name" and "/limits/" in path:
        return "limit"
    if name == "name" and "/timetable/" in path:
        return "job"
    return {"name": "series", "number": "slip"}.get(name, name)


def _one_case_per_state(db: Session) -> dict[str, str]:
    rows = db.execute(select(Case.state, func.max(Case.ref)).group_by(Case.state))
    return dict(rows.all())  # type: ignore[arg-type]


def _published(db: Session) -> dict[str, str]:
    rows = db.execute(
        select(PublishedCase.outcome, func.max(PublishedCase.ref)).group_by(PublishedCase.outcome)
    )
    return dict(rows.all()) | {"never published": "B26-99999"}


def _written(db: Session, table: type[Notice] | type[Outcome]) -> list[tuple[str, int, str | None]]:
    """State, number and reference of one notice or outcome in each state, and of a correction."""
    one = select(table.state, func.max(table.id)).group_by(table.state)
    found = [(state, db.get_one(table, number)) for state, number in db.execute(one)]
    correction = db.scalars(select(table).where(table.corrects_id.is_not(None)).limit(1)).one()
    found += [("correction", correction), ("corrected", db.get_one(table, correction.corrects_id))]
    return [(state, row.id, row.ref) for state, row in found]


def _parts_of_commitments(db: Session) -> dict[str, tuple[str, int]]:
    """One follow-up, proposal and file, each with the reference of its commitment."""
    report = db.execute(
        select(Commitment.ref, CommitmentFollowUp.id).join(
            CommitmentFollowUp, CommitmentFollowUp.commitment_id == Commitment.id
        )
    ).first()
    proposal = db.execute(
        select(Commitment.ref, CommitmentProposal.id)
        .join(CommitmentProposal, CommitmentProposal.commitment_id == Commitment.id)
        .order_by(CommitmentProposal.decided_at.is_(None).desc())
    ).first()
    file = db.execute(
        select(Commitment.ref, CommitmentPicture.attachment_id)
        .join(CommitmentFollowUp, CommitmentFollowUp.commitment_id == Commitment.id)
        .join(CommitmentPicture, CommitmentPicture.follow_up_id == CommitmentFollowUp.id)
    ).first()
    picture = db.execute(
        select(PublishedCommitment.ref, PublishedPicture.id).join(
            PublishedPicture, PublishedPicture.published_commitment_id == PublishedCommitment.id
        )
    ).first()
    found = {
        "published": picture,
        "follow-ups": report,
        "erasure": report,
        "proposals": proposal,
        "files": file,
    }
    return {kind: (pair[0], pair[1]) for kind, pair in found.items() if pair}


def _single(db: Session) -> dict[str, Any]:
    """One of everything else, by parameter name."""
    found: dict[str, Any] = {
        name: db.scalar(select(func.min(table.id)))
        for name, table in {
            "person_id": Person,
            "unit_id": Unit,
            "area_id": Area,
            "category_id": Category,
            "channel_id": Channel,
            "template_id": ReplyTemplate,
            "rule_id": RoutingRule,
            "release_id": Release,
            "absence_id": Absence,
            "attachment_id": Attachment,
            "question_id": AskerQuestion,
        }.items()
    }
    found["appointment_id"] = db.scalar(
        select(func.min(Appointment.id)).where(Appointment.person_id == found["person_id"])
    )
    found["alert_id"] = found["subscription_id"] = found["filter_id"] = found["sign_in_id"] = found[
        "job_id"
    ] = found["import_id"] = 1
    found["slug"] = db.scalar(select(func.min(Unit.slug)))
    found["series"] = "slip"
    found["proposal_id"], found["decision"] = 1, "refuse"
    found["job"], found["delivery_id"] = "alerts.post", 1
    found["limit"], found["year"] = "result.help.any.any", 2026
    found["client_id"] = "nobody-filed-this"
    found["slip"] = tuple(
        db.execute(select(Case.ref, Assignment.id).join(Assignment, Assignment.case_id == Case.id)).first()
    )
    part = db.execute(
        select(Case.ref, Assignment.id)
        .join(Assignment, Assignment.case_id == Case.id)
        .where(Assignment.part == "supporting")
    ).first()
    found["part"] = tuple(part) if part else None
    file = db.execute(select(Case.ref, Attachment.id).join(Attachment, Attachment.case_id == Case.id)).first()
    found["case_file"] = tuple(file) if file else None
    public = db.execute(
        select(PublishedCase.ref, PublishedFile.id).join(
            PublishedFile, PublishedFile.published_case_id == PublishedCase.id
        )
    ).first()
    found["public_file"] = tuple(public) if public else None
    return {name: value for name, value in found.items() if value is not None}


def _receipts(db: Session, app: Flask) -> dict[str, tuple[str, str, str]]:
    """One appeal per state of its case: receipt, case and query code."""
    keys = app.extensions["portal_settings"].keys
    by_hash = {
        codes.hash_code(keys.codes, codes.derive(keys.codes, "demo", key)): codes.derive(
            keys.codes, "demo", key
        )
        for key in content.load().cases
    }
    rows = db.execute(
        select(Case.state, Case.ref, Appeal.receipt, Appeal.code_hash)
        .join(CaseLink, CaseLink.case_id == Case.id)
        .join(Appeal, Appeal.id == CaseLink.appeal_id)
        .order_by(Case.id)
    )
    return {row.state: (row.receipt, row.ref, by_hash[row.code_hash]) for row in rows}


def _people(db: Session) -> dict[tuple[str, int | None], int]:
    """Who holds a role, and no other, in a unit (or anywhere: None)."""
    rows = db.execute(
        select(Appointment.role, Appointment.unit_id, Appointment.person_id)
        .where(Appointment.ended_at.is_(None), Appointment.ends_on.is_(None))
        .order_by(Appointment.id)
    ).all()
    roles: dict[int, set[str]] = {}
    for row in rows:
        roles.setdefault(row.person_id, set()).add(row.role)
    found: dict[tuple[str, int | None], int] = {}
    for row in rows:
        if roles[row.person_id] == {row.role}:
            found.setdefault((row.role, row.unit_id), row.person_id)
            found.setdefault((row.role, None), row.person_id)
    return found


def roles_with(permission: str) -> Iterator[str]:
    """Roles that hold a permission (every role for pages of any signed-in person)."""
    for code, role in ROLES.items():
        if permission == "signed_in" or permission in role.permissions:
            yield code


def fill(rule: Rule, values: Values) -> str:
    """The address of a route with these values."""
    return re.sub(r"<(?:[^:<>]+:)?(\w+)>", lambda match: str(values[match[1]]), rule.rule)
