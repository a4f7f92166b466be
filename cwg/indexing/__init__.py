"""The search index of what everybody reads: what is in it, and how it follows the database."""
