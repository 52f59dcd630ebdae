"""A language model as a second answerer: it writes, and the check decides what of it is said.

Imported only where a model is configured; what needs llama-index or a network stays inside functions.
"""
