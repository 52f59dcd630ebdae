"""The gate: nothing here asks how an answer was found, only whether its lines say it."""
