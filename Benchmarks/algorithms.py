"""Graph algorithms beside NetworKit, igraph, leidenalg, SciPy and tight kernels, in one run.

    python3 Benchmarks/algorithms.py <tropa> <folder> [graph …] [--only name,…] [--rounds 3]

Graphs: rmat20 (default), rmat22, shop (clients by products of the synthetic shop: an imported
database is made as Benchmarks/run.sh makes it, from <folder>/csv). Needs numpy, networkit, igraph,
leidenalg, scipy and g++; what is made of them is kept in the folder. Prints Markdown.

Contestants take turns: each round runs every one of them once, and the median round counts; a run
that takes over 20 s is not repeated. The graph is in memory for the peers, projected for Tropa;
its time is preProcessingMillis + computeMillis. Answers are compared where the definitions agree.
"""

import argparse
import os
import statistics
import subprocess
import time

import numpy

from pipe import Pipe

THREADS = 2


# Graphs

def rmat(scale, edge_factor=16, seed=1):
    """Graph500's parameters; duplicates and loops removed."""
    random = numpy.random.default_rng(seed)
    count = edge_factor << scale
    source = numpy.zeros(count, numpy.uint32)
    target = numpy.zeros(count, numpy.uint32)
    for _ in range(scale):
        draw = random.random(count, numpy.float32)
        down = draw >= 0.76  # a + b
        right = ((draw >= 0.57) & (draw < 0.76)) | (draw >= 0.95)
        source = (source << 1) | down
        target = (target << 1) | right
    names = random.permutation(1 << scale).astype(numpy.uint32)
    source, target = names[source], names[target]
    return distinct(source, target), 1 << scale


def distinct(source, target):
    keep = source != target
    keys = numpy.unique((source[keep].astype(numpy.uint64) << 32) | target[keep])
    return numpy.stack([(keys >> 32).astype(numpy.uint32), keys.astype(numpy.uint32)], 1)


def shop_ids(folder):
    """Clients and products that something joins; nodes are clients, then products, in this order."""
    import pandas
    pairs = numpy.concatenate([
        pandas.read_csv(f"{folder}/csv/{name}.csv", usecols=[0, 1]).to_numpy()
        for name in ("purchased", "viewed")])
    return pairs, numpy.unique(pairs[:, 0]), numpy.unique(pairs[:, 1])


def shop(folder):
    """Each pair once, whatever the relationship's type."""
    pairs, clients, products = shop_ids(folder)
    source = numpy.searchsorted(clients, pairs[:, 0])
    target = numpy.searchsorted(products, pairs[:, 1]) + len(clients)
    return distinct(source.astype(numpy.uint32), target.astype(numpy.uint32)), \
        len(clients) + len(products)


def shop_communities(folder):
    """What the generator planted, by node."""
    import pandas
    _, clients, products = shop_ids(folder)
    parts = []
    for name, ids in (("clients", clients), ("products", products)):
        truth = pandas.read_csv(f"{folder}/csv/truth_{name}.csv").set_index("id").community
        parts.append(truth.loc[ids].to_numpy())
    return numpy.concatenate(parts)


def load(name, folder):
    path = f"{folder}/{name}.npy"
    if not os.path.exists(path):
        edges, n = rmat(int(name[4:])) if name.startswith("rmat") else shop(folder)
        numpy.save(path, edges)
        with open(f"{folder}/{name}.nodes", "w") as file:
            file.write(str(n))
    with open(f"{folder}/{name}.nodes") as file:
        return numpy.load(path), int(file.read())


def database(tropa, name, folder, edges, n):
    """Type R has the directed relationships, U each undirected one once."""
    path = f"{folder}/{name}.tropa"
    if os.path.exists(path):
        return path
    files = {kind: f"{folder}/{kind}.csv" for kind in ("N", "R", "U")}
    with open(files["N"], "w") as file:
        file.write("i:ID(N)\n")
        file.writelines(f"{i}\n" for i in range(n))
    write(files["R"], edges, costs(edges))
    write(files["U"], undirected(edges))
    subprocess.run([tropa, "import", path, "--nodes", f"N={files['N']}", "--relationships",
                    f"R={files['R']}", "--relationships", f"U={files['U']}"],
                   check=True, capture_output=True)
    for file in files.values():
        os.remove(file)
    return path


