"""Tests of `assistant.web.pages`."""
