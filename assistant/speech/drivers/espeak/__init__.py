"""espeak-ng, by its command and by its library; pyttsx3 calls the library."""