def write(path, edges, weights=None):
    step = 1 << 20
    with open(path, "w") as file:
        file.write(":START_ID(N),:END_ID(N)" + (",cost:double\n" if weights is not None else "\n"))
        for begin in range(0, len(edges), step):
            part = edges[begin:begin + step].tolist()
            if weights is None:
                file.writelines(f"{a},{b}\n" for a, b in part)
            else:
                costs = weights[begin:begin + step].tolist()
                file.writelines(f"{a},{b},{w}\n" for (a, b), w in zip(part, costs))


def undirected(edges):
    return distinct(
        numpy.minimum(edges[:, 0], edges[:, 1]), numpy.maximum(edges[:, 0], edges[:, 1]))


def costs(edges):
    return 1 + (edges[:, 0].astype(numpy.uint64) * 2654435761 + edges[:, 1]) % 255


# Contestants: each gives (seconds, answer); an answer that is no number is dropped.

class Tropa:
    def __init__(self, tropa, path, n):
        self.pipe = Pipe(tropa, path)
        self.n = n
        self.ask("CALL gds.graph.project('d', 'N', {R: {properties: 'cost'}}) YIELD nodeCount "
                 "RETURN nodeCount")
        self.ask("CALL gds.graph.project('u', 'N', {U: {orientation: 'UNDIRECTED'}}) "
                 "YIELD nodeCount RETURN nodeCount")

    def ask(self, text):
        return self.pipe.rows(text)

    def call(self, procedure, graph, settings="", columns=(), values=None):
        """Statistics; with `values` the stream's column, by node, is the answer."""
        settings = "{" + settings + f"concurrency: {THREADS}" + "}"
        names = ["preProcessingMillis", "computeMillis", *columns]
        row = self.ask(f"CALL {procedure}.stats('{graph}', {settings}) YIELD {', '.join(names)} "
                       f"RETURN {', '.join(names)}")[0]
        answer = row[2] if columns else None
        return (row[0] + row[1]) / 1000, answer


def timed(run):
    start = time.perf_counter()
    answer = run()
    return time.perf_counter() - start, answer


class Peers:
    def __init__(self, edges, n):
        import igraph
        import networkit
        from scipy import sparse
        networkit.setNumberOfThreads(THREADS)
        self.nk, self.ig, self.n = networkit, igraph, n
        source, target = edges[:, 0].astype(numpy.uint64), edges[:, 1].astype(numpy.uint64)
        weight = costs(edges).astype(numpy.float64)
        once = undirected(edges)
        from_coo = networkit.GraphFromCoo
        self.nk_directed = from_coo((source, target), n=n, directed=True)
        self.nk_weighted = from_coo((weight, (source, target)), n=n, directed=True, weighted=True)
        half = once.astype(numpy.uint64)
        self.nk_undirected = from_coo((half[:, 0], half[:, 1]), n=n, directed=False)
        self.ig_directed = igraph.Graph(n, edges=edges, directed=True)
        self.ig_undirected = igraph.Graph(n, edges=once, directed=False)
        self.ig_weight = weight
        self.csr = sparse.csr_matrix((weight, (source, target)), (n, n))
        self.undirected_count = len(once)
        degrees = numpy.bincount(edges[:, 0], minlength=n)
        self.source = int(degrees.argmax())


