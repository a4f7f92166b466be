"""Public pages of this room."""
