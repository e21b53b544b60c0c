"""Tests of `assistant.emotion.debouncing`."""
