"""The voices: engines, what they have rendered, and the devices that it sounds on."""
