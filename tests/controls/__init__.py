"""Tests of `assistant.controls`."""
