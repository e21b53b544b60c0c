"""The pages that a helper opens, each in a file of its own."""
