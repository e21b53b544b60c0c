"""What a face shows: given a face, hands on scores of seven emotions, and over time what has become a fact."""
