"""The operators, by what they change; a new module here is found by itself."""
