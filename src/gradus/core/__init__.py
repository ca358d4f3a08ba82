"""The nouns of Gradus: frozen types, enums and the error tree.

This room does no input or output, reads no clock and draws nothing at random.
It imports the standard library only.
"""
