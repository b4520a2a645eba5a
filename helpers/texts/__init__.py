# Used from 01 · tests/helpers/texts
"""Where text comes from: archives, files, a grammar; and the words that each corpus can be asked about."""
