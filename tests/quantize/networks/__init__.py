"""Tests of the networks and of their files."""
