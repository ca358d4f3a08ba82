"""A payment-fraud scorer, from raw events to a live API that notices when it goes wrong."""
