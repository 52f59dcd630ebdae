"""The built-in answerer: no model, only what stands in the lines. One room per kind of answer."""
