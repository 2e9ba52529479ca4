"""How Alembic runs our migrations: on the connection it is handed, within that connection's transaction."""

from alembic import context

from adapters.database.alert_tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    transactional_ddl=False,  # the caller's transaction holds everything
)
context.run_migrations()
