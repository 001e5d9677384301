"""What the demonstration city holds beside its cases, as frozen dataclasses: units, people, rules.

Plain values only: no database, no clock. `since`, `until` and `days_ago` count days before the moment
of loading.
"""

from dataclasses import dataclass

from portal.cases.vocabulary import AppealKind


@dataclass(frozen=True, slots=True)
class DemoUnit:
    """A unit of the tree."""

    code: str
    name: str
    short: str
    name_en: str
    slug: str
    level: str
    """`city` (the root), `municipal`, `district` (counties and zones too), `district_bureau` or `street`."""
    handles: bool
    """Takes cases. The units that do not are the root, inspection and discipline."""
    phone: str
    duty: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class DemoArea:
    """An area; `unit` answers for it as a whole."""

    code: str
    name: str
    name_en: str
    kind: str
    """`city`, `district`, `county`, `zone` or `street`."""
    unit: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class DemoCategory:
    """A category, in the order of the submission form; `examples` are titles people might write."""

    code: str
    name: str
    name_en: str
    description: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoChannel:
    """A channel. `kind`: online, phone, paper, visit or system."""

    code: str
    name: str
    name_en: str
    kind: str
    staff_only: bool


@dataclass(frozen=True, slots=True)
class DemoLeave:
    """An absence that began `since` days ago and lasts `days` days."""

    since: int
    days: int


@dataclass(frozen=True, slots=True)
class DemoAppointment:
    """Who is what where. `until` days ago it ended (negative: it will end); None: it has no end."""

    role: str
    unit: str
    since: int
    until: int | None = None
    deputy_for: str = ""
    """Login of the person stood in for."""

    @property
    def is_running(self) -> bool:
        """Whether it holds at the moment of loading."""
        return self.since >= 0 and (self.until is None or self.until < 0)


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A member of staff. `login` is pinyin, unique, and the local part of the demonstration mail address."""

    login: str
    name: str
    staff_number: str
    phone: str
    title: str
    appointments: tuple[DemoAppointment, ...]
    leave: DemoLeave | None = None


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """A company with a contact person; `credit_code` has a true check digit and the region 99…."""

    key: str
    name: str
    credit_code: str
    area: str
    business: str
    contact: str
    contact_title: str
    phone: str


@dataclass(frozen=True, slots=True)
class DemoCitizen:
    """A citizen who files appeals. `voice` says how they write, for whoever adds texts."""

    key: str
    name: str
    phone: str
    area: str
    voice: str


@dataclass(frozen=True, slots=True)
class DemoTemplate:
    """A reply to start from; `【】` marks what to fill in. `unit` and `category` empty: for all."""

    key: str
    name: str
    body: str
    unit: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class DemoRule:
    """A category rule; the first match wins. All filled conditions must hold; one of `words` suffices."""

    name: str
    unit: str
    person: str = ""
    """Login of somebody who handles cases there."""
    words: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    """A street counts as part of its district."""
    kinds: tuple[AppealKind, ...] = ()
    party: str = ""
    """`person`, `company` or empty."""


@dataclass(frozen=True, slots=True)
class DemoNotice:
    """A notice by the office, published `days_ago` (negative: to be). Placeholders are relative to that day."""

    key: str
    days_ago: int
    title: str
    body: str
    author: str
    approver: str
    kind: str = "announcement"
    state: str = "published"
    corrects: str = ""
    """The key of the notice that it corrects."""
    because: str = ""
    """Why it was withdrawn."""


@dataclass(frozen=True, slots=True)
class DemoOutcome:
    """An outcome, published `days_ago`. Placeholders are relative to that day."""

    key: str
    days_ago: int
    kind: str
    unit: str
    title: str
    body: str
    author: str
    approver: str
    in_effect: int = 0
    """The day it took effect, so many days after publication (negative: before)."""
    document_no: str = ""
    """`{year}` in it is that of the publication."""
    cases: tuple[str, ...] = ()
    """Keys of the cases it came out of."""
    state: str = "published"
    corrects: str = ""
    """The key of the outcome that it corrects."""
    because: str = ""
    """Why it was withdrawn, or handed back."""
