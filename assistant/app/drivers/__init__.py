"""What the program writes to and is watched by: files, windows, threads, systemd."""