def algorithms(t, p):
    """Name, {contestant: run}, how answers must agree ('equal', 'close' or None)."""
    nk, ig = p.nk, p.ig
    from scipy.sparse import csgraph

    def kit(make, answer=lambda a: None):
        def run():
            algorithm = make()
            algorithm.run()
            return answer(algorithm)
        return lambda: timed(run)

    def other(run):
        return lambda: timed(run)

    def mine(*arguments, **named):
        return lambda: t.call(*arguments, **named)

    source = t.ask(f"MATCH (n:N {{i: {p.source}}}) RETURN id(n)")[0][0]
    def lcc(a):
        return float(numpy.mean(a.scores()))
    def partition(a):
        return nk.community.Modularity().getQuality(a.getPartition(), p.nk_undirected)

    yield "pageRank", {
        "tropa": mine("gds.pageRank", "d", "tolerance: 0, maxIterations: 20, "),
        "networkit": kit(lambda: pagerank(nk, p.nk_directed)),
    }, None
    yield "pageRank, tolerance 1e-7", {
        "tropa": mine("gds.pageRank", "d", "maxIterations: 1000, "),
        "networkit": kit(lambda: nk.centrality.PageRank(p.nk_directed, 0.85, 1e-7)),
        "igraph": other(lambda: p.ig_directed.pagerank()),
    }, None
    yield "wcc", {
        "tropa": mine("gds.wcc", "d", columns=["componentCount"]),
        "networkit": kit(lambda: nk.components.ParallelConnectedComponents(p.nk_undirected),
                         lambda a: len(a.getPartition().subsetSizes())),
        "igraph": other(lambda: len(p.ig_directed.connected_components("weak"))),
        "scipy": other(lambda: int(csgraph.connected_components(p.csr, True, "weak")[0])),
    }, "equal"
    yield "scc", {
        "tropa": mine("gds.scc", "d", columns=["componentCount"]),
        "networkit": kit(lambda: nk.components.StronglyConnectedComponents(p.nk_directed),
                         lambda a: a.numberOfComponents()),
        "igraph": other(lambda: len(p.ig_directed.connected_components("strong"))),
        "scipy": other(lambda: int(csgraph.connected_components(p.csr, True, "strong")[0])),
    }, "equal"
    yield "kcore", {
        "tropa": mine("gds.kcore", "u", columns=["degeneracy"]),
        "networkit": kit(lambda: nk.centrality.CoreDecomposition(p.nk_undirected),
                         lambda a: int(a.maxCoreNumber())),
        "igraph": other(lambda: max(p.ig_undirected.coreness())),
    }, "equal"
    yield "triangleCount", {
        "tropa": mine("gds.triangleCount", "u", columns=["globalTriangleCount"]),
        "igraph": other(lambda: int(sum(p.ig_undirected.count_adjacent_triangles())) // 3
                        if hasattr(p.ig_undirected, "count_adjacent_triangles") else None),
    }, "equal"
    yield "localClusteringCoefficient", {
        "tropa": mine("gds.localClusteringCoefficient", "u",
                      columns=["averageClusteringCoefficient"]),
        "networkit": kit(lambda: nk.centrality.LocalClusteringCoefficient(p.nk_undirected, True),
                         lcc),
        "igraph": other(lambda: p.ig_undirected.transitivity_avglocal_undirected("zero")),
    }, "close"
    yield "labelPropagation", {
        "tropa": mine("gds.labelPropagation", "u", columns=["communityCount"]),
        "networkit": kit(lambda: nk.community.PLP(p.nk_undirected),
                         lambda a: a.getPartition().numberOfSubsets()),
        "igraph": other(lambda: len(p.ig_undirected.community_label_propagation())),
    }, None
    yield "louvain", {
        "tropa": mine("gds.louvain", "u", columns=["modularity"]),
        "networkit": kit(lambda: nk.community.PLM(p.nk_undirected, refine=False), partition),
        "igraph": other(lambda: p.ig_undirected.community_multilevel().modularity),
    }, None
    yield "leiden", {
        "tropa": mine("gds.leiden", "u", columns=["modularity"]),
        "networkit": kit(lambda: nk.community.ParallelLeiden(p.nk_undirected), partition),
        "igraph": other(lambda: p.ig_undirected.community_leiden(
            "modularity", n_iterations=2).modularity),
        "leidenalg": other(lambda: leidenalg(p)),
    }, None
    yield "bfs", {
        "tropa": mine("gds.bfs", "d", f"sourceNode: {source}, "),
        "networkit": kit(lambda: nk.distance.BFS(p.nk_directed, p.source, False)),
        "igraph": other(lambda: p.ig_directed.bfs(p.source) and None),
        "scipy": other(lambda: len(csgraph.breadth_first_order(
            p.csr, p.source, True, False)) and None),
    }, None
    yield "delta-stepping, Dijkstra (costs 1 to 255)", {
        "tropa": mine("gds.allShortestPaths.delta", "d",
                      f"sourceNode: {source}, relationshipWeightProperty: 'cost', delta: 32.0, "),
        "networkit": kit(lambda: nk.distance.Dijkstra(p.nk_weighted, p.source, False)),
        "igraph": other(lambda: p.ig_directed.distances(
            [p.source], weights=p.ig_weight) and None),
        "scipy": other(lambda: len(csgraph.dijkstra(p.csr, True, p.source)) and None),
    }, None
    yield "betweenness, 64 sources", {
        "tropa": mine("gds.betweenness", "u", "samplingSize: 64, samplingSeed: 1, "),
        "networkit": kit(lambda: nk.centrality.EstimateBetweenness(p.nk_undirected, 64, False,
                                                                   True)),
        "igraph": other(lambda: p.ig_undirected.betweenness(sources=list(range(64))) and None),
    }, None
    yield "articulation points", {
        "tropa": mine("gds.articulationPoints", "u", columns=["articulationPointCount"]),
        "networkit": kit(lambda: nk.components.BiconnectedComponents(p.nk_undirected)),
        "igraph": other(lambda: len(p.ig_undirected.articulation_points())),
    }, "equal"
    yield "hits", {
        "tropa": mine("gds.hits", "d"),
        "igraph": other(lambda: p.ig_directed.hub_score() and p.ig_directed.authority_score()),
    }, None
    yield "eigenvector", {
        "tropa": mine("gds.eigenvector", "d", "maxIterations: 100, "),
        "networkit": kit(lambda: nk.centrality.EigenvectorCentrality(p.nk_directed, 1e-7)),
    }, None


