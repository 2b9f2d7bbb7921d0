"""The same rows, to the bit, from one process, from joblib, from Dask and from Spark; also when a worker dies."""

import os
import shutil
import signal
import subprocess
import time

import joblib
import pandas as pd
import pytest

import innercritic as ic
from innercritic.schema import empty_frame, spark_ddl
from innercritic.transcripts import analyze

distributed = pytest.importorskip("distributed", reason="needs innercritic[dask]")
dask_frames = pytest.importorskip("dask.dataframe", reason="needs innercritic[dask]")

SAID = [
    "I keep thinking I'm a burden. We had soup.",
    "Everyone else copes, only I don't.",
    "Yeah.",
    "",
    "I can't stop going over it, it's all ruined! [laughs]",
    "I noticed I was anxious, and it passed.",
    "I want to kill myself.",
    "Ich bin so dumm und hasse mich selbst.",
]


def table(rows):
    return pd.DataFrame({"id": range(rows), "text": [f"{SAID[n % len(SAID)]} Day {n}." for n in range(rows)]})


@pytest.fixture(scope="module")
def cluster():
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


def in_order(frame):
    frame = frame.sort_values(["id", "sentence"], ignore_index=True)
    strings = [column.name for column in ic.SCHEMA if column.dtype == "string" and column.name in frame]
    return frame.astype(dict.fromkeys(strings, "string") | {"id": "int64"})


META = empty_frame({"id": "int64"})


def test_dask_gives_the_same_rows(cluster):
    frame = table(600)
    one = ic.score_frame(frame, keep="id")
    many = dask_frames.from_pandas(frame, npartitions=6).map_partitions(ic.score_frame, keep="id", meta=META).compute()
    pd.testing.assert_frame_equal(in_order(one), in_order(many), check_exact=True)


def slowly(part):
    time.sleep(0.5)
    return ic.score_frame(part, keep="id")


def test_dask_gives_the_same_rows_when_a_worker_is_killed(cluster):
    frame = table(600)
    one = ic.score_frame(frame, keep="id")
    future = cluster.compute(dask_frames.from_pandas(frame, npartitions=12).map_partitions(slowly, meta=META))
    time.sleep(1.2)
    victim = next(iter(cluster.run(os.getpid).values()))
    os.kill(victim, signal.SIGKILL)
    many = future.result(timeout=120)
    assert victim not in cluster.run(os.getpid).values()
    pd.testing.assert_frame_equal(in_order(one), in_order(many), check_exact=True)


def test_joblib_hands_a_job_to_dask(cluster, tmp_path):
    for place in range(4):
        (tmp_path / f"{place}.txt").write_text("T: hi\nP: " + "\nT: so?\nP: ".join(SAID[:3] + SAID[4:7]) + "\n")
    one = analyze(sorted(tmp_path.glob("*.txt")), tmp_path / "one.jsonl", shard_characters=300)
    with joblib.parallel_config(backend="dask"):
        frame = ic.score_frame(table(300), keep="id", n_jobs=2)
        many = analyze(sorted(tmp_path.glob("*.txt")), tmp_path / "many.jsonl", shard_characters=300)
    assert many.out.read_bytes() == one.out.read_bytes()
    pd.testing.assert_frame_equal(frame, ic.score_frame(table(300), keep="id"), check_exact=True)


def java_version():
    java = shutil.which("java")
    if java is None:
        return 0
    said = subprocess.run([java, "-version"], capture_output=True, text=True).stderr
    return int(said.split('"')[1].split(".")[0]) if '"' in said else 0


@pytest.mark.skipif(java_version() < 17, reason="Spark needs Java 17")
def test_spark_gives_the_same_rows():
    sql = pytest.importorskip("pyspark.sql", reason="needs innercritic[spark]")
    frame = table(300)
    one = ic.score_frame(frame, keep="id")
    spark = (
        sql.SparkSession.builder.master("local[2]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    try:
        spark.sparkContext.setLogLevel("ERROR")
        scored = spark.createDataFrame(frame).mapInPandas(
            lambda parts: (ic.score_frame(part, keep="id") for part in parts), spark_ddl({"id": "bigint"})
        )
        many = scored.toPandas()
    finally:
        spark.stop()
    types = dict(in_order(one).dtypes)
    pd.testing.assert_frame_equal(in_order(one), in_order(many.astype(types)), check_exact=True)


def test_the_schema_has_one_spelling_in_three_languages():
    names = [column.name for column in ic.SCHEMA]
    assert list(empty_frame(include_text=True)) == names
    assert [entry.split()[0] for entry in spark_ddl(include_text=True).split(", ")] == names
    assert list(ic.score_frame(table(1), include_text=True)) == names
