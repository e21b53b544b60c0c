"""What the page shows of the headset that runs, and sets in it."""
