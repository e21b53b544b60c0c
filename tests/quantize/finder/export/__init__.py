"""Tests of measuring and publishing the finder."""
