"""The asker's page put together: what became of the appeal, and the forms of what can be done now."""

from dataclasses import dataclass, field
from typing import Any

from flask import redirect, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.intake import askers
from portal.intake.asker_forms import AnswerForm, ObjectionForm, Placed, RatingForm, WithdrawalForm
from portal.intake.queries.asker_rows import AskerView, FileRow, QuestionRow, ReplyRow, Thread
from portal.intake.queries.following import asker_view
from portal.intake.story import Moment, clock_words, means, story
from portal.kernel import clock
from portal.kernel.errors import NotFound
from portal.kernel.words import N_
from portal.web.database import reader, settings
from portal.web.filters import file_size
from portal.web.locale import HTML_LANG, current
from portal.web.rendering import page
from portal.web.words import _


@dataclass(frozen=True)
class Reply:
    """An answer with its files, as the page shows it."""

    row: ReplyRow
    files: list[dict[str, str]]


@dataclass(frozen=True)
class Part:
    """One case of the appeal, as the page shows it."""

    thread: Thread
    heading: str
    means: str
    story: list[Moment]
    clock_words: str
    replies: list[Reply]
    questions: list[tuple[QuestionRow, Placed]]
    forms: dict[str, Placed] = field(default_factory=dict)


def to_tracking(receipt: str) -> Response:
    """For whoever holds no pass, or none any more: the same for any number."""
    return redirect(url_for("appeals.track", receipt=receipt[:20]), 303)


def view_of(held: askers.Pass) -> AskerView:
    """What the holder of the pass may see."""
    view = asker_view(reader(), held.appeal_id, english=current() == "en")
    if view is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return view


def place(act: str, number: int) -> str:
    """Where a form stands: several of one kind may be on the page."""
    return f"{act}{number}"


def show(held: askers.Pass, *, sent: Placed | None = None, status: int = 200) -> Response:
    """The page; `sent` is a form that came back with errors and stands in for its fresh copy."""
    view = view_of(held)
    receipt, several = view.appeal.receipt, len(view.threads) > 1
    parts = [
        _part(thread, receipt, number if several else 0, sent)
        for number, thread in enumerate(view.threads, 1)
    ]
    more: dict[str, Any] = {"form": sent} if sent is not None else {}
    response = page(
        "intake/mine.html",
        status=status,
        appeal=view.appeal,
        parts=parts,
        own_files=listed(receipt, view.files),
        fresh_code=grouped(held.code),
        said_lang=HTML_LANG.get(view.appeal.locale, "zh-Hans"),
        **more,
    )
    return askers.renew(response, held)


def grouped(code: str) -> str:
    """A code as it is written down: in groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def listed(receipt: str, files: tuple[FileRow, ...]) -> list[dict[str, str]]:
    """Files as the macro lists them."""
    return [
        {
            "name": file.caption or file.name,
            "url": url_for("appeals.file", receipt=receipt, file_id=file.id),
            "note": f"{file.media_type.partition('/')[2].upper()}, {file_size(file.size)}",
        }
        for file in files
    ]


def _part(thread: Thread, receipt: str, number: int, sent: Placed | None) -> Part:
    fresh = {
        "objection": ObjectionForm if thread.may_object else None,
        "rating": RatingForm if thread.may_rate(clock.now()) else None,
        "withdrawal": WithdrawalForm if thread.may_withdraw else None,
    }
    return Part(
        thread,
        _("Part %(number)s", number=number) if number else _("How it stands"),
        means(thread.case.state, thread.case.closing_kind),
        story(thread.entries),
        clock_words(thread.clock, unanswered=thread.unanswered) if thread.clock else "",
        [
            Reply(row, listed(receipt, tuple(file for file in thread.evidence if file.reply_id == row.id)))
            for row in thread.replies
        ],
        [(row, _form(AnswerForm, "answer", row.id, sent)) for row in thread.open_questions],
        {act: _form(kind, act, thread.case.id, sent) for act, kind in fresh.items() if kind},
    )


def _form(kind: type[Placed], act: str, number: int, sent: Placed | None) -> Placed:
    here = place(act, number)
    return sent if sent is not None and sent.place == here else kind(formdata=None, place=here)


def sheet_context(held: askers.Pass) -> dict[str, Any]:
    """What the printed receipt says."""
    view = view_of(held)
    address = settings().base_url + url_for("appeals.track", receipt=view.appeal.receipt)
    return {
        "appeal": view.appeal,
        "threads": view.threads,
        "fresh_code": grouped(held.code),
        "address": address,
        "qr": _qr(address),
        "said_lang": HTML_LANG.get(view.appeal.locale, "zh-Hans"),
    }


def _qr(address: str) -> Markup:
    """The address to follow it, to be scanned; the number is in it, the code never."""
    import segno

    drawing = segno.make(address, error="m").svg_inline(scale=5, border=2, light="#fff", omitsize=True)
    return Markup(drawing)
