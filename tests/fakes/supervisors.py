"""A supervisor that keeps what the program tells it."""


class RecordingSupervisor:
    """Keeps what it is told, and asks for a sign of life every ten seconds."""

    alive_every_s = 10.0

    def __init__(self):
        self.told = []

    def ready(self):
        """Keep that the program is ready."""
        self.told.append("ready")

    def status(self, words):
        """Keep the status."""
        self.told.append(words)

    def alive(self):
        """Keep the sign of life."""
        self.told.append("alive")

    def reloading(self):
        """Keep that settings are read again."""
        self.told.append("reloading")

    def stopping(self):
        """Keep that the program stops."""
        self.told.append("stopping")

    def take(self):
        """Return all that was told since the last call."""
        told, self.told = self.told, []
        return told
