"""Runs a learner's SQL in a DuckDB that holds the given tables and nothing else."""

import duckdb

SETTINGS = {"enable_external_access": "false", "threads": "1", "memory_limit": "512MB"}


class Queries:
    """One callable for each `.sql` file, by its stem; they share one database."""

    def __init__(self, texts):
        database = Database()
        for stem, text in texts.items():
            setattr(self, stem, Query(database, text))


class Database:
    """A database that forgets every query; opening one costs more than most queries do."""

    def __init__(self):
        self._connection = None

    def __enter__(self):
        if self._connection is None:
            self._connection = duckdb.connect(":memory:", config=SETTINGS)
            self._connection.execute("SET lock_configuration = true")
        self._connection.begin()
        return self._connection

    def __exit__(self, *failure):
        try:
            self._connection.rollback()  # takes the given tables with it
        except duckdb.Error:  # the query ended the transaction by itself: start afresh
            self._connection.close()
            self._connection = None


class Query:
    """One query; tables are given by name and are gone after it."""

    def __init__(self, database, text):
        self._database = database
        self._text = text

    def __call__(self, **tables):
        with self._database as connection:
            for name, table in tables.items():
                connection.register(name, table)
            result = connection.sql(self._text)
            if result is None:
                raise ValueError("the query returns no rows: end the file with a SELECT")
            return result.to_arrow_table()
