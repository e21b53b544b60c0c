"""Tests of how networks are measured."""
