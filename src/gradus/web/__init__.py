"""The pages: routes, templates and their typed contexts, served on loopback.

This room decides nothing: what a person sees comes from `desk`, what a person does goes to it.
"""
