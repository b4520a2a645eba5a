"""Where text comes from: archives, files, a grammar; and the words that each corpus can be asked about."""
