// ---
// name: next-best-product
// description: "For each segment the products that it favours, compared with everybody, and how many of it have not bought them."
// parameters:
//   perSegment:
//     type: INTEGER
//     default: 3
//   minimum:
//     type: INTEGER
//     default: 5
//     description: buyers in the segment; fewer are chance
// ---
// A client counts once for each product. Lift: a product's part of what the segment buys, over its
// part of what everybody buys; so segments that buy little are compared fairly.
MATCH (c:Client)-[:PURCHASED]->(p:Product) WHERE c.segment IS NOT NULL
WITH c, count(DISTINCT p) AS products
WITH c.segment AS segment, c.segmentName AS name, count(c) AS size, sum(products) AS bought
WITH collect({segment: segment, name: name, size: size, bought: bought}) AS segments,
  sum(bought) AS boughtInAll
MATCH (c:Client)-[:PURCHASED]->(p:Product) WHERE c.segment IS NOT NULL
WITH segments, boughtInAll, p, c.segment AS segment, count(DISTINCT c) AS buyers
WITH segments, boughtInAll, p, sum(buyers) AS everybody,
  collect({segment: segment, buyers: buyers}) AS parts
UNWIND parts AS part
WITH boughtInAll, p, everybody, part.buyers AS buyers,
  head([s IN segments WHERE s.segment = part.segment]) AS s
WHERE buyers >= $minimum
WITH s, p, buyers, 1.0 * buyers * boughtInAll / (s.bought * everybody) AS lift
// Much favoured and bought by many: the product's part of the divergence of both distributions.
ORDER BY s.segment, buyers * log(lift) DESC, p.id
WITH s, collect({product: p, buyers: buyers, lift: lift}) AS products
UNWIND products[0..$perSegment] AS best
RETURN s.segment AS segment, s.name AS name,
  coalesce(best.product.title, toString(best.product.id)) AS product,
  best.product.category AS category, best.buyers AS buyers,
  round(100.0 * best.buyers / s.size, 1) AS percentOfSegment, round(best.lift, 2) AS lift,
  s.size - best.buyers AS notYet
ORDER BY segment, buyers * log(best.lift) DESC, product;
