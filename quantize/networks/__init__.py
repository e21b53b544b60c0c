"""The networks: what they are built of, and the files that they are kept in."""
