"""How the built-in embedding model is made; nothing here is needed to use it."""
