"""Published contributions as data: what the public reads of them, in stable columns."""
