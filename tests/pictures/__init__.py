"""Tests of `assistant.pictures`."""
