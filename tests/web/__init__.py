"""Tests of the page, on the real server."""
