"""The picture of the lesson."""


def figures():
    """Every picture by its file name."""
    return {
        "balance.svg": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 20" role="img">\n'
        "<title>A beam that balances at the mean</title>\n"
        '<path d="M0 10 H100" stroke="currentColor"/>\n</svg>\n'
    }
