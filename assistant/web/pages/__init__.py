"""The pages that a helper opens, a module each."""
