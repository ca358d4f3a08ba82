"""One module a contract; each has one `CONTRACT`."""