def pagerank(nk, graph):
    algorithm = nk.centrality.PageRank(graph, 0.85, 0.0)
    algorithm.maxIterations = 20
    return algorithm


def leidenalg(p):
    import leidenalg
    return leidenalg.find_partition(
        p.ig_undirected, leidenalg.ModularityVertexPartition, n_iterations=2, seed=1).modularity


def limits(folder, name, edges, n, rounds):
    """The kernels of limits/graph_limits.cpp: name → seconds, answer."""
    here = os.path.dirname(os.path.abspath(__file__))
    program = f"{folder}/graph_limits"
    subprocess.run(["g++", "-O3", "-march=native", "-fopenmp", "-std=c++17",
                    f"{here}/limits/graph_limits.cpp", "-o", program], check=True)
    numpy.ascontiguousarray(edges).tofile(f"{folder}/edges.bin")
    output = subprocess.run(
        [program, f"{folder}/edges.bin", str(n), str(rounds)], check=True, capture_output=True,
        text=True, env={**os.environ, "OMP_NUM_THREADS": str(THREADS)}).stdout
    os.remove(f"{folder}/edges.bin")
    return {line.split()[0]: (float(line.split()[1]), float(line.split()[2]))
            for line in output.splitlines()}


def compete(contestants, rounds):
    results = {}
    for _ in range(rounds):
        for name, run in contestants.items():
            times, _ = results.setdefault(name, ([], None))
            if times and times[0] > 20:
                continue
            try:
                seconds, answer = run()
            except Exception as error:  # A peer that lacks the call has an empty cell.
                print(f"<!-- {name}: {type(error).__name__}: {error} -->")
                continue
            times.append(seconds)
            results[name] = (times, answer if isinstance(answer, (int, float)) else None)
    return {name: (statistics.median(times), answer)
            for name, (times, answer) in results.items() if times}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("tropa")
    parser.add_argument("folder")
    parser.add_argument("graphs", nargs="*", default=["rmat20"])
    parser.add_argument("--only", default="")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    # Threads that wait give their core to others: on a busy machine spinning ruins OpenMP.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    os.makedirs(options.folder, exist_ok=True)
    for name in options.graphs:
        edges, n = load(name, options.folder)
        path = database(options.tropa, name, options.folder, edges, n)
        bounds = limits(options.folder, name, edges, n, options.rounds)
        peers = Peers(edges, n)
        tropa = Tropa(options.tropa, path, n)
        print(f"\n### {name}: {n:,} nodes, {len(edges):,} directed relationships, "
              f"{peers.undirected_count:,} undirected\n")
        others = ["networkit", "igraph", "scipy", "leidenalg"]
        print("| seconds | limit | tropa | " + " | ".join(others)
              + " | fastest peer / tropa | tropa / limit | answers |")
        print("|---|" + "---:|" * (len(others) + 4) + "---|")
        for title, contestants, agreement in algorithms(tropa, peers):
            if options.only and title.split(",")[0] not in options.only.split(","):
                continue
            results = compete(contestants, options.rounds)
            print(row(title, results, bounds.get(title), others, agreement), flush=True)
        if name == "shop":
            planted(tropa, peers, options.folder)
        tropa.pipe.close()


