# Used from 03 · tests/helpers/book
"""The d2l package, loaded safely, and the code of the chapter as printed. Nothing else needs d2l."""
