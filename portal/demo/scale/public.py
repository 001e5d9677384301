"""The rows of one invented case that the public reads: draft, published case and detail, publication record."""

import secrets
from datetime import UTC, datetime, tzinfo
from typing import Any

from portal.cases.vocabulary import Rating
from portal.cases.workflow import CaseState
from portal.demo.scale.acts import acts
from portal.demo.scale.clocks import Clocks
from portal.demo.scale.made import Invented, Numbers, Row
from portal.demo.scale.rows import MECHANISM
from portal.kernel.clock import local_date
from portal.ledger import service as ledger
from portal.publishing.rules import OPEN
from portal.publishing.service.stories import CLOCK_MARKS
from portal.publishing.values import PUBLIC_ACTS, PublicEntry, PublicUnit

LANG = "zh-Hans"


class Release:
    """Everything about the publication of one case; `number` is its public id."""

    def __init__(
        self,
        made: Invented,
        numbers: Numbers,
        number: int,
        clocks: Clocks,
        units: dict[int, str],
        persons: tuple[int, int],
    ) -> None:
        self.made, self.numbers, self.number = made, numbers, number
        self.clocks, self.units, self.persons = clocks, units, persons
        self.salt = secrets.token_bytes(ledger.SALT)
        self.content = self._content()
        self.hash = ledger.fingerprint(self.salt, self.content)

    @property
    def zone(self) -> tzinfo:
        return self.clocks.zone

    @property
    def at(self) -> datetime:
        assert self.made.course.published is not None
        return self.made.course.published

    @property
    def mechanism(self) -> str:
        return MECHANISM if self.made.is_solved else ""

    def _content(self) -> dict[str, Any]:
        past = self.made.prepared.appeal
        picture = self.made.picture
        return {
            "title": past.title,
            "body": past.body,
            "reply": past.reply.body if past.reply else "",
            "mechanism": self.mechanism,
            "files": [picture["caption"]] if picture and self.made.is_solved else [],
            "lang": LANG,
            "note": "",
        }

    def draft(self) -> Row:
        """The release as two persons decided it."""
        content = self.content
        files = [{"id": self.numbers.attachment, "caption": caption} for caption in content["files"]]
        return {
            "case_id": self.numbers.case,
            "state": "released",
            **{name: content[name] for name in ("title", "body", "reply", "mechanism", "note")},
            "attachments": files,
            "decisions": {},
            "is_correction": False,
            "return_words": "",
            "made_by_id": self.persons[0],
            "proposed_by_id": self.persons[0],
            "proposed_at": self.made.course.proposed,
            "released_by_id": self.persons[1],
            "decided_at": self.at,
            "made_at": self.made.course.proposed,
            "version": 4,
        }

    def row(self) -> Row:
        """The case in public lists."""
        made, course = self.made, self.made.course
        band = self.clocks.shown(made.result, course.answered)
        return {
            "id": self.number,
            "ref": self.numbers.ref,
            "case_id": self.numbers.case,
            "visible": True,
            "lang": LANG,
            "title": self.content["title"],
            "state": course.state.value,
            "outcome": made.closing.value if course.state is CaseState.CLOSED else OPEN,
            "tier": made.tier,
            "kind": made.kind,
            "party_kind": made.party,
            "unit_id": made.unit_id,
            "unit_name": self.units[made.unit_id],
            "category_id": made.category_id,
            "area_id": made.area_id,
            "askers": 1,
            "rated": int(course.rated is not None),
            "satisfied": int(course.level in (Rating.VERY_SATISFIED, Rating.SATISFIED)),
            "received_on": local_date(course.opened, self.zone),
            "answered_on": local_date(course.answered, self.zone) if course.answered else None,
            "closed_at": course.closed,
            "due_day": None,
            "workdays_used": band.get("used"),
            "workdays_limit": band.get("limit"),
            "version": 1,
            "first_published_at": self.at,
            "published_at": self.at,
        }

    def detail(self) -> Row:
        """The rest of its page."""
        made, course = self.made, self.made.course
        content = self.content
        return {
            "published_case_id": self.number,
            **{name: content[name] for name in ("body", "reply", "mechanism")},
            "facts": self._facts(),
            "clock": self.clocks.shown(made.result, course.answered),
            "timeline": self._timeline(),
            "gates": self._gates() if made.is_solved else {},
            "ratings": {
                "levels": {course.level.value: 1} if course.level else {},
                "rated": int(course.level is not None),
                "asked": 1,
                "unit_network": 0,
            },
            "fingerprint": self.hash,
            "correction_note": "",
            "withdrawn_code": "",
            "withdrawn_words": "",
        }

    def record(self) -> Row:
        """The act of publication."""
        return {
            "kind": "case",
            "reference": self.numbers.ref,
            "version": 1,
            "act": "released",
            "content": self.content,
            "salt": self.salt,
            "hash": self.hash,
            "author_id": self.persons[0],
            "approver_id": self.persons[1],
            "at": self.at,
        }

    def file(self) -> Row | None:
        """The evidence, under an address of its own."""
        picture = self.made.picture
        if picture is None or not self.made.is_solved:
            return None
        return {
            "published_case_id": self.number,
            "attachment_id": self.numbers.attachment,
            "part": "reply",
            **{name: picture[name] for name in ("caption", "name", "media_type", "size", "stored_as")},
        }

    def _facts(self) -> dict[str, Any]:
        made, answered = self.made, self.made.course.answered
        lead = self._unit(made.unit_id)
        return {
            "channel": made.channel[0],
            "channel_en": made.channel[1],
            "is_history": False,
            "first_asked": lead,
            "lead": lead,
            "supporting": [self._unit(made.supporting_unit_id)] if made.is_joint else [],
            "reply_by": lead,
            "replied_on": local_date(answered, self.zone).isoformat() if answered else "",
        }

    def _unit(self, unit_id: int | None) -> PublicUnit:
        return {"id": unit_id or 0, "name": self.units.get(unit_id or 0, "")}

    def _gates(self) -> dict[str, Any]:
        level = self.made.course.level
        return {
            "solved": {"met": True, "count": 1},
            "satisfied": {
                "met": True,
                "how": "rating" if level else "not_rated",
                "count": int(level in (Rating.VERY_SATISFIED, Rating.SATISFIED)),
            },
            "mechanism": {"met": True, "how": "not_needed"},
        }

    def _timeline(self) -> list[PublicEntry]:
        found: list[PublicEntry] = []
        for done in acts(self.made, self.numbers):
            if done.act not in PUBLIC_ACTS:
                continue
            entry: PublicEntry = {"at": done.at.astimezone(UTC).isoformat(), "act": done.act.value}
            if done.unit_id:
                entry["unit"] = self._unit(done.unit_id)
            if mark := CLOCK_MARKS.get(done.act):
                entry["clock"] = mark
            details = done.details or {}
            if "document_number" in details:
                entry["number"] = details["document_number"]
            if isinstance(details.get("kind"), str):
                entry["kind"] = details["kind"]
            if "attachment_ids" in details:
                entry["count"] = len(details["attachment_ids"])
            found.append(entry)
        return found
