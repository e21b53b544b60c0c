"""The pictures that visitors hand in or their browser's camera gives, and what is seen in them."""
