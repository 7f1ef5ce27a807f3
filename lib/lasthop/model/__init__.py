"""The words: event kinds, outcomes, columns with their types and meaning."""