def planted(tropa, peers, folder):
    """Communities that are found against those that were planted."""
    from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score
    truth = shop_communities(folder)
    nk = peers.nk

    def mine(procedure):
        rows = tropa.ask(f"CALL {procedure}.stream('u', {{}}) YIELD nodeId, communityId "
                         "RETURN gds.util.asNode(nodeId).i AS i, communityId")
        found = numpy.zeros(peers.n, numpy.int64)
        for node, community in rows:
            found[node] = community
        return found

    def kit(algorithm):
        algorithm.run()
        return numpy.array(algorithm.getPartition().getVector())

    print("\n| planted communities | ARI | NMI | communities |\n|---|---:|---:|---:|")
    for title, found in [
        ("tropa leiden", mine("gds.leiden")), ("tropa louvain", mine("gds.louvain")),
        ("networkit leiden", kit(nk.community.ParallelLeiden(peers.nk_undirected))),
        ("networkit louvain", kit(nk.community.PLM(peers.nk_undirected))),
    ]:
        print(f"| {title} | {adjusted_rand_score(truth, found):.3f} "
              f"| {normalized_mutual_info_score(truth, found):.3f} "
              f"| {len(numpy.unique(found))} |", flush=True)


def row(title, results, bound, others, agreement):
    def cell(value, text="{:.3f}"):
        return "–" if value is None else text.format(value)
    seconds = {name: result[0] for name, result in results.items()}
    mine = seconds.get("tropa")
    fastest = min((seconds[name] for name in others if name in seconds), default=None)
    answers = {name: result[1] for name, result in results.items() if result[1] is not None}
    if bound and agreement == "equal":
        answers["limit"] = bound[1]
    verdict = ", ".join(f"{name} {value:,.4f}".rstrip("0").rstrip(".")
                        for name, value in answers.items())
    if agreement and len(answers) > 1:
        values = list(answers.values())
        spread = max(values) - min(values)
        same = spread == 0 if agreement == "equal" else spread <= 1e-6 * max(map(abs, values))
        verdict = "equal" if same else f"**differ**: {verdict}"
    return "| " + " | ".join([
        title, cell(bound and bound[0]), cell(mine), *(cell(seconds.get(name)) for name in others),
        cell(fastest and mine and fastest / mine, "{:.2f}"),
        cell(bound and mine and mine / bound[0], "{:.2f}"), verdict]) + " |"


if __name__ == "__main__":
    main()
