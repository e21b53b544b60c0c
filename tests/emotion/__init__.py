"""Tests of `assistant.emotion`."""
