// ---
// name: bought-together
// description: "Pairs of products in one order, by how much more often than chance (lift)."
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
MATCH (c:Client)-[p:PURCHASED]->(x:Product)
WITH orders, x, count(DISTINCT p.orderId) AS n
WITH orders, collect([x.id, n]) AS counts
MATCH (a:Product)<-[p:PURCHASED]-(c:Client)-[q:PURCHASED]->(b:Product)
WHERE p.orderId = q.orderId AND a.id < b.id
WITH orders, counts, a, b, count(DISTINCT p.orderId) AS together
WHERE together >= $minimum
WITH orders, a, b, together,
  head([x IN counts WHERE x[0] = a.id | x[1]]) AS ofA,
  head([x IN counts WHERE x[0] = b.id | x[1]]) AS ofB
RETURN a.title AS first, b.title AS second, together,
  round(1.0 * together * orders / (ofA * ofB), 2) AS lift
ORDER BY together DESC, lift DESC, first, second
LIMIT $limit;
