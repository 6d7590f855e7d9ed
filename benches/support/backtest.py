"""A vectorised backtest of a pair in pandas; times only the work.

usage: backtest.py INPUT.json
"""

import json
import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy
import pandas

given = json.load(open(sys.argv[1]))
y, x, z, b = (pandas.Series(given[name]) for name in ("y", "x", "zScore", "hedgeRatio"))
entry, exit_, fee, gross = given["entry"], given["exit"], given["feeBps"] / 1e4, 10_000


def run():
    long = pandas.Series(numpy.nan, index=z.index)
    long[z >= -exit_] = 0
    long[z <= -entry] = 1
    short = pandas.Series(numpy.nan, index=z.index)
    short[z <= exit_] = 0
    short[z >= entry] = 1
    wanted = long.ffill().fillna(0) - short.ffill().fillna(0)
    held = wanted.shift(1).fillna(0)
    changed = held != held.shift(1).fillna(0)
    notional = held * gross / (1 + b.shift(1).abs())
    quantity_y = (notional / y).where(changed).ffill().fillna(0)
    quantity_x = (-b.shift(1) * notional / x).where(changed).ffill().fillna(0)
    quantity_y.iloc[-1] = quantity_x.iloc[-1] = 0
    made = quantity_y.shift(1) * y.diff() + quantity_x.shift(1) * x.diff()
    cost = fee * (quantity_y.diff().abs() * y + quantity_x.diff().abs() * x)
    return (made - cost).sum()


net, times = run(), []
for _ in range(15):
    start = time.perf_counter()
    run()
    times.append((time.perf_counter() - start) * 1000)
print("REPORT" + json.dumps({
    "version": f"pandas {pandas.__version__}", "ms": sorted(times)[7], "net": net}))
