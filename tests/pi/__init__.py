"""What needs a Debian of its own: `script/test-pi` runs it."""
