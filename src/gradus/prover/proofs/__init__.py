"""One module a proof; each has one function under `@proof`, named as the module is."""
