"""Makers of values, files, pictures and recordings for the tests."""
