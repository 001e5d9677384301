"""Category rules: in order, on or off, written and tried before they are kept."""

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.cases.desk import blueprint
from portal.cases.desk.reading import check_token, indented, indented_by_id, lists, seen
from portal.cases.forms.acting import number
from portal.cases.forms.rules import RuleForm, filled
from portal.cases.queries.proposed import HANDLES, proposed_person
from portal.cases.queries.rule_trial import RuleRow, Trial, recent, rule_rows, trial
from portal.cases.service import routing_rules as service
from portal.identity.queries import people_with
from portal.kernel import clock
from portal.kernel.errors import Invalid, NotFound
from portal.kernel.words import N_
from portal.web.access import current_actor, requires
from portal.web.database import reader, transaction
from portal.web.filters import term
from portal.web.locale import current
from portal.web.rendering import page
from portal.web.words import _


@blueprint.get("/rules", endpoint="rules")
@requires("rule.edit")
def rule_list() -> Response:
    """The rules in their order."""
    rows = rule_rows(reader(), seen().today)
    return page("cases/rules.html", rows=[(row, told(row)) for row in rows], trial=None)


@blueprint.get("/rules/trial")
@requires("rule.edit")
def rules_trial() -> Response:
    """What the rules propose for recent appeals, and how often people decided the same."""
    rows = rule_rows(reader(), seen().today)
    found = trial([], rows, recent(reader(), current_actor(), lists()), lists())
    return page("cases/rules.html", rows=[(row, told(row)) for row in rows], trial=found)


@blueprint.route("/rules/new", methods=["GET", "POST"])
@requires("rule.edit")
def rule_new() -> Response:
    """Write a rule; it is asked last."""
    return _edit(None)


@blueprint.route("/rules/<int:rule_id>", methods=["GET", "POST"])
@requires("rule.edit")
def rule_edit(rule_id: int) -> Response:
    """Change a rule in its place."""
    row = next((row for row in rule_rows(reader(), seen().today) if row.id == rule_id), None)
    if row is None:
        raise NotFound("not_found", N_("There is nothing here under this address."))
    return _edit(row)


def _edit(row: RuleRow | None) -> Response:
    if request.method == "GET":
        kept = filled(row.conditions) | {"name": row.name, "unit_id": row.unit_id} if row else {}
        kept |= {"person_id": row.person.id} if row and row.person else {}
        # The list of people depends on the unit that was just chosen.
        chosen = number(request.args.get("unit_id"))
        kept |= {"unit_id": chosen, "person_id": None} if chosen else {}
        return _draw(_offered(RuleForm(formdata=None, data=kept)), row)
    form = _offered(RuleForm())
    if not form.validate():
        return _draw(form, row, 422)
    if "try" in request.form:
        return _draw(form, row, tried=_try(form, row))
    try:
        with transaction() as db:
            service.save_rule(
                db,
                clock.now(),
                current_actor(),
                row.id if row else None,
                name=form.name.data or "",
                conditions=form.conditions(),
                unit_id=form.unit_id.data,
                person_id=form.person_id.data,
            )
    except Invalid as error:
        form.take(error)
        return _draw(form, row, 422)
    flash(_("Saved. It proposes units for appeals that come in from now on."), "success")
    return redirect(url_for("case_desk.rules"), 303)


def _offered(form: RuleForm) -> RuleForm:
    found = lists()
    choices = {
        "categories": indented(found.categories),
        "areas": indented(found.areas),
        "channels": indented(found.channels),
    }
    handling = [unit for unit in indented_by_id(found.units) if found.unit_by_id[unit[0]].handles]
    form.offer(choices, handling)
    unit_id = form.unit_id.data
    people = people_with(reader(), HANDLES, [unit_id], seen().today) if unit_id else []
    form.person_id.offer(list({person: name for person, name, _ in people}.items()))
    return form


def _try(form: RuleForm, row: RuleRow | None) -> Trial:
    """The rules as they are against the rules with this one as it stands in the form."""
    before = rule_rows(reader(), seen().today)
    changed = RuleRow(
        row.id if row else 0,
        row.sort if row else 10**6,
        form.name.data or "",
        form.conditions(),
        form.unit_id.data or 0,
        "",
        True,
        proposed_person(reader(), form.unit_id.data, form.person_id.data, seen().today),
    )
    after = [changed if old.id == changed.id else old for old in before]
    after = after if row else [*before, changed]
    return trial(before, after, recent(reader(), current_actor(), lists()), lists())


def _draw(form: RuleForm, row: RuleRow | None, status: int = 200, tried: Trial | None = None) -> Response:
    url = url_for("case_desk.rule_edit", rule_id=row.id) if row else url_for("case_desk.rule_new")
    return page(
        "cases/rule_edit.html", regions=("people",), form=form, row=row, trial=tried, url=url, status=status
    )


@blueprint.post("/rules/<int:rule_id>/position")
@requires("rule.edit")
def rule_position(rule_id: int) -> Response:
    """One place up or down."""
    check_token()
    with transaction() as db:
        service.move_rule(db, clock.now(), current_actor(), rule_id, request.form.get("to") == "up")
    return redirect(url_for("case_desk.rules"), 303)


@blueprint.post("/rules/<int:rule_id>/state")
@requires("rule.edit")
def rule_state(rule_id: int) -> Response:
    """On or off."""
    check_token()
    active = request.form.get("active") == "1"
    with transaction() as db:
        service.switch_rule(db, clock.now(), current_actor(), rule_id, active)
    flash(_("The rule is on.") if active else _("The rule is off."), "success")
    return redirect(url_for("case_desk.rules"), 303)


def told(row: RuleRow) -> list[str]:
    """The conditions of a rule in words."""
    asked, found = row.conditions, lists()
    names: dict[str, dict[str, str]] = {
        name: {choice.code: choice.named(current()) for choice in rows}
        for name, rows in (
            ("categories", found.categories),
            ("areas", found.areas),
            ("channels", found.channels),
        )
    }
    labels = {
        "any_words": _("one of: %(words)s"),
        "all_words": _("all of: %(words)s"),
        "none_words": _("none of: %(words)s"),
    }
    between = ", " if current() == "en" else "、"
    said = [labels[name] % {"words": between.join(asked[name])} for name in labels if asked.get(name)]
    said += [
        between.join(names[name].get(code, code) for code in asked[name]) for name in names if asked.get(name)
    ]
    said += [between.join(term(kind, "appeal_kind") for kind in asked["kinds"])] if asked.get("kinds") else []
    return said + ([term(asked["party"], "party_kind")] if asked.get("party") else [])
