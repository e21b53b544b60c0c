"""Tests of the output for movements."""
