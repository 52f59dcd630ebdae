"""A finding, or the want of one, in words of the question's language."""
