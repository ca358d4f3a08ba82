"""Claims about a running service, over the network; it starts the service where a command is given.

It must not import what a service runs, and must not believe what a service reports of itself.
"""
