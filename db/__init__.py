"""The SQLite catalogue: every line of SQL in the project lives in this package."""
