"""One reader a task: documents(data) -> [Doc], and the heads that learn from it. `data` holds the unpacked data sets."""
