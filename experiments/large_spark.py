# Run by python -m experiments.large spark · tests/experiments/test_large.py
"""Spark MLlib's Word2Vec on a file of sentences, in an environment of its own: pyspark 3.5.6, and Debian's Java 17.

    SPARK/bin/python experiments/large_spark.py '{"text": "...", "vectors": "...", "dim": 100, "threads": 2, ...}'

It is skip-gram with hierarchical softmax, without noise words and without subsampling: every word is a center word.
"""

import json
import sys
import time


def main(text: str, vectors: str, dim: int, threads: int, partitions: int, seed: int) -> dict:
    """Train and write the vectors in word2vec's text format; the seconds include Spark's own count of the words."""
    from pyspark.ml.feature import Word2Vec
    from pyspark.sql import SparkSession
    from pyspark.sql.functions import split

    session = SparkSession.builder.master(f"local[{threads}]").config("spark.driver.memory", "6g")
    session = session.config("spark.driver.maxResultSize", "4g").config("spark.ui.enabled", "false").getOrCreate()
    lines = session.read.text(text).select(split("value", " ").alias("words")).cache()
    sentences = lines.count()  # read before the clock runs
    learner = Word2Vec(
        inputCol="words", vectorSize=dim, windowSize=5, minCount=5, maxIter=1, numPartitions=partitions, seed=seed
    )
    began = time.perf_counter()
    model = learner.fit(lines)
    seconds = time.perf_counter() - began
    rows = model.getVectors().collect()
    with open(vectors, "w", encoding="utf-8") as file:
        file.write(f"{len(rows)} {dim}\n")
        for row in rows:
            file.write(f"{row['word']} {' '.join(f'{x:.6g}' for x in row['vector'])}\n")
    session.stop()
    return {"seconds": seconds, "sentences": sentences, "vocabulary": len(rows)}


if __name__ == "__main__":
    print(json.dumps(main(**json.loads(sys.argv[1]))))
