"""The handler, whole, against Lightsail's stand-in; nothing between them is replaced."""
