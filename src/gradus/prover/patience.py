"""How long a service is waited for before it is blamed, in seconds.

A quick run does fewer things, and is never less patient than a whole one: so nothing here, and
nothing that waits, may know whether a run is quick.
"""

HANGS_AFTER = 10.0
"""For an answer, after which a request is taken to hang."""
RECOVERS_WITHIN = 10.0
"""From the end of an overload until requests are answered in time again."""
LOGGED_WITHIN = 10.0
"""For what was answered to stand in the log."""
ALERTED_WITHIN = 5.0
"""From the last row of a drift until its alert."""
SWAPPED_WITHIN = 30.0
"""From the end of a command until the service names another version."""
