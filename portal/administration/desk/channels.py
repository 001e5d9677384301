"""Channels: the list, a new one, changes, places in the list."""

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.administration import service
from portal.administration.desk import blueprint, done, saved, stored_meanwhile
from portal.administration.forms import ChannelForm, NewChannelForm
from portal.administration.queries import lists
from portal.administration.queries.record import record
from portal.cases.models import Channel
from portal.kernel import clock, seen
from portal.web.access import current_actor, requires
from portal.web.database import reader
from portal.web.filters import translated
from portal.web.rendering import page

LIST = "administration.channel_list"


@blueprint.get("/channels")
@requires("channel.manage")
def channel_list() -> Response:
    """Every channel, in the order in which people choose."""
    return page(
        "administration/channels.html", rows=lists.entries(reader(), Channel), kinds=service.CHANNEL_KINDS
    )


@blueprint.get("/channels/new")
@requires("channel.manage")
def new_channel() -> Response:
    """A new channel."""
    return _new_page(NewChannelForm(data={"kind": "online", "active": True, "staff_only": True}))


@blueprint.post("/channels")
@requires("channel.manage")
def add_channel() -> Response:
    """Add a channel at the end of the list."""
    form = NewChannelForm()
    form.kind.choices = _kinds()
    failed = saved(
        form,
        lambda db: service.add_channel(
            db,
            clock.now(),
            current_actor(),
            code=form.code.data,
            name=form.name.data,
            name_en=form.name_en.data or "",
            kind=form.kind.data,
            staff_only=form.staff_only.data,
            active=form.active.data,
        ),
    )
    if failed:
        return _new_page(form, failed)
    flash(_("The channel is added."), "success")
    return redirect(url_for(LIST), 303)


def _new_page(form: NewChannelForm, status: int = 200) -> Response:
    form.kind.choices = _kinds()
    return page("administration/channel.html", form=form, channel=None, status=status)


def _kinds() -> list[tuple[str, str]]:
    return [(code, translated(label)) for code, label in service.CHANNEL_KINDS.items()]


@blueprint.get("/channels/<int:channel_id>")
@requires("channel.manage")
def show_channel(channel_id: int) -> Response:
    """One channel."""
    channel = lists.entry(reader(), Channel, channel_id)
    return _page(channel_id, ChannelForm(obj=channel, seen=seen.mark(channel, service.CHANNEL_EDITED)))


@blueprint.post("/channels/<int:channel_id>")
@requires("channel.manage")
def change_channel(channel_id: int) -> Response:
    """Rename a channel, say who may use it, switch it off or on."""
    form = ChannelForm()
    form.kind.choices = _kinds()
    failed = saved(
        form,
        lambda db: service.change_channel(
            db,
            clock.now(),
            current_actor(),
            channel_id,
            name=form.name.data,
            name_en=form.name_en.data or "",
            kind=form.kind.data,
            staff_only=form.staff_only.data,
            active=form.active.data,
            seen_mark=form.seen.data,
        ),
    )
    if failed:
        return _page(channel_id, form, failed)
    flash(_("Saved."), "success")
    return redirect(url_for(LIST), 303)


@blueprint.post("/channels/<int:channel_id>/<any(up, down):way>")
@requires("channel.manage")
def move_channel(channel_id: int, way: str) -> Response:
    """One place up or down."""
    return done(
        lambda db: service.move_channel(db, clock.now(), current_actor(), channel_id, up=way == "up"),
        _("Moved."),
        LIST,
        _anchor=f"entry-{channel_id}",
    )


def _page(channel_id: int, form: ChannelForm, status: int = 200) -> Response:
    db = reader()
    channel = lists.entry(db, Channel, channel_id)
    form.kind.choices = _kinds()
    return page(
        "administration/channel.html",
        form=form,
        channel=channel,
        entries=record(db, "channel", channel_id),
        stored=stored_meanwhile(form, channel, service.CHANNEL_EDITED) if status == 409 else [],
        status=status,
    )
