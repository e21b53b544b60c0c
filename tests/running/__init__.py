"""Programs that the tests start as a person would, and waiting for what they do."""
