// Tight kernels over compressed sparse rows, in the style of the GAP benchmark suite (Beamer,
// Asanović, Patterson, 2015): what the machine allows, beside which the procedures are measured.
//
//   g++ -O3 -march=native -fopenmp -std=c++17 graph_limits.cpp -o graph_limits
//   OMP_NUM_THREADS=2 graph_limits edges.bin <nodes> <repetitions>
//
// edges.bin: pairs of unsigned 32-bit numbers, each directed relationship once. Prints a line for
// each kernel: name, best seconds, a number to compare.

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <numeric>
#include <vector>

#include <omp.h>

using Node = uint32_t;

struct Rows {
  std::vector<int64_t> offsets;
  std::vector<Node> targets;
  int64_t nodes() const { return int64_t(offsets.size()) - 1; }
  int64_t degree(Node v) const { return offsets[v + 1] - offsets[v]; }
  const Node *begin(Node v) const { return targets.data() + offsets[v]; }
  const Node *end(Node v) const { return targets.data() + offsets[v + 1]; }
};

static Rows rows(const std::vector<std::pair<Node, Node>> &edges, int64_t n, bool distinct) {
  Rows r;
  r.offsets.assign(n + 1, 0);
  for (auto [a, b] : edges) r.offsets[a + 1]++;
  for (int64_t v = 0; v < n; v++) r.offsets[v + 1] += r.offsets[v];
  r.targets.resize(edges.size());
  std::vector<int64_t> at(r.offsets.begin(), r.offsets.end() - 1);
  for (auto [a, b] : edges) r.targets[at[a]++] = b;
  for (int64_t v = 0; v < n; v++)
    std::sort(r.targets.begin() + r.offsets[v], r.targets.begin() + r.offsets[v + 1]);
  if (!distinct) return r;
  Rows d;
  d.offsets.push_back(0);
  for (int64_t v = 0; v < n; v++) {
    for (int64_t i = r.offsets[v]; i < r.offsets[v + 1]; i++)
      if (r.targets[i] != v && (i == r.offsets[v] || r.targets[i] != r.targets[i - 1]))
        d.targets.push_back(r.targets[i]);
    d.offsets.push_back(int64_t(d.targets.size()));
  }
  return d;
}

// PageRank: pull, 20 iterations of contributions, as GDS counts them (the first is the start).
static double pagerank(const Rows &out, const Rows &in) {
  int64_t n = out.nodes();
  std::vector<double> score(n, 0.15), share(n);
  for (int iteration = 1; iteration < 20; iteration++) {
#pragma omp parallel for schedule(static)
    for (int64_t v = 0; v < n; v++) share[v] = out.degree(v) ? score[v] / out.degree(v) : 0;
#pragma omp parallel for schedule(dynamic, 1024)
    for (int64_t v = 0; v < n; v++) {
      double sum = 0;
      for (auto u = in.begin(v); u < in.end(v); u++) sum += share[*u];
      score[v] = 0.15 + 0.85 * sum;
    }
  }
  return std::accumulate(score.begin(), score.end(), 0.0);
}

