"""Pages of this room: instruments for everybody, promises in the secretariat’s site."""
