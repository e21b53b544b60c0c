"""Tests of `assistant.app.configuration`."""
