"""The summary of a round: how it is written, checked, read, agreed and made final. docs/summary.md."""
