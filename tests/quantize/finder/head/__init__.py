"""Tests of the output for faces."""
