"""Tests of `assistant.app`."""
