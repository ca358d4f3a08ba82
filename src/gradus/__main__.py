"""The command `gradus`, and `python -m gradus`: quiet from the first import on when interrupted."""

import sys


def main() -> None:
    """Import the command line and run it; Ctrl-C during the import leaves no traceback."""
    try:
        from gradus.cli.main import main as run
    except KeyboardInterrupt:
        sys.exit(130)
    run()


if __name__ == "__main__":
    main()
