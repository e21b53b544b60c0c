"""What the program writes to, and what watches it: files, windows, threads, systemd."""
