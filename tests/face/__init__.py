"""Tests of what finds and describes faces."""
