"""Tests that need a Debian of their own; `script/test-pi` runs them."""
