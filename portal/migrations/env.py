"""Run by Alembic with the connection that `portal.migrations` hands it."""

from alembic import context

from portal.tables import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    transactional_ddl=True,
    include_name=lambda name, kind, parents: kind != "table" or "_search" not in (name or ""),
    compare_type=True,
)
context.run_migrations()
