"""What is shown and felt beside the voice: this stage is given what the headset found, and sets GPIO pins."""