// Connected components: Afforest (Sutton, Ben-Nun, Barak, 2018).
static double components(const Rows &out, const Rows &in) {
  int64_t n = out.nodes();
  std::vector<Node> parent(n);
  std::iota(parent.begin(), parent.end(), 0);
  auto link = [&](Node u, Node v) {
    Node a = parent[u], b = parent[v];
    while (a != b) {
      Node high = std::max(a, b), low = std::min(a, b), p = parent[high];
      if (p == low ||
          (p == high && __sync_bool_compare_and_swap(&parent[high], high, low)))
        break;
      a = parent[parent[high]];
      b = parent[low];
    }
  };
  auto compress = [&] {
#pragma omp parallel for schedule(static)
    for (int64_t v = 0; v < n; v++)
      while (parent[v] != parent[parent[v]]) parent[v] = parent[parent[v]];
  };
  for (int round = 0; round < 2; round++) {
#pragma omp parallel for schedule(dynamic, 4096)
    for (int64_t v = 0; v < n; v++)
      if (out.degree(v) > round) link(v, out.begin(v)[round]);
    compress();
  }
  std::vector<Node> sample(1024);
  for (int i = 0; i < 1024; i++) sample[i] = parent[(uint64_t(i) * 2654435761u) % n];
  std::sort(sample.begin(), sample.end());
  Node giant = sample[0];
  int best = 0;
  for (int i = 0, j; i < 1024; i = j) {
    for (j = i; j < 1024 && sample[j] == sample[i]; j++) {}
    if (j - i > best) best = j - i, giant = sample[i];
  }
#pragma omp parallel for schedule(dynamic, 4096)
  for (int64_t v = 0; v < n; v++) {
    if (parent[v] == giant) continue;
    for (int64_t i = 2; i < out.degree(v); i++) link(v, out.begin(v)[i]);
    for (auto u = in.begin(v); u < in.end(v); u++) link(v, *u);
  }
  compress();
  int64_t count = 0;
  for (int64_t v = 0; v < n; v++) count += parent[v] == v;
  return double(count);
}

// Breadth-first search: top down and bottom up (Beamer, Asanović, Patterson, 2012).
static double search(const Rows &out, const Rows &in, Node source) {
  int64_t n = out.nodes();
  std::vector<int32_t> depth(n, -1);
  std::vector<Node> frontier{source}, next(n);
  depth[source] = 0;
  int64_t unexplored = int64_t(out.targets.size()), reached = 1;
  std::vector<uint8_t> front(n), coming(n);
  for (int32_t level = 1; !frontier.empty(); level++) {
    int64_t work = 0;
    for (Node v : frontier) work += out.degree(v);
    unexplored -= work;
    if (work > unexplored / 15) {
      std::fill(front.begin(), front.end(), 0);
      for (Node v : frontier) front[v] = 1;
      int64_t size = int64_t(frontier.size()), before;
      do {
        before = size;
        size = 0;
#pragma omp parallel for schedule(dynamic, 1024) reduction(+ : size)
        for (int64_t v = 0; v < n; v++) {
          coming[v] = 0;
          if (depth[v] >= 0) continue;
          for (auto u = in.begin(v); u < in.end(v); u++)
            if (front[*u]) {
              depth[v] = level;
              coming[v] = 1;
              size++;
              break;
            }
        }
        front.swap(coming);
        reached += size;
        level++;
      } while (size >= before || size > n / 18);
      level--;
      frontier.clear();
      for (int64_t v = 0; v < n; v++)
        if (front[v]) frontier.push_back(Node(v));
    } else {
      std::atomic<int64_t> end{0};
#pragma omp parallel for schedule(dynamic, 64)
      for (int64_t i = 0; i < int64_t(frontier.size()); i++)
        for (auto u = out.begin(frontier[i]); u < out.end(frontier[i]); u++)
          if (depth[*u] < 0 && __sync_bool_compare_and_swap(&depth[*u], -1, level))
            next[end.fetch_add(1, std::memory_order_relaxed)] = *u;
      frontier.assign(next.begin(), next.begin() + end);
      reached += end;
    }
  }
  return double(reached);
}

// Triangles: nodes renumbered by falling degree, each relationship kept at its later end; of both
// ends' lists the shorter is compared with marks of the longer.
static Rows forward(const Rows &undirected) {
  int64_t n = undirected.nodes();
  std::vector<Node> order(n), rank(n);
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(), [&](Node a, Node b) {
    return std::make_pair(undirected.degree(b), a) < std::make_pair(undirected.degree(a), b);
  });
#pragma omp parallel for
  for (int64_t i = 0; i < n; i++) rank[order[i]] = Node(i);
  Rows r;
  r.offsets.assign(n + 1, 0);
#pragma omp parallel for schedule(dynamic, 1024)
  for (int64_t i = 0; i < n; i++)
    for (auto u = undirected.begin(order[i]); u < undirected.end(order[i]); u++)
      r.offsets[i + 1] += rank[*u] < i;
  for (int64_t i = 0; i < n; i++) r.offsets[i + 1] += r.offsets[i];
  r.targets.resize(r.offsets[n]);
