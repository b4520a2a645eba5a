"""Two Vectors per Word: what the notebooks import once they have taught it.

text -> corpus -> sampling -> batches -> model -> training -> vectors; `plots` stands beside the line.
"""
