"""What is said: this stage is given what has changed, and hands announcements, one after the other, to a voice."""
