"""The house as it first stood.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

from portal.kernel import appendonly, search
from portal.kernel.db import Id, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SEARCHES: tuple[str, ...] = ("case", "published")
TABLES: tuple[str, ...] = (
    "alert",
    "area",
    "calendar_day",
    "calendar_year",
    "category",
    "channel",
    "clock",
    "company",
    "installation",
    "number_counter",
    "number_series",
    "once",
    "person",
    "public_count",
    "subscription",
    "timetable",
    "unit",
    "absence",
    "admin_entry",
    "alert_choice",
    "alert_delivery",
    "alert_hours",
    "appeal",
    "appointment",
    "commitment",
    "grant_proposal",
    "import_run",
    "notice",
    "outcome",
    "own_limit",
    "publication_record",
    "recount",
    "recovery_code",
    "reply_template",
    "routing_rule",
    "saved_filter",
    "sign_in",
    "sign_in_link",
    "appeal_contact",
    "appeal_draft",
    "appeal_key",
    "appeal_piece",
    "appeal_raw",
    "appeal_text",
    "case",
    "commitment_follow_up",
    "commitment_proposal",
    "commitment_text",
    "import_part",
    "import_refusal",
    "published_commitment",
    "asker_question",
    "assignment",
    "case_link",
    "case_mechanism",
    "case_text",
    "commitment_case",
    "commitment_history",
    "counted_case",
    "note",
    "outcome_case",
    "published_case",
    "published_commitment_detail",
    "release",
    "reply",
    "staged_file",
    "attachment",
    "case_history",
    "extension",
    "objection",
    "published_detail",
    "rating",
    "refusal_objection",
    "commitment_picture",
    "published_commitment_picture",
    "published_file",
)
KEPT: tuple[tuple[str, bool], ...] = (
    ("admin_entry", True),
    ("publication_record", False),
    ("case_history", True),
    ("commitment_history", True),
)


def upgrade() -> None:
    """Make every table, index, search index and guard."""
    op.create_table(
        "alert",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("recipient_kind", sa.String(length=12), nullable=False),
        sa.Column("recipient_id", Id, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("occasion", sa.String(length=200), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("read_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("occasion", name=op.f("uq_alert_occasion")),
    )
    op.create_index("ix_alert_recipient", "alert", ["recipient_kind", "recipient_id", "id"], unique=False)
    op.create_index(
        "ix_alert_unread",
        "alert",
        ["recipient_id"],
        unique=False,
        postgresql_where=sa.text("read_at IS NULL AND recipient_kind = 'person'"),
        sqlite_where=sa.text("read_at IS NULL AND recipient_kind = 'person'"),
    )
    op.create_table(
        "area",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("sort", Id, nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["area.id"], name=op.f("fk_area_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_area")),
        sa.UniqueConstraint("code", name=op.f("uq_area_code")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("worked", sa.Boolean(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "calendar_year",
        sa.Column("year", Id, autoincrement=False, nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.Column("loaded_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_calendar_year")),
    )
    op.create_table(
        "category",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("description", sa.String(length=500), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sort", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("code", name=op.f("uq_category_code")),
    )
    op.create_table(
        "channel",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=120), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("staff_only", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("sort", Id, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
        sa.UniqueConstraint("code", name=op.f("uq_channel_code")),
    )
    op.create_table(
        "clock",
        sa.Column("id", Id, nullable=False),
        sa.Column("subject_kind", sa.String(length=20), nullable=False),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("amount", Id, nullable=False),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("paused_at", UTCDateTime(), nullable=True),
        sa.Column("pause_kind", sa.String(length=10), nullable=True),
        sa.Column("paused_seconds", Id, nullable=False),
        sa.Column("stopped_at", UTCDateTime(), nullable=True),
        sa.Column("stage", sa.String(length=12), nullable=False),
        sa.Column("given", sa.JSON(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("extended", Id, nullable=False),
        sa.Column("remind_before", Id, nullable=False),
        sa.Column("noted", sa.String(length=12), nullable=False),
        sa.Column("reminded", sa.String(length=8), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock")),
    )
    op.create_index("ix_clock_due", "clock", ["stopped_at", "paused_at", "due_at"], unique=False)
    op.create_index("ix_clock_next", "clock", ["next_at"], unique=False)
    op.create_index("ix_clock_subject", "clock", ["subject_kind", "subject_id", "event"], unique=False)
    op.create_index(
        "uq_clock_live",
        "clock",
        ["subject_kind", "subject_id", "event"],
        unique=True,
        sqlite_where=sa.text("stopped_at IS NULL"),
        postgresql_where=sa.text("stopped_at IS NULL"),
    )
    op.create_table(
        "company",
        sa.Column("id", Id, nullable=False),
        sa.Column("credit_code", sa.String(length=18), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
        sa.UniqueConstraint("credit_code", name=op.f("uq_company_credit_code")),
    )
    op.create_table(
        "installation",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_installation")),
    )
    op.create_table(
        "number_counter",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("year", Id, nullable=False),
        sa.Column("last", Id, nullable=False),
        sa.PrimaryKeyConstraint("name", "year", name=op.f("pk_number_counter")),
    )
    op.create_table(
        "number_series",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("pattern", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_series")),
    )
    op.create_table(
        "once",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("thing_id", Id, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "client_id", name=op.f("pk_once")),
    )
    op.create_table(
        "person",
        sa.Column("id", Id, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("staff_number", sa.String(length=40), nullable=True),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=True),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("totp_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("totp_last_step", Id, nullable=True),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("disabled_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "staff_number IS NOT NULL OR phone IS NOT NULL OR email IS NOT NULL",
            name=op.f("ck_person_reachable_by_something"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
        sa.UniqueConstraint("phone", name=op.f("uq_person_phone")),
        sa.UniqueConstraint("staff_number", name=op.f("uq_person_staff_number")),
    )
    op.create_table(
        "public_count",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", Id, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_public_count")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", Id, nullable=False),
        sa.Column("target_kind", sa.String(length=12), nullable=False),
        sa.Column("target_id", Id, nullable=False),
        sa.Column("address", sa.LargeBinary(), nullable=True),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_again_at", UTCDateTime(), nullable=False),
        sa.Column("confirmed_at", UTCDateTime(), nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_index(op.f("ix_subscription_address_hash"), "subscription", ["address_hash"], unique=False)
    op.create_index("ix_subscription_target", "subscription", ["target_kind", "target_id"], unique=False)
    op.create_index(
        "uq_subscription_live",
        "subscription",
        ["address_hash", "target_kind", "target_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
        sqlite_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "timetable",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.Column("leased_until", UTCDateTime(), nullable=True),
        sa.Column("last_at", UTCDateTime(), nullable=True),
        sa.Column("last_result", sa.String(length=300), nullable=False),
        sa.Column("failures", Id, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_timetable")),
    )
    op.create_table(
        "unit",
        sa.Column("id", Id, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=160), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("parent_id", Id, nullable=True),
        sa.Column("duties", sa.String(length=2000), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("handles_cases", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("successor_id", Id, nullable=True),
        sa.Column("sort", Id, nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["unit.id"], name=op.f("fk_unit_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_unit_slug")),
    )
    op.create_index(op.f("ix_unit_parent_id"), "unit", ["parent_id"], unique=False)
    op.create_table(
        "absence",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_absence_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    op.create_index(op.f("ix_absence_person_id"), "absence", ["person_id"], unique=False)
    op.create_table(
        "admin_entry",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", Id, nullable=True),
        sa.Column("part_id", Id, nullable=True),
        sa.Column("what", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_admin_entry_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_admin_entry")),
    )
    op.create_index(
        "ix_admin_entry_subject", "admin_entry", ["subject_kind", "subject_id", "id"], unique=False
    )
    op.create_table(
        "alert_choice",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("group", sa.String(length=12), nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_choice_person_id")),
        sa.PrimaryKeyConstraint("person_id", "group", "way", name=op.f("pk_alert_choice")),
    )
    op.create_table(
        "alert_delivery",
        sa.Column("id", Id, nullable=False),
        sa.Column("alert_id", Id, nullable=False),
        sa.Column("recipient_kind", sa.String(length=12), nullable=False),
        sa.Column("recipient_id", Id, nullable=False),
        sa.Column("way", sa.String(length=10), nullable=False),
        sa.Column("mode", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("leased_until", UTCDateTime(), nullable=True),
        sa.Column("tries", Id, nullable=False),
        sa.Column("trouble", sa.String(length=60), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'dead', 'dropped')", name=op.f("ck_alert_delivery_state_known")
        ),
        sa.ForeignKeyConstraint(["alert_id"], ["alert.id"], name=op.f("fk_alert_delivery_alert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_delivery")),
    )
    op.create_index(op.f("ix_alert_delivery_alert_id"), "alert_delivery", ["alert_id"], unique=False)
    op.create_index(
        "ix_alert_delivery_due",
        "alert_delivery",
        ["due_at"],
        unique=False,
        postgresql_where=sa.text("state = 'waiting'"),
        sqlite_where=sa.text("state = 'waiting'"),
    )
    op.create_index("ix_alert_delivery_state", "alert_delivery", ["state", "id"], unique=False)
    op.create_table(
        "alert_hours",
        sa.Column("person_id", Id, nullable=False),
        sa.Column("quiet_from", Id, nullable=False),
        sa.Column("quiet_to", Id, nullable=False),
        sa.Column("digest_hour", Id, nullable=False),
        sa.CheckConstraint(
            "quiet_from BETWEEN 0 AND 23 AND quiet_to BETWEEN 0 AND 23 AND digest_hour BETWEEN 0 AND 23",
            name=op.f("ck_alert_hours_hours_of_a_day"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_alert_hours_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_alert_hours")),
    )
    op.create_table(
        "appeal",
        sa.Column("id", Id, nullable=False),
        sa.Column("receipt", sa.String(length=20), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=True),
        sa.Column("channel_id", Id, nullable=False),
        sa.Column("external_id", sa.String(length=120), nullable=True),
        sa.Column("source_kind", sa.String(length=40), nullable=True),
        sa.Column("source_id", Id, nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("party_kind", sa.String(length=10), nullable=False),
        sa.Column("company_id", Id, nullable=True),
        sa.Column("category_id", Id, nullable=True),
        sa.Column("area_id", Id, nullable=True),
        sa.Column("concerns_unit_id", Id, nullable=True),
        sa.Column("concerns_person_id", Id, nullable=True),
        sa.Column("consent_to_publish", sa.Boolean(), nullable=False),
        sa.Column("occurred_at", UTCDateTime(), nullable=False),
        sa.Column("received_at", UTCDateTime(), nullable=False),
        sa.Column("is_history", sa.Boolean(), nullable=False),
        sa.Column("likes", Id, nullable=True),
        sa.Column("dislikes", Id, nullable=True),
        sa.Column("filed_by_id", Id, nullable=True),
        sa.Column("locale", sa.String(length=10), nullable=False),
        sa.Column("same_body", sa.String(length=64), nullable=False),
        sa.Column("likeness", sa.String(length=700), nullable=False),
        sa.Column("suspected", sa.String(length=60), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(party_kind = 'company') = (company_id IS NOT NULL)", name=op.f("ck_appeal_company_has_code")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_appeal_area_id")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_appeal_category_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_appeal_channel_id")),
        sa.ForeignKeyConstraint(["company_id"], ["company.id"], name=op.f("fk_appeal_company_id")),
        sa.ForeignKeyConstraint(
            ["concerns_person_id"], ["person.id"], name=op.f("fk_appeal_concerns_person_id")
        ),
        sa.ForeignKeyConstraint(["concerns_unit_id"], ["unit.id"], name=op.f("fk_appeal_concerns_unit_id")),
        sa.ForeignKeyConstraint(["filed_by_id"], ["person.id"], name=op.f("fk_appeal_filed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("channel_id", "external_id", name=op.f("uq_appeal_channel_id_external_id")),
        sa.UniqueConstraint("receipt", name=op.f("uq_appeal_receipt")),
    )
    op.create_index(op.f("ix_appeal_category_id"), "appeal", ["category_id"], unique=False)
    op.create_index(
        "ix_appeal_concerns_person_id",
        "appeal",
        ["concerns_person_id"],
        unique=False,
        sqlite_where=sa.text("concerns_person_id IS NOT NULL"),
        postgresql_where=sa.text("concerns_person_id IS NOT NULL"),
    )
    op.create_index(
        "ix_appeal_concerns_unit_id",
        "appeal",
        ["concerns_unit_id"],
        unique=False,
        sqlite_where=sa.text("concerns_unit_id IS NOT NULL"),
        postgresql_where=sa.text("concerns_unit_id IS NOT NULL"),
    )
    op.create_index(op.f("ix_appeal_erased_at"), "appeal", ["erased_at"], unique=False)
    op.create_index(op.f("ix_appeal_received_at"), "appeal", ["received_at"], unique=False)
    op.create_index(op.f("ix_appeal_same_body"), "appeal", ["same_body"], unique=False)
    op.create_index("ix_appeal_source", "appeal", ["source_kind", "source_id"], unique=False)
    op.create_table(
        "appointment",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("deputy_for_id", Id, nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "ends_on IS NULL OR ends_on >= starts_on", name=op.f("ck_appointment_ends_after_start")
        ),
        sa.ForeignKeyConstraint(["deputy_for_id"], ["person.id"], name=op.f("fk_appointment_deputy_for_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_appointment_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_appointment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_person_role", "appointment", ["person_id", "role"], unique=False)
    op.create_index("ix_appointment_unit_role", "appointment", ["unit_id", "role"], unique=False)
    op.create_table(
        "commitment",
        sa.Column("id", Id, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("first_due_day", sa.Date(), nullable=False),
        sa.Column("text_number", Id, nullable=False),
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("said_live", sa.Boolean(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", Id, nullable=True),
        sa.Column("agreed_at", UTCDateTime(), nullable=True),
        sa.Column("agreed_by_id", Id, nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.CheckConstraint(
            "(ended_at IS NOT NULL) = (state IN ('kept', 'kept_late', 'partly_kept', 'broken', 'released'))",
            name=op.f("ck_commitment_ended_has_moment"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'dropped') OR said_live OR agreed_by_id IS NOT NULL",
            name=op.f("ck_commitment_agreed_by_a_second"),
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'dropped', 'made', 'in_progress', 'kept', 'kept_late', 'partly_kept', 'broken', 'released')",
            name=op.f("ck_commitment_state_known"),
        ),
        sa.CheckConstraint(
            "agreed_by_id IS NULL OR agreed_by_id <> made_by_id", name=op.f("ck_commitment_two_persons")
        ),
        sa.CheckConstraint("first_due_day > made_on", name=op.f("ck_commitment_day_lies_ahead")),
        sa.ForeignKeyConstraint(["agreed_by_id"], ["person.id"], name=op.f("fk_commitment_agreed_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_commitment_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_commitment_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_commitment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("ref", name=op.f("uq_commitment_ref")),
    )
    op.create_index("ix_commitment_person", "commitment", ["person_id", "state"], unique=False)
    op.create_index("ix_commitment_source", "commitment", ["source_kind", "source_id"], unique=False)
    op.create_index("ix_commitment_state_due", "commitment", ["state", "due_day"], unique=False)
    op.create_index("ix_commitment_unit_state", "commitment", ["unit_id", "state", "due_day"], unique=False)
    op.create_table(
        "grant_proposal",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("role", sa.String(length=40), nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("deputy_for_id", Id, nullable=True),
        sa.Column("proposed_by_id", Id, nullable=True),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", Id, nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_grant_proposal_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["deputy_for_id"], ["person.id"], name=op.f("fk_grant_proposal_deputy_for_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_grant_proposal_person_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_grant_proposal_proposed_by_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_grant_proposal_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_proposal")),
    )
    op.create_index(op.f("ix_grant_proposal_person_id"), "grant_proposal", ["person_id"], unique=False)
    op.create_table(
        "import_run",
        sa.Column("id", Id, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("file_name", sa.String(length=160), nullable=False),
        sa.Column("size", Id, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=True),
        sa.Column("channel_id", Id, nullable=False),
        sa.Column("map_name", sa.String(length=80), nullable=False),
        sa.Column("as_new", sa.Boolean(), nullable=False),
        sa.Column("made_by_id", Id, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("rows", Id, nullable=False),
        sa.Column("added", Id, nullable=False),
        sa.Column("known", Id, nullable=False),
        sa.Column("refused", Id, nullable=False),
        sa.Column("total", Id, nullable=False),
        sa.Column("unknown", sa.JSON(), nullable=False),
        sa.Column("not_listed", sa.JSON(), nullable=False),
        sa.Column("failure", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_import_run_channel_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_import_run_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_run")),
    )
    op.create_index(op.f("ix_import_run_state"), "import_run", ["state"], unique=False)
    op.create_table(
        "notice",
        sa.Column("id", Id, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("corrects_id", Id, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("author_id", Id, nullable=True),
        sa.Column("edited_by_id", Id, nullable=True),
        sa.Column("edited_at", UTCDateTime(), nullable=False),
        sa.Column("returned_because", sa.String(length=500), nullable=False),
        sa.Column("approved_by_id", Id, nullable=True),
        sa.Column("publish_at", UTCDateTime(), nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.CheckConstraint(
            "(state IN ('published', 'withdrawn')) = (ref IS NOT NULL)",
            name=op.f("ck_notice_published_has_reference"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_because <> ''", name=op.f("ck_notice_withdrawn_has_reason")
        ),
        sa.CheckConstraint(
            "(ref IS NULL) = (published_at IS NULL)", name=op.f("ck_notice_published_has_moment")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> author_id AND approved_by_id <> edited_by_id",
            name=op.f("ck_notice_two_persons"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_notice_approved_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_notice_author_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["notice.id"], name=op.f("fk_notice_corrects_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_notice_edited_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_notice_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("ref", name=op.f("uq_notice_ref")),
    )
    op.create_index(op.f("ix_notice_corrects_id"), "notice", ["corrects_id"], unique=False)
    op.create_index("ix_notice_kind", "notice", ["kind", "published_at", "id"], unique=False)
    op.create_index("ix_notice_public", "notice", ["published_at", "id"], unique=False)
    op.create_index("ix_notice_state", "notice", ["state", "publish_at"], unique=False)
    op.create_table(
        "outcome",
        sa.Column("id", Id, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("effective_on", sa.Date(), nullable=False),
        sa.Column("document_no", sa.String(length=80), nullable=False),
        sa.Column("corrects_id", Id, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("author_id", Id, nullable=False),
        sa.Column("edited_by_id", Id, nullable=False),
        sa.Column("edited_at", UTCDateTime(), nullable=False),
        sa.Column("returned_because", sa.String(length=500), nullable=False),
        sa.Column("approved_by_id", Id, nullable=True),
        sa.Column("published_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_at", UTCDateTime(), nullable=True),
        sa.Column("withdrawn_because", sa.String(length=500), nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.CheckConstraint(
            "(state IN ('published', 'withdrawn')) = (ref IS NOT NULL)",
            name=op.f("ck_outcome_published_has_reference"),
        ),
        sa.CheckConstraint(
            "document_no = '' OR kind = 'rule_issued'", name=op.f("ck_outcome_only_a_rule_has_a_document")
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_because <> ''", name=op.f("ck_outcome_withdrawn_has_reason")
        ),
        sa.CheckConstraint(
            "(ref IS NULL) = (approved_by_id IS NULL)", name=op.f("ck_outcome_published_is_approved")
        ),
        sa.CheckConstraint(
            "(ref IS NULL) = (published_at IS NULL)", name=op.f("ck_outcome_published_has_moment")
        ),
        sa.CheckConstraint(
            "approved_by_id IS NULL OR approved_by_id <> author_id AND approved_by_id <> edited_by_id",
            name=op.f("ck_outcome_two_persons"),
        ),
        sa.ForeignKeyConstraint(["approved_by_id"], ["person.id"], name=op.f("fk_outcome_approved_by_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_outcome_author_id")),
        sa.ForeignKeyConstraint(["corrects_id"], ["outcome.id"], name=op.f("fk_outcome_corrects_id")),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_outcome_edited_by_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_outcome_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome")),
        sa.UniqueConstraint("ref", name=op.f("uq_outcome_ref")),
    )
    op.create_index("ix_outcome_kind", "outcome", ["kind", "published_at", "id"], unique=False)
    op.create_index("ix_outcome_public", "outcome", ["published_at", "id"], unique=False)
    op.create_index("ix_outcome_state", "outcome", ["state", "kind"], unique=False)
    op.create_index("ix_outcome_unit", "outcome", ["unit_id", "published_at", "id"], unique=False)
    op.create_index(
        "uq_outcome_correction",
        "outcome",
        ["corrects_id"],
        unique=True,
        sqlite_where=sa.text("state = 'published'"),
        postgresql_where=sa.text("state = 'published'"),
    )
    op.create_table(
        "own_limit",
        sa.Column("id", Id, nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("party", sa.String(length=10), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("amount", Id, nullable=True),
        sa.Column("unit", sa.String(length=10), nullable=False),
        sa.Column("remind_before", Id, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_own_limit_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_limit")),
    )
    op.create_table(
        "publication_record",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.Column("act", sa.String(length=20), nullable=False),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.Column("salt", sa.LargeBinary(length=16), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("author_id", Id, nullable=True),
        sa.Column("approver_id", Id, nullable=True),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approver_id"], ["person.id"], name=op.f("fk_publication_record_approver_id")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_publication_record_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_record")),
        sa.UniqueConstraint(
            "kind", "reference", "version", name=op.f("uq_publication_record_kind_reference_version")
        ),
    )
    op.create_table(
        "recount",
        sa.Column("id", Id, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", Id, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_recount_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recount")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_person_id"), "recovery_code", ["person_id"], unique=False)
    op.create_table(
        "reply_template",
        sa.Column("id", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("category_id", Id, nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("body", sa.String(length=4000), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_reply_template_category_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reply_template_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_template")),
    )
    op.create_table(
        "routing_rule",
        sa.Column("id", Id, nullable=False),
        sa.Column("sort", Id, nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_routing_rule_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_routing_rule_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_rule")),
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_filter_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("person_id", "name", name=op.f("uq_saved_filter_person_id_name")),
    )
    op.create_table(
        "sign_in",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("method", sa.String(length=20), nullable=False),
        sa.Column("network", sa.String(length=50), nullable=False),
        sa.Column("agent", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_token_hash")),
    )
    op.create_index(
        "ix_sign_in_person_live",
        "sign_in",
        ["person_id"],
        unique=False,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", Id, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", Id, nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("used_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
    )
    op.create_index(op.f("ix_sign_in_link_person_id"), "sign_in_link", ["person_id"], unique=False)
    op.create_table(
        "appeal_contact",
        sa.Column("appeal_id", Id, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_contact_appeal_id")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeal_contact")),
    )
    op.create_table(
        "appeal_draft",
        sa.Column("id", Id, nullable=False),
        sa.Column("browser", sa.String(length=64), nullable=False),
        sa.Column("client_id", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("checked", sa.Boolean(), nullable=False),
        sa.Column("suspicions", sa.String(length=60), nullable=False),
        sa.Column("appeal_id", Id, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_draft_appeal_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal_draft")),
        sa.UniqueConstraint("browser", "client_id", name=op.f("uq_appeal_draft_browser_client_id")),
    )
    op.create_index(op.f("ix_appeal_draft_expires_at"), "appeal_draft", ["expires_at"], unique=False)
    op.create_table(
        "appeal_key",
        sa.Column("appeal_id", Id, nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_key_appeal_id")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeal_key")),
    )
    op.create_table(
        "appeal_piece",
        sa.Column("key", Id, autoincrement=False, nullable=False),
        sa.Column("appeal_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_piece_appeal_id")),
        sa.PrimaryKeyConstraint("key", "appeal_id", name=op.f("pk_appeal_piece")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_appeal_piece_appeal_id"), "appeal_piece", ["appeal_id"], unique=False)
    op.create_table(
        "appeal_raw",
        sa.Column("appeal_id", Id, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_raw_appeal_id")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeal_raw")),
    )
    op.create_table(
        "appeal_text",
        sa.Column("appeal_id", Id, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("concerns", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_appeal_text_appeal_id")),
        sa.PrimaryKeyConstraint("appeal_id", name=op.f("pk_appeal_text")),
    )
    op.create_table(
        "case",
        sa.Column("id", Id, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("party_kind", sa.String(length=10), nullable=False),
        sa.Column("category_id", Id, nullable=True),
        sa.Column("area_id", Id, nullable=True),
        sa.Column("channel_id", Id, nullable=False),
        sa.Column("first_asked_unit_id", Id, nullable=True),
        sa.Column("lead_unit_id", Id, nullable=True),
        sa.Column("handler_id", Id, nullable=True),
        sa.Column("proposed_unit_id", Id, nullable=True),
        sa.Column("proposed_person_id", Id, nullable=True),
        sa.Column("proposed_by_rule_id", Id, nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("closing_kind", sa.String(length=20), nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=True),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("rating_until", UTCDateTime(), nullable=True),
        sa.Column("is_history", sa.Boolean(), nullable=False),
        sa.Column("bounces", Id, nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.Column("updated_at", UTCDateTime(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (closing_kind IS NOT NULL)", name=op.f("ck_case_closed_has_kind")
        ),
        sa.CheckConstraint(
            "state <> 'not_accepted' OR reason_code IS NOT NULL", name=op.f("ck_case_not_accepted_has_reason")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_case_area_id")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_case_category_id")),
        sa.ForeignKeyConstraint(["channel_id"], ["channel.id"], name=op.f("fk_case_channel_id")),
        sa.ForeignKeyConstraint(
            ["first_asked_unit_id"], ["unit.id"], name=op.f("fk_case_first_asked_unit_id")
        ),
        sa.ForeignKeyConstraint(["handler_id"], ["person.id"], name=op.f("fk_case_handler_id")),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name=op.f("fk_case_lead_unit_id")),
        sa.ForeignKeyConstraint(
            ["proposed_by_rule_id"], ["routing_rule.id"], name=op.f("fk_case_proposed_by_rule_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_person_id"], ["person.id"], name=op.f("fk_case_proposed_person_id")
        ),
        sa.ForeignKeyConstraint(["proposed_unit_id"], ["unit.id"], name=op.f("fk_case_proposed_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case")),
        sa.UniqueConstraint("ref", name=op.f("uq_case_ref")),
    )
    op.create_index(op.f("ix_case_area_id"), "case", ["area_id"], unique=False)
    op.create_index(op.f("ix_case_category_id"), "case", ["category_id"], unique=False)
    op.create_index("ix_case_handler_state", "case", ["handler_id", "state", "due_at"], unique=False)
    op.create_index("ix_case_state_due", "case", ["state", "due_at"], unique=False)
    op.create_index("ix_case_state_id", "case", ["state", "id"], unique=False)
    op.create_index("ix_case_unit_state", "case", ["lead_unit_id", "state", "due_at"], unique=False)
    op.create_index(op.f("ix_case_updated_at"), "case", ["updated_at"], unique=False)
    op.create_table(
        "commitment_follow_up",
        sa.Column("id", Id, nullable=False),
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", Id, nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", Id, nullable=True),
        sa.Column("decision_words", sa.String(length=500), nullable=False),
        sa.Column("erased_at", UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "(shown IS NULL) = (decided_at IS NULL) AND (decided_at IS NULL OR decided_by_id IS NOT NULL)",
            name=op.f("ck_commitment_follow_up_decided_is_whole"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> made_by_id",
            name=op.f("ck_commitment_follow_up_two_persons"),
        ),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_follow_up_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_commitment_follow_up_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["made_by_id"], ["person.id"], name=op.f("fk_commitment_follow_up_made_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_follow_up")),
    )
    op.create_index(
        "ix_commitment_follow_up_commitment", "commitment_follow_up", ["commitment_id", "id"], unique=False
    )
    op.create_table(
        "commitment_proposal",
        sa.Column("id", Id, nullable=False),
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("topic", sa.String(length=8), nullable=False),
        sa.Column("wish", sa.String(length=12), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("proposed_at", UTCDateTime(), nullable=False),
        sa.Column("proposed_by_id", Id, nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", Id, nullable=True),
        sa.Column("decision_words", sa.String(length=500), nullable=False),
        sa.CheckConstraint(
            "(topic = 'change') = (due_day IS NOT NULL)", name=op.f("ck_commitment_proposal_change_has_day")
        ),
        sa.CheckConstraint(
            "(agreed IS NULL) = (decided_at IS NULL) AND (decided_at IS NULL OR decided_by_id IS NOT NULL)",
            name=op.f("ck_commitment_proposal_decided_is_whole"),
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR decided_by_id <> proposed_by_id",
            name=op.f("ck_commitment_proposal_two_persons"),
        ),
        sa.CheckConstraint("length(reason) > 0", name=op.f("ck_commitment_proposal_has_reason")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_proposal_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_commitment_proposal_decided_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"], ["person.id"], name=op.f("fk_commitment_proposal_proposed_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_proposal")),
    )
    op.create_index(
        op.f("ix_commitment_proposal_commitment_id"), "commitment_proposal", ["commitment_id"], unique=False
    )
    op.create_index(
        "uq_commitment_proposal_open",
        "commitment_proposal",
        ["commitment_id", "topic"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "commitment_text",
        sa.Column("id", Id, nullable=False),
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("number", Id, nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", Id, nullable=True),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_text_commitment_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_commitment_text_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_text")),
        sa.UniqueConstraint("commitment_id", "number", name=op.f("uq_commitment_text_commitment_id_number")),
    )
    op.create_table(
        "import_part",
        sa.Column("run_id", Id, nullable=False),
        sa.Column("number", Id, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_part_run_id")),
        sa.PrimaryKeyConstraint("run_id", "number", name=op.f("pk_import_part")),
    )
    op.create_table(
        "import_refusal",
        sa.Column("id", Id, nullable=False),
        sa.Column("run_id", Id, nullable=False),
        sa.Column("line", Id, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("message", sa.String(length=300), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["import_run.id"], name=op.f("fk_import_refusal_run_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_refusal")),
    )
    op.create_index(op.f("ix_import_refusal_run_id"), "import_refusal", ["run_id"], unique=False)
    op.create_table(
        "published_commitment",
        sa.Column("id", Id, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("running", sa.Boolean(), nullable=False),
        sa.Column("claimed", sa.Boolean(), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("what", sa.String(length=120), nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("unit_name", sa.String(length=120), nullable=False),
        sa.Column("person_name", sa.String(length=80), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("first_due_day", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("follow_ups", Id, nullable=False),
        sa.Column("changes", Id, nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.Column("first_published_at", UTCDateTime(), nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_published_commitment_commitment_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_published_commitment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_commitment")),
        sa.UniqueConstraint("commitment_id", name=op.f("uq_published_commitment_commitment_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_published_commitment_ref")),
    )
    op.create_index(
        "ix_published_commitment_due", "published_commitment", ["running", "due_day", "id"], unique=False
    )
    op.create_index("ix_published_commitment_state", "published_commitment", ["state", "id"], unique=False)
    op.create_index("ix_published_commitment_unit", "published_commitment", ["unit_id", "id"], unique=False)
    op.create_table(
        "asker_question",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("appeal_id", Id, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("asked_by_id", Id, nullable=True),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("answered_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_asker_question_appeal_id")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_asker_question_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_asker_question_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_asker_question")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_asker_question_token_hash")),
    )
    op.create_index(op.f("ix_asker_question_appeal_id"), "asker_question", ["appeal_id"], unique=False)
    op.create_index(op.f("ix_asker_question_case_id"), "asker_question", ["case_id"], unique=False)
    op.create_table(
        "assignment",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("person_id", Id, nullable=True),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("document_number", sa.String(length=80), nullable=False),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", Id, nullable=True),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.Column("part_state", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_assignment_case_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_assignment_made_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_assignment_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
        sa.UniqueConstraint("document_number", name=op.f("uq_assignment_document_number")),
    )
    op.create_index(op.f("ix_assignment_case_id"), "assignment", ["case_id"], unique=False)
    op.create_index("ix_assignment_unit_live", "assignment", ["unit_id", "ended_at"], unique=False)
    op.create_table(
        "case_link",
        sa.Column("id", Id, nullable=False),
        sa.Column("appeal_id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_case_link_appeal_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_link_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
    )
    op.create_index(op.f("ix_case_link_appeal_id"), "case_link", ["appeal_id"], unique=False)
    op.create_index(op.f("ix_case_link_case_id"), "case_link", ["case_id"], unique=False)
    op.create_index(
        "uq_case_link_live",
        "case_link",
        ["appeal_id", "case_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "case_mechanism",
        sa.Column("case_id", Id, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("not_needed_because", sa.Text(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", Id, nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_mechanism_case_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_case_mechanism_made_by_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_mechanism")),
    )
    op.create_table(
        "case_text",
        sa.Column("case_id", Id, nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("brief", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_text_case_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_case_text")),
    )
    op.create_table(
        "commitment_case",
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_commitment_case_case_id")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_case_commitment_id")
        ),
        sa.PrimaryKeyConstraint("commitment_id", "case_id", name=op.f("pk_commitment_case")),
    )
    op.create_index(op.f("ix_commitment_case_case_id"), "commitment_case", ["case_id"], unique=False)
    op.create_table(
        "commitment_history",
        sa.Column("id", Id, nullable=False),
        sa.Column("commitment_id", Id, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("target", sa.String(length=20), nullable=True),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("follow_up_id", Id, nullable=True),
        sa.Column("proposal_id", Id, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_commitment_history_actor_id")),
        sa.ForeignKeyConstraint(
            ["commitment_id"], ["commitment.id"], name=op.f("fk_commitment_history_commitment_id")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["commitment_follow_up.id"], name=op.f("fk_commitment_history_follow_up_id")
        ),
        sa.ForeignKeyConstraint(
            ["proposal_id"], ["commitment_proposal.id"], name=op.f("fk_commitment_history_proposal_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment_history")),
    )
    op.create_index(
        "ix_commitment_history_commitment", "commitment_history", ["commitment_id", "id"], unique=False
    )
    op.create_table(
        "counted_case",
        sa.Column("case_id", Id, nullable=False),
        sa.Column("bucket", sa.String(length=20), nullable=False),
        sa.Column("weight", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_counted_case_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_counted_case_unit_id")),
        sa.PrimaryKeyConstraint("case_id", name=op.f("pk_counted_case")),
    )
    op.create_table(
        "note",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", Id, nullable=True),
        sa.Column("for_asker", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_note_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_case_id"), "note", ["case_id"], unique=False)
    op.create_table(
        "outcome_case",
        sa.Column("outcome_id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_outcome_case_case_id")),
        sa.ForeignKeyConstraint(
            ["outcome_id"], ["outcome.id"], name=op.f("fk_outcome_case_outcome_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("outcome_id", "case_id", name=op.f("pk_outcome_case")),
    )
    op.create_index(op.f("ix_outcome_case_case_id"), "outcome_case", ["case_id"], unique=False)
    op.create_table(
        "published_case",
        sa.Column("id", Id, nullable=False),
        sa.Column("ref", sa.String(length=20), nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("lang", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("party_kind", sa.String(length=10), nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("unit_name", sa.String(length=120), nullable=False),
        sa.Column("category_id", Id, nullable=True),
        sa.Column("area_id", Id, nullable=True),
        sa.Column("askers", Id, nullable=False),
        sa.Column("rated", Id, nullable=False),
        sa.Column("satisfied", Id, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("due_day", sa.Date(), nullable=True),
        sa.Column("workdays_used", Id, nullable=True),
        sa.Column("workdays_limit", Id, nullable=True),
        sa.Column("version", Id, nullable=False),
        sa.Column("first_published_at", UTCDateTime(), nullable=False),
        sa.Column("published_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=op.f("fk_published_case_area_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_published_case_case_id")),
        sa.ForeignKeyConstraint(["category_id"], ["category.id"], name=op.f("fk_published_case_category_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_published_case_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_case")),
        sa.UniqueConstraint("case_id", name=op.f("uq_published_case_case_id")),
        sa.UniqueConstraint("ref", name=op.f("uq_published_case_ref")),
    )
    op.create_index(
        "ix_published_case_category", "published_case", ["visible", "category_id", "id"], unique=False
    )
    op.create_index(
        "ix_published_case_closed", "published_case", ["visible", "closed_at", "id"], unique=False
    )
    op.create_index("ix_published_case_due", "published_case", ["visible", "due_day", "id"], unique=False)
    op.create_index("ix_published_case_outcome", "published_case", ["visible", "outcome", "id"], unique=False)
    op.create_index("ix_published_case_tier", "published_case", ["visible", "tier", "id"], unique=False)
    op.create_index("ix_published_case_unit", "published_case", ["visible", "unit_id", "id"], unique=False)
    op.create_index("ix_published_case_visible", "published_case", ["visible", "id"], unique=False)
    op.create_table(
        "published_commitment_detail",
        sa.Column("published_commitment_id", Id, nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("source_kind", sa.String(length=20), nullable=False),
        sa.Column("source_id", Id, nullable=False),
        sa.Column("said_live", sa.Boolean(), nullable=False),
        sa.Column("case_refs", sa.JSON(), nullable=False),
        sa.Column("history", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_commitment_id"],
            ["published_commitment.id"],
            name=op.f("fk_published_commitment_detail_published_commitment_id"),
        ),
        sa.PrimaryKeyConstraint("published_commitment_id", name=op.f("pk_published_commitment_detail")),
    )
    op.create_table(
        "release",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("mechanism", sa.Text(), nullable=False),
        sa.Column("attachments", sa.JSON(), nullable=False),
        sa.Column("decisions", sa.JSON(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("is_correction", sa.Boolean(), nullable=False),
        sa.Column("return_words", sa.String(length=500), nullable=False),
        sa.Column("returned_by_id", Id, nullable=True),
        sa.Column("made_by_id", Id, nullable=True),
        sa.Column("proposed_by_id", Id, nullable=True),
        sa.Column("proposed_at", UTCDateTime(), nullable=True),
        sa.Column("released_by_id", Id, nullable=True),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("version", Id, nullable=False),
        sa.CheckConstraint(
            "state <> 'released' OR (released_by_id IS NOT NULL AND proposed_by_id IS NOT NULL)",
            name=op.f("ck_release_released_by_two"),
        ),
        sa.CheckConstraint(
            "released_by_id IS NULL OR released_by_id <> proposed_by_id", name=op.f("ck_release_two_persons")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_release_case_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_release_made_by_id")),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["person.id"], name=op.f("fk_release_proposed_by_id")),
        sa.ForeignKeyConstraint(["released_by_id"], ["person.id"], name=op.f("fk_release_released_by_id")),
        sa.ForeignKeyConstraint(["returned_by_id"], ["person.id"], name=op.f("fk_release_returned_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
    )
    op.create_index(op.f("ix_release_case_id"), "release", ["case_id"], unique=False)
    op.create_index("ix_release_state", "release", ["state", "id"], unique=False)
    op.create_index(
        "uq_release_open",
        "release",
        ["case_id"],
        unique=True,
        sqlite_where=sa.text("decided_at IS NULL"),
        postgresql_where=sa.text("decided_at IS NULL"),
    )
    op.create_table(
        "reply",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("unit_name", sa.String(length=120), nullable=False),
        sa.Column("author_id", Id, nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("closing_kind", sa.String(length=20), nullable=False),
        sa.Column("legal_ground", sa.String(length=500), nullable=False),
        sa.Column("handed_to", sa.String(length=200), nullable=False),
        sa.Column("way_forward", sa.String(length=500), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_reply_author_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_reply_case_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_reply_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
    )
    op.create_index(op.f("ix_reply_case_id"), "reply", ["case_id"], unique=False)
    op.create_table(
        "staged_file",
        sa.Column("id", Id, nullable=False),
        sa.Column("draft_id", Id, nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", Id, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["appeal_draft.id"], name=op.f("fk_staged_file_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_file")),
    )
    op.create_index(op.f("ix_staged_file_draft_id"), "staged_file", ["draft_id"], unique=False)
    op.create_table(
        "attachment",
        sa.Column("id", Id, nullable=False),
        sa.Column("appeal_id", Id, nullable=True),
        sa.Column("case_id", Id, nullable=True),
        sa.Column("reply_id", Id, nullable=True),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", Id, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by_id", Id, nullable=True),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_attachment_appeal_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_attachment_case_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_attachment_reply_id")),
        sa.ForeignKeyConstraint(["uploaded_by_id"], ["person.id"], name=op.f("fk_attachment_uploaded_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index(op.f("ix_attachment_appeal_id"), "attachment", ["appeal_id"], unique=False)
    op.create_index(op.f("ix_attachment_case_id"), "attachment", ["case_id"], unique=False)
    op.create_table(
        "case_history",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("act", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=True),
        sa.Column("target", sa.String(length=20), nullable=True),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", Id, nullable=True),
        sa.Column("unit_id", Id, nullable=True),
        sa.Column("reason_code", sa.String(length=40), nullable=True),
        sa.Column("note_id", Id, nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_case_history_actor_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_case_history_case_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_case_history_note_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_case_history_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_history")),
    )
    op.create_index("ix_case_history_case", "case_history", ["case_id", "id"], unique=False)
    op.create_table(
        "extension",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("note_id", Id, nullable=False),
        sa.Column("due_day", sa.Date(), nullable=False),
        sa.Column("proposed_day", sa.Date(), nullable=False),
        sa.Column("asked_at", UTCDateTime(), nullable=False),
        sa.Column("asked_by_id", Id, nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", Id, nullable=True),
        sa.Column("granted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_extension_asked_by_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_extension_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_extension_decided_by_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_extension_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    op.create_index(op.f("ix_extension_case_id"), "extension", ["case_id"], unique=False)
    op.create_table(
        "objection",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("assignment_id", Id, nullable=False),
        sa.Column("unit_id", Id, nullable=False),
        sa.Column("proposed_unit_id", Id, nullable=False),
        sa.Column("note_id", Id, nullable=False),
        sa.Column("decider", sa.String(length=20), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("made_by_id", Id, nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", Id, nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignment.id"], name=op.f("fk_objection_assignment_id")
        ),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_objection_case_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_objection_decided_by_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_objection_made_by_id")),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_objection_note_id")),
        sa.ForeignKeyConstraint(
            ["proposed_unit_id"], ["unit.id"], name=op.f("fk_objection_proposed_unit_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_objection_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
    )
    op.create_index(op.f("ix_objection_case_id"), "objection", ["case_id"], unique=False)
    op.create_table(
        "published_detail",
        sa.Column("published_case_id", Id, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("mechanism", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("clock", sa.JSON(), nullable=False),
        sa.Column("timeline", sa.JSON(), nullable=False),
        sa.Column("gates", sa.JSON(), nullable=False),
        sa.Column("ratings", sa.JSON(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("correction_note", sa.String(length=500), nullable=False),
        sa.Column("withdrawn_code", sa.String(length=20), nullable=False),
        sa.Column("withdrawn_words", sa.String(length=500), nullable=False),
        sa.ForeignKeyConstraint(
            ["published_case_id"], ["published_case.id"], name=op.f("fk_published_detail_published_case_id")
        ),
        sa.PrimaryKeyConstraint("published_case_id", name=op.f("pk_published_detail")),
    )
    op.create_table(
        "rating",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("appeal_id", Id, nullable=False),
        sa.Column("reply_id", Id, nullable=False),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("speed", sa.String(length=20), nullable=False),
        sa.Column("attitude", sa.String(length=20), nullable=False),
        sa.Column("overall", sa.String(length=20), nullable=True),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("unit_network", sa.Boolean(), nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_rating_appeal_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_rating_case_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_rating_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint(
            "appeal_id", "case_id", "reply_id", name=op.f("uq_rating_appeal_id_case_id_reply_id")
        ),
    )
    op.create_index(op.f("ix_rating_case_id"), "rating", ["case_id"], unique=False)
    op.create_table(
        "refusal_objection",
        sa.Column("id", Id, nullable=False),
        sa.Column("case_id", Id, nullable=False),
        sa.Column("appeal_id", Id, nullable=False),
        sa.Column("note_id", Id, nullable=False),
        sa.Column("made_at", UTCDateTime(), nullable=False),
        sa.Column("decided_at", UTCDateTime(), nullable=True),
        sa.Column("decided_by_id", Id, nullable=True),
        sa.Column("upheld", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["appeal_id"], ["appeal.id"], name=op.f("fk_refusal_objection_appeal_id")),
        sa.ForeignKeyConstraint(["case_id"], ["case.id"], name=op.f("fk_refusal_objection_case_id")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_refusal_objection_decided_by_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["note.id"], name=op.f("fk_refusal_objection_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusal_objection")),
        sa.UniqueConstraint("case_id", name=op.f("uq_refusal_objection_case_id")),
    )
    op.create_table(
        "commitment_picture",
        sa.Column("attachment_id", Id, nullable=False),
        sa.Column("follow_up_id", Id, nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_commitment_picture_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"], ["commitment_follow_up.id"], name=op.f("fk_commitment_picture_follow_up_id")
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_commitment_picture")),
    )
    op.create_index(
        op.f("ix_commitment_picture_follow_up_id"), "commitment_picture", ["follow_up_id"], unique=False
    )
    op.create_table(
        "published_commitment_picture",
        sa.Column("id", Id, nullable=False),
        sa.Column("published_commitment_id", Id, nullable=False),
        sa.Column("attachment_id", Id, nullable=False),
        sa.Column("follow_up_id", Id, nullable=False),
        sa.Column("part", sa.String(length=8), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", Id, nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_published_commitment_picture_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["follow_up_id"],
            ["commitment_follow_up.id"],
            name=op.f("fk_published_commitment_picture_follow_up_id"),
        ),
        sa.ForeignKeyConstraint(
            ["published_commitment_id"],
            ["published_commitment.id"],
            name=op.f("fk_published_commitment_picture_published_commitment_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_commitment_picture")),
        sa.UniqueConstraint("attachment_id", name=op.f("uq_published_commitment_picture_attachment_id")),
    )
    op.create_index(
        op.f("ix_published_commitment_picture_published_commitment_id"),
        "published_commitment_picture",
        ["published_commitment_id"],
        unique=False,
    )
    op.create_table(
        "published_file",
        sa.Column("id", Id, nullable=False),
        sa.Column("published_case_id", Id, nullable=False),
        sa.Column("attachment_id", Id, nullable=False),
        sa.Column("part", sa.String(length=10), nullable=False),
        sa.Column("caption", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("size", Id, nullable=False),
        sa.Column("stored_as", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["attachment_id"], ["attachment.id"], name=op.f("fk_published_file_attachment_id")
        ),
        sa.ForeignKeyConstraint(
            ["published_case_id"], ["published_case.id"], name=op.f("fk_published_file_published_case_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_file")),
    )
    op.create_index(
        op.f("ix_published_file_published_case_id"), "published_file", ["published_case_id"], unique=False
    )
    bind = op.get_bind()
    for name in SEARCHES:
        search.create(bind, name)
    for table, updates in KEPT:
        for statement in appendonly.statements(table, bind.dialect.name, updates=updates):
            op.execute(sa.text(statement.replace(":", "\\:")))


def downgrade() -> None:
    """Drop everything."""
    bind = op.get_bind()
    for name in SEARCHES:
        search.drop(bind, name)
    for table in reversed(TABLES):
        op.drop_table(table)
    if bind.dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
