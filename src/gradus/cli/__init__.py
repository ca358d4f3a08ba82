"""The command `gradus`: arguments in, a call of the desk, text out.

This room decides nothing and keeps nothing.
"""