#pragma omp parallel for schedule(dynamic, 1024)
  for (int64_t i = 0; i < n; i++) {
    Node *end = r.targets.data() + r.offsets[i];
    for (auto u = undirected.begin(order[i]); u < undirected.end(order[i]); u++)
      if (rank[*u] < i) *end++ = rank[*u];
  }
  return r;
}

static Rows reversed(const Rows &r) {
  int64_t n = r.nodes();
  Rows b;
  b.offsets.assign(n + 1, 0);
  for (Node t : r.targets) b.offsets[t + 1]++;
  for (int64_t v = 0; v < n; v++) b.offsets[v + 1] += b.offsets[v];
  b.targets.resize(r.targets.size());
  std::vector<int64_t> at(b.offsets.begin(), b.offsets.end() - 1);
  for (int64_t v = 0; v < n; v++)
    for (auto t = r.begin(v); t < r.end(v); t++) b.targets[at[*t]++] = Node(v);
  return b;
}

static double triangles(const Rows &undirected) {
  Rows lower = forward(undirected), upper = reversed(lower);
  int64_t n = lower.nodes(), total = 0;
#pragma omp parallel reduction(+ : total)
  {
    std::vector<uint8_t> mark(n, 0);
    auto compare = [&](Node v) {
      int64_t closed = 0;
      for (auto w = lower.begin(v); w < lower.end(v); w++) closed += mark[*w];
      total += closed;
    };
#pragma omp for schedule(dynamic, 64)
    for (int64_t u = 0; u < n; u++) {
      int64_t length = lower.degree(u);
      if (!length) continue;
      for (auto v = lower.begin(u); v < lower.end(u); v++) mark[*v] = 1;
      for (auto v = lower.begin(u); v < lower.end(u); v++)
        if (lower.degree(*v) <= length) compare(*v);
      for (auto v = upper.begin(u); v < upper.end(u); v++)
        if (lower.degree(*v) < length) compare(*v);
      for (auto v = lower.begin(u); v < lower.end(u); v++) mark[*v] = 0;
    }
  }
  return double(total);
}

int main(int count, char **arguments) {
  if (count != 4) return fprintf(stderr, "graph_limits edges.bin nodes repetitions\n"), 1;
  int64_t n = atoll(arguments[2]);
  int repetitions = atoi(arguments[3]);
  FILE *file = fopen(arguments[1], "rb");
  if (!file) return perror(arguments[1]), 1;
  fseek(file, 0, SEEK_END);
  std::vector<std::pair<Node, Node>> edges(ftell(file) / 8);
  rewind(file);
  if (fread(edges.data(), 8, edges.size(), file) != edges.size()) return perror("read"), 1;
  fclose(file);
  Rows out = rows(edges, n, false);
  for (auto &[a, b] : edges) std::swap(a, b);
  Rows in = rows(edges, n, false);
  for (size_t i = 0, m = edges.size(); i < m; i++) edges.push_back({edges[i].second, edges[i].first});
  Rows undirected = rows(edges, n, true);
  std::vector<std::pair<Node, Node>>().swap(edges);
  Node source = 0;
  for (int64_t v = 0; v < n; v++)
    if (out.degree(v) > out.degree(source)) source = Node(v);

  auto measure = [&](const char *name, std::function<double()> run) {
    double best = 1e9, value = 0;
    for (int i = 0; i < repetitions; i++) {
      auto start = std::chrono::steady_clock::now();
      value = run();
      std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      best = std::min(best, seconds.count());
    }
    printf("%s %.6f %.17g\n", name, best, value);
    fflush(stdout);
  };
  measure("pageRank", [&] { return pagerank(out, in); });
  measure("wcc", [&] { return components(out, in); });
  measure("bfs", [&] { return search(out, in, source); });
  measure("triangleCount", [&] { return triangles(undirected); });
}
