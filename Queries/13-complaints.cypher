// ---
// name: complaints
// description: "Clients whose reviews are negative, the surest and latest first, with the worst aspect. Needs 12-review-sentiment."
// parameters:
//   days:
//     type: INTEGER
//     default: 90
//     description: how old a review may be, counted from the last one
//   limit:
//     type: INTEGER
//     default: 20
// ---
MATCH (r:Review) WITH max(r.createdAt) AS last
MATCH (c:Client)-[:WROTE]->(r:Review)
WHERE r.sentimentClass = 'negative' AND r.createdAt >= last - duration({days: $days})
OPTIONAL MATCH (r)-[:ABOUT]->(p:Product)
WITH c, r, p,
  [pair IN [
    ['delivery', r.sentimentDelivery], ['price', r.sentimentPrice],
    ['quality', r.sentimentQuality], ['service', r.sentimentService]
  ] WHERE pair[1] < 0] AS aspects
WITH c, r, p,
  reduce(worst = [null, 0.0], pair IN aspects |
    CASE WHEN pair[1] < worst[1] THEN pair ELSE worst END)[0] AS aspect
RETURN c.id AS client, c.name AS name, date(r.createdAt) AS day, p.title AS product, aspect,
  round(r.sentimentNegative, 2) AS certainty, r.rating AS stars, left(r.text, 80) AS text
ORDER BY r.sentimentNegative DESC, r.createdAt DESC, client
LIMIT $limit;
