"""Training, quantization and evaluation of the headset's models, on a desktop."""
