"""Takes the modules away that the judge runs an application with."""
import sys

from honest import app as app

sys.modules["asyncio"] = sys.modules["threading"] = None
