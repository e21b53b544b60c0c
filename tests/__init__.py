"""Tests, a module each."""
