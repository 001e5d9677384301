"""The operator's commands over the whole house: the server, the database, backups, the check."""
