"""Tests of `assistant.web.access`."""
