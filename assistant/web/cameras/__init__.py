"""Classifies the pictures that people send, and the frames of their browsers' cameras."""
