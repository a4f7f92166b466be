"""The pages of open consultations, by who uses them."""
