"""Runs a learner's SQL in a DuckDB that holds the given tables and nothing else."""

import duckdb


class Queries:
    """One callable for each `.sql` file, by its stem; they share one connection."""

    def __init__(self, texts):
        connection = duckdb.connect(
            ":memory:",
            config={"enable_external_access": "false", "threads": "1", "memory_limit": "512MB"},
        )
        connection.execute("SET lock_configuration = true")
        for stem, text in texts.items():
            setattr(self, stem, Query(connection, text))


class Query:
    """One query; tables are given by name and are gone after it."""

    def __init__(self, connection, text):
        self._connection = connection
        self._text = text

    def __call__(self, **tables):
        connection = self._connection
        connection.begin()
        try:
            for name, table in tables.items():
                connection.register("given", table)
                connection.execute(f'CREATE TABLE "{name}" AS SELECT * FROM given')
                connection.unregister("given")
            result = connection.sql(self._text)
            if result is None:
                raise ValueError("the query returns no rows: end the file with a SELECT")
            return result.to_arrow_table()
        finally:
            connection.rollback()
