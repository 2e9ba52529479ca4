"""The public page: what customers were told, as plain files, and served from them whatever the database does."""
