"""A fault store in memory, which a test can fill and read."""


class MemoryFaultStore:
    """Keeps the names of the faults that were said; it takes nothing while `full` is true."""

    def __init__(self, *told):
        self.told = told
        self.writes = 0
        self.full = False

    def load(self):
        """Return what was kept."""
        return self.told

    def save(self, told):
        """Keep these names; return False while the store is full."""
        self.writes += 1
        if not self.full:
            self.told = told
        return not self.full
