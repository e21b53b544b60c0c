"""What is said: given facts, hands on announcements, in turn, to a voice."""
