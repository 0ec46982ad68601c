// ---
// name: next-best-product
// description: "For each segment the products that its buyers favour most, compared with everybody."
// parameters:
//   perSegment:
//     type: INTEGER
//     default: 3
// ---
MATCH (c:Client)-[:PURCHASED]->(p:Product)
WITH p, count(DISTINCT c) AS everybody
WHERE everybody >= 20
MATCH (c:Client)-[:PURCHASED]->(p) WHERE c.segment IS NOT NULL
WITH c.segment AS segment, c.segmentName AS name, p, everybody, count(DISTINCT c) AS buyers
WHERE buyers >= 5
WITH segment, name, p, buyers, 1.0 * buyers / everybody AS share
ORDER BY segment, share DESC, p.id
WITH segment, name, collect({title: p.title, category: p.category, buyers: buyers, share: share})
  AS products
UNWIND products[0..$perSegment] AS product
RETURN segment, name, product.title AS product, product.category AS category,
  product.buyers AS buyers, round(100 * product.share, 1) AS percentOfBuyers
ORDER BY segment, percentOfBuyers DESC, product;
