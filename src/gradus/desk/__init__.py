"""One function for each thing that a person can do; the only room that composes the others.

This room has no logic of its own, prints nothing and knows no web page and no terminal.
"""
