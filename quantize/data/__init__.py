"""What there is to learn from: tables and folders of faces, and pictures that are none."""
