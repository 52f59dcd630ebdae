"""The commands of ``qa``, a room for each purpose; `qa.cli` puts them together and sees to errors and exit statuses.

A command only translates: options to values, answers to text or JSON. It may open any door of the house, inside its
function, so that ``qa --help`` loads nothing heavy.
"""
