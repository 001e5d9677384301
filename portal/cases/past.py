"""Appeals that were made elsewhere, as values; and everything about them that can be made before their numbers
are known. Touches no database: any thread may do it. Taking them in is `service.bulk`.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from portal.cases import repeats
from portal.cases.similarity import bare_of_folded
from portal.cases.vocabulary import ClosingKind
from portal.kernel.keys import Keys, seal
from portal.kernel.pairs import fold, index_folded, index_text


@dataclass(frozen=True, slots=True)
class PastReply:
    """What was answered, where the appeal came from. With `closed` the case is over, else it stays answered."""

    body: str
    at: datetime
    unit_id: int | None = None
    unit_name: str = ""
    closing_kind: str = ClosingKind.EXPLAINED
    closed: bool = False


@dataclass(frozen=True, slots=True)
class PastAppeal:
    """An appeal that was made elsewhere. `external_id` is its number there; `raw` the row as it came."""

    external_id: str
    title: str
    body: str
    kind: str
    occurred_at: datetime
    raw: dict[str, str]
    contact: dict[str, str]
    """Name, phone and email of the asker; kept sealed."""
    party_kind: str = "person"
    credit_code: str = ""
    company_name: str = ""
    place: str = ""
    concerns: str = ""
    concerns_unit_id: int | None = None
    category_id: int | None = None
    area_id: int | None = None
    consent_to_publish: bool = False
    locale: str = "zh_Hans"
    likes: int | None = None
    dislikes: int | None = None
    reply: PastReply | None = None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A past appeal with everything that could be made before its numbers are known."""

    appeal: PastAppeal
    prints: repeats.Prints
    terms: str
    wrapped: bytes
    contact: bytes
    raw: bytes


def prepare(keys: Keys, appeal: PastAppeal) -> Prepared:
    """Fingerprints, search terms and sealed rows of an appeal."""
    title, body = fold(appeal.title), fold(appeal.body)
    parts = [index_folded(title), index_folded(body), index_text(appeal.place)]
    if appeal.reply:
        parts.append(index_text(appeal.reply.body))
    key, wrapped = keys.new_data_key()
    return Prepared(
        appeal,
        repeats.prints_of_bare(bare_of_folded(title), bare_of_folded(body)),
        " ".join(part for part in parts if part),
        wrapped,
        seal(key, as_json(appeal.contact)),
        seal(key, as_json(appeal.raw)),
    )


def as_json(value: dict[str, str]) -> bytes:
    """As it is kept sealed."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
