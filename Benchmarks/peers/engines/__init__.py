"""One module per engine that is driven from Python; Tropa is driven through `tropa pipe`.

Each module has VERSION, CONFIGURATION (what the report says about it), `load(csv, database, threads)`
and `Engine(database, threads)` with `run(text, parameters, limit)`, `process` and `close()`. `run`
returns the milliseconds until the engine holds the whole answer and a function that fetches its rows.
"""

NODES = [("Client", "clients"), ("Product", "products"), ("Review", "reviews")]
RELATIONSHIPS = [
    ("PURCHASED", "purchased", "Client", "Product"), ("VIEWED", "viewed", "Client", "Product"),
    ("FOLLOWS", "follows", "Client", "Client"), ("WROTE", "wrote", "Client", "Review"),
    ("ABOUT", "about", "Review", "Product"),
]
