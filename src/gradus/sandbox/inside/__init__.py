"""The program that runs on the untrusted side of the trust line, sent there as text.

It must not import anything of Gradus but its own files (by relative import), and it decides
nothing: whatever it says is only what the learner's process said.
"""
