// ---
// name: bought-together
// description: "Pairs of products most often in one order, and how much more often than by chance (lift)."
// parameters:
//   minimum:
//     type: INTEGER
//     default: 5
//     description: orders with both products
//   limit:
//     type: INTEGER
//     default: 20
// ---
MATCH (:Client)-[p:PURCHASED]->(:Product)
WITH count(DISTINCT p.orderId) AS orders
MATCH (:Client)-[p:PURCHASED]->(x:Product) WHERE p.orderId IS NOT NULL
WITH orders, p.orderId AS order, x ORDER BY id(x)
WITH orders, order, collect(DISTINCT x) AS basket
UNWIND range(0, size(basket) - 2) AS i
UNWIND range(i + 1, size(basket) - 1) AS j
WITH orders, basket[i] AS a, basket[j] AS b, count(*) AS together
WHERE together >= $minimum
WITH orders, a, b, together ORDER BY together DESC, id(a), id(b) LIMIT $limit
MATCH (:Client)-[p:PURCHASED]->(a)
WITH orders, a, b, together, count(DISTINCT p.orderId) AS ofA
MATCH (:Client)-[p:PURCHASED]->(b)
WITH orders, a, b, together, ofA, count(DISTINCT p.orderId) AS ofB
RETURN coalesce(a.title, a.category, toString(a.id)) AS first,
  coalesce(b.title, b.category, toString(b.id)) AS second, together,
  round(1.0 * together * orders / (ofA * ofB), 2) AS lift
ORDER BY together DESC, lift DESC, first, second;
