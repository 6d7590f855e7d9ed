"""Ingestion as a plain Python stack does it: websockets, asyncio.Queue, bars in a class, aiosqlite
with batches of 500 rows or a second. No ids are checked, nothing is deduplicated or repaired.

Connects to PORT as soon as a line comes on standard input, stores COUNT trades and prints, as JSON,
the seconds and the processor time from the first frame to the last commit.
"""

import asyncio
import json
import os
import resource
import sys
import time

import aiosqlite
import websockets

PORT, COUNT, DATABASE, STREAMS = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4].split(",")
BATCH_ROWS = 500
BATCH_SECONDS = 1
INTERVALS_MS = {"1s": 1_000, "1m": 60_000, "5m": 300_000}
SCHEMA = """
CREATE TABLE ticks (
  id INTEGER PRIMARY KEY AUTOINCREMENT, symbol TEXT NOT NULL, ts INTEGER NOT NULL,
  price REAL NOT NULL, qty REAL NOT NULL, is_buyer_maker INTEGER
);
CREATE INDEX ix_ticks ON ticks (symbol, ts);
CREATE TABLE bars (
  symbol TEXT, interval TEXT, ts INTEGER, open REAL, high REAL, low REAL, close REAL, volume REAL,
  trades INTEGER, PRIMARY KEY (symbol, interval, ts)
);
"""
INSERT_TICK = "INSERT INTO ticks (symbol, ts, price, qty, is_buyer_maker) VALUES (?,?,?,?,?)"
INSERT_BAR = "INSERT OR REPLACE INTO bars VALUES (?,?,?,?,?,?,?,?,?)"


class Bar:
    __slots__ = ("symbol", "interval", "ts", "open", "high", "low", "close", "volume", "trades")

    def __init__(self, symbol, interval, ts, price, quantity):
        self.symbol, self.interval, self.ts = symbol, interval, ts
        self.open = self.high = self.low = self.close = price
        self.volume, self.trades = quantity, 1

    def update(self, price, quantity):
        if price > self.high:
            self.high = price
        if price < self.low:
            self.low = price
        self.close = price
        self.volume += quantity
        self.trades += 1

    def row(self):
        return tuple(getattr(self, name) for name in self.__slots__)


class Aggregator:
    def __init__(self):
        self.current = {}

    def push(self, tick):
        closed = []
        for name, length in INTERVALS_MS.items():
            start = tick["ts"] // length * length
            key = (tick["symbol"], name)
            bar = self.current.get(key)
            if bar is None or bar.ts != start:
                if bar is not None:
                    closed.append(bar)
                self.current[key] = Bar(tick["symbol"], name, start, tick["price"], tick["qty"])
            else:
                bar.update(tick["price"], tick["qty"])
        return closed


async def produce(queue, started):
    url = f"ws://127.0.0.1:{PORT}/market/stream"
    async with websockets.connect(url, compression=None, close_timeout=0.05) as socket:
        await socket.send(json.dumps({"method": "SUBSCRIBE", "params": STREAMS, "id": 1}))
        received = 0
        async for message in socket:
            trade = json.loads(message).get("data")
            if trade is None or trade["e"] != "aggTrade":
                continue
            if received == 0:
                started.update(seconds=time.perf_counter(), cpu=cpu())
            received += 1
            await queue.put({
                "symbol": trade["s"], "ts": trade["T"], "price": float(trade["p"]),
                "qty": float(trade["q"]), "m": trade["m"],
            })
            if received == COUNT:
                break
    await queue.put(None)


async def consume(queue, database):
    aggregator, ticks, bars, last = Aggregator(), [], [], time.monotonic()
    while (tick := await queue.get()) is not None:
        bars.extend(bar.row() for bar in aggregator.push(tick))
        ticks.append((tick["symbol"], tick["ts"], tick["price"], tick["qty"], int(tick["m"])))
        if len(ticks) >= BATCH_ROWS or time.monotonic() - last >= BATCH_SECONDS:
            await database.executemany(INSERT_TICK, ticks)
            await database.executemany(INSERT_BAR, bars)
            await database.commit()
            ticks, bars, last = [], [], time.monotonic()
    bars.extend(bar.row() for bar in aggregator.current.values())
    await database.executemany(INSERT_TICK, ticks)
    await database.executemany(INSERT_BAR, bars)
    await database.commit()


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def main():
    async with aiosqlite.connect(DATABASE) as database:
        await database.execute("PRAGMA journal_mode = WAL")
        await database.execute("PRAGMA synchronous = NORMAL")
        await database.executescript(SCHEMA)
        print(json.dumps({"websockets": websockets.__version__}), flush=True)
        sys.stdin.readline()
        queue, started = asyncio.Queue(10_000), {}
        await asyncio.gather(produce(queue, started), consume(queue, database))
        seconds, used = time.perf_counter() - started["seconds"], cpu() - started["cpu"]
        async with database.execute("SELECT count(*) FROM ticks") as rows:
            (stored,) = await rows.fetchone()
    print(json.dumps({
        "stored": stored, "seconds": seconds, "cpuSeconds": used,
        "bytes": os.path.getsize(DATABASE),
    }))


asyncio.run(main())
