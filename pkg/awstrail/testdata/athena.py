"""Stand in for the engine of Athena: run SQL over CloudTrail's files in DuckDB.

athena.py TABLE.json FOLDER, with the SQL on standard input. The table is made
from what GetTableMetadata answers, in the schema "db", and filled as Athena's
reader of CloudTrail's files fills it: names without case, and an object as text
where a column is a string. The rows are printed as JSON, without the names of
the columns.
"""

import glob
import gzip
import json
import os
import re
import sys
import tempfile

import duckdb

NAME = re.compile(r"\s*([\w$]+)\s*:")


def split(kinds):
    """Split at the commas that lie within no brackets."""
    depth, begin = 0, 0
    for i, c in enumerate(kinds):
        depth += (c == "<") - (c == ">")
        if c == "," and depth == 0:
            yield kinds[begin:i]
            begin = i + 1
    yield kinds[begin:]


def convert(kind):
    """Turn a type of Hive into one of DuckDB and a function that reads it."""
    if kind.startswith("struct<"):
        fields = [(NAME.match(f).group(1), convert(f[f.index(":") + 1 :])) for f in split(kind[7:-1])]
        ddl = ", ".join(f'"{name}" {sub[0]}' for name, sub in fields)
        return f"STRUCT({ddl})", lambda v: v and {n: sub[1](lower(v).get(n)) for n, sub in fields}
    if kind.startswith("array<"):
        ddl, read = convert(kind[6:-1])
        return ddl + "[]", lambda v: v and [read(e) for e in v]
    if kind.startswith("map<"):
        return "MAP(VARCHAR, VARCHAR)", lambda v: v
    if kind == "int":
        return "INTEGER", lambda v: v and int(v)
    return "VARCHAR", text


def lower(value):
    return {name.lower(): v for name, v in value.items()}


def text(value):
    return value if value is None or isinstance(value, str) else json.dumps(value)


def records(folder):
    """Yield every record with the values of the partition that it lies in."""
    for path in sorted(glob.glob(os.path.join(folder, "**", "*.json.gz"), recursive=True)):
        parts = os.path.relpath(path, folder).split(os.sep)
        account, region, year, month, day = *parts[-7:-6], *parts[-5:-1]
        where = {"account": account, "region": region, "timestamp": f"{year}/{month}/{day}", "year": year, "month": month, "day": day}
        with gzip.open(path, "rt") as f:
            for record in json.load(f)["Records"]:
                yield {**lower(record), **where}


table = json.load(open(sys.argv[1]))
columns = [(c["Name"], *convert(c["Type"])) for c in table["Columns"] + table["PartitionKeys"]]
db = duckdb.connect()
db.execute('CREATE SCHEMA "db"')
db.execute('CREATE TABLE "db"."trail" (%s)' % ", ".join(f'"{name}" {ddl}' for name, ddl, _ in columns))
with tempfile.NamedTemporaryFile("w", suffix=".json") as lines:
    for r in records(sys.argv[2]):
        json.dump({name: read(r.get(name)) for name, _, read in columns}, lines)
        lines.write("\n")
    lines.flush()
    kinds = ", ".join(f"'{name}': '{ddl}'" for name, ddl, _ in columns)
    db.execute('INSERT INTO "db"."trail" SELECT * FROM read_json(?, format=\'newline_delimited\', columns={%s})' % kinds, [lines.name])
json.dump(db.execute(sys.stdin.read()).fetchall(), sys.stdout)
