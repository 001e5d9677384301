"""The macros every page is made of, rendered alone: what a reader and a screen reader get."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Form, HiddenField, MultipleFileField, StringField, TextAreaField, widgets
from wtforms.validators import DataRequired, Length, Optional

from portal.cases.vocabulary import ClosingKind
from portal.cases.workflow import CaseState
from portal.deadlines.stages import Stage
from portal.web.choices import RadioField, SelectField, SelectMultipleField

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"


class Appeal(Form):
    title = StringField("Title", [DataRequired("Say what the problem is")])
    kind = RadioField(
        "Kind", [DataRequired("Choose a kind")], choices=[("help", "Help"), ("enquiry", "Enquiry")]
    )
    body = TextAreaField("What happened", [Length(max=2000)])
    unit = SelectField("Unit", [Optional()], choices=[("", "Not sure"), ("u", "Housing")])
    channels = SelectMultipleField(
        "Tell me by", choices=[("sms", "SMS"), ("mail", "Mail")], option_widget=widgets.CheckboxInput()
    )
    publish = BooleanField("May be published")
    files = MultipleFileField("Files", [Optional()])
    known = HiddenField("Known")
    website = StringField("Website")


@pytest.fixture(scope="module")
def env() -> Environment:
    e = Environment(
        loader=FileSystemLoader(TEMPLATES),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        undefined=StrictUndefined,
    )
    e.install_null_translations(newstyle=True)
    e.filters.update(
        due=lambda v: f"{v.day} {v:%B}",
        number=lambda v: f"{v:,}",
        day=lambda v: f"{v.day} {v:%B}",
        hour=lambda v: f"{v:%H:%M}",
        datetime=lambda v: f"{v.day} {v:%B %Y %H:%M}",
    )
    e.globals.update(csrf_token=lambda: "token")
    return e


def render(env: Environment, source: str, **values: Any) -> str:
    return " ".join(env.from_string(source).render(**values).split())


FIELD = '{% from "macros/forms.html" import field %}'


def test_a_hint_and_an_error_are_tied_to_their_field(env: Environment) -> None:
    form = Appeal(MultiDict({"title": ""}))
    form.validate()
    html = render(env, FIELD + "{{ field(form.title, hint='One sentence') }}", form=form)
    assert 'aria-describedby="title-hint title-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="title-hint">One sentence' in html
    assert "Say what the problem is" in html
    assert " required" not in html, "the browser's own message would stop the form before ours is seen"


def test_the_error_summary_leads_to_each_field(env: Environment) -> None:
    form = Appeal(MultiDict({"title": "", "body": "x" * 2001}))
    form.validate()
    html = render(
        env,
        '{% from "macros/forms.html" import error_summary, field %}{{ error_summary(form) }}'
        "{{ field(form.title) }}{{ field(form.kind) }}{{ field(form.body) }}",
        form=form,
    )
    assert "Not sent yet: 3 things to put right" in html
    for target in ("title", "kind", "body"):
        assert f'href="#{target}"' in html
        assert f'id="{target}"' in html


def test_a_form_without_errors_shows_no_summary(env: Environment) -> None:
    source = '{% from "macros/forms.html" import error_summary %}{{ error_summary(form) }}'
    assert render(env, source, form=Appeal()) == ""


def test_a_long_text_says_its_limit_without_script(env: Environment) -> None:
    html = render(env, FIELD + "{{ field(form.body) }}", form=Appeal())
    assert 'aria-describedby="body-count"' in html
    assert "At most 2,000 characters" in html
    assert "maxlength" not in html, "pasted text would be cut off without a word"


def test_every_kind_of_field_is_drawn(env: Environment) -> None:
    form = Appeal(MultiDict({"channels": "mail", "kind": "enquiry", "known": "1"}))
    html = render(
        env, FIELD + "{% for f in form %}{{ field(f, hints={'help': 'In 10 days'}) }}{% endfor %}", form=form
    )
    assert html.count('type="radio"') == 2
    assert html.count('type="checkbox"') == 3
    assert 'value="mail" checked' in html
    assert 'value="enquiry" checked' in html
    assert 'id="kind-note">In 10 days' in html
    assert 'type="file"' in html and "multiple" in html
    assert "<select" in html
    assert 'name="known"' not in html, "hidden fields are drawn by post()"
    assert html.count("(optional)") == 2


def test_what_people_wrote_is_escaped(env: Environment) -> None:
    form = Appeal(MultiDict({"title": '"><script>'}))
    html = render(env, FIELD + "{{ field(form.title) }}", form=form)
    assert "<script>" not in html


def test_a_posting_form_carries_its_token_and_no_second_try(env: Environment) -> None:
    html = render(env, '{% from "macros/forms.html" import post %}{% call post("/x") %}in{% endcall %}')
    assert html.count('type="hidden"') == 1
    assert 'name="csrf_token" value="token"' in html
    assert "novalidate data-once" in html


def test_a_posting_form_carries_its_hidden_fields_without_ids(env: Environment) -> None:
    source = '{% from "macros/forms.html" import post %}{% call post("/x", form=form) %}in{% endcall %}'
    html = render(env, source, form=Appeal(MultiDict({"known": "1"})))
    assert '<input type="hidden" name="known" value="1">' in html
    assert " id=" not in html, "two forms on one page would share the id"


def test_the_trap_is_out_of_reach_for_people(env: Environment) -> None:
    html = render(
        env, '{% from "macros/forms.html" import honeypot %}{{ honeypot(form.website) }}', form=Appeal()
    )
    assert 'aria-hidden="true"' in html
    assert 'tabindex="-1"' in html
    assert 'autocomplete="off"' in html


STATE = '{% from "macros/states.html" import case_badge, due %}'


@pytest.mark.parametrize("code", CaseState)
def test_every_state_has_a_word_and_a_shape(env: Environment, code: CaseState) -> None:
    html = render(env, STATE + "{{ case_badge(code, 'Word') }}", code=code)
    assert "Word" in html
    assert "<use href=" in html
    assert '#i-ring"/></svg><span>Word' not in html or code in ("submitted", "screened"), "no shape chosen"


def test_closed_is_never_drawn_like_solved(env: Environment) -> None:
    def drawn(kind: str | None) -> str:
        return render(env, STATE + "{{ case_badge('closed', 'Closed', kind=kind) }}", kind=kind)

    assert "jade" in drawn("solved")
    for kind in (None, *ClosingKind):
        if kind == ClosingKind.SOLVED:
            continue
        assert "jade" not in drawn(kind)
        assert "i-tick" not in drawn(kind)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (-1, "1 working day overdue"),
        (-2, "2 working days overdue"),
        (0, "Due today"),
        (1, "1 working day left"),
    ],
)
def test_days_left_are_said_in_words(env: Environment, days: int, words: str) -> None:
    assert words in render(env, STATE + "{{ due('overdue', days=days) }}", days=days)


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_of_a_clock_has_a_shape(env: Environment, stage: Stage) -> None:
    html = render(env, STATE + "{{ due(stage, label='Word') }}", stage=stage)
    assert "Word" in html
    assert "i-ring" not in html, "no shape chosen"
    assert ("red" in html) == (stage in (Stage.OVERDUE, Stage.VERY_LATE)), (
        "red means overdue and nothing else"
    )


def test_the_clock_band_follows_the_clock(env: Environment) -> None:
    steps = [
        (None, "before"),
        ("run", "running"),
        (None, "running"),
        ("pause", "paused"),
        ("run", "running"),
        ("extend", "extended"),
        ("pause", "paused"),
        ("run", "extended"),
        ("stop", "stopped"),
        (None, "stopped"),
    ]
    at = datetime(2026, 6, 18, 6, 37, tzinfo=UTC)
    entries = [
        SimpleNamespace(at=at, title="T", detail=None, mark=None, clock=c, clock_text=None)
        for c, _band in steps
    ]
    html = render(
        env, '{% from "macros/timeline.html" import timeline %}{{ timeline(entries) }}', entries=entries
    )
    assert [p.split('"')[0] for p in html.split('<li class="is-')[1:]] == [band for _clock, band in steps]
    assert html.count("Clock started") == 1
    assert html.count("Clock running again") == 2


def test_a_gate_that_does_not_hold_is_not_drawn_as_holding(env: Environment) -> None:
    html = render(
        env, '{% from "macros/gates.html" import gates %}{{ gates([(false, "A", ""), (none, "B", "")]) }}'
    )
    assert "jade" not in html
    assert "is-ok" not in html
