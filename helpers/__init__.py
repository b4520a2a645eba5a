# Used from 01 · tests/course/test_install.py
"""Two Vectors per Word: what the notebooks teach, and import once they have taught it. README.md here is the map.

text -> corpus -> sampling -> batches -> model -> training -> vectors; imports point backwards along this line.
"""
