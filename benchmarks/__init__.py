"""What the project claims of speed and size, measured; anyone can run it."""
