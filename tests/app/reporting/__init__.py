"""Tests of `assistant.app.reporting`."""
