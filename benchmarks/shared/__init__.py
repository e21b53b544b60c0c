"""The parts that several benchmarks share. No file in this folder is a benchmark."""
