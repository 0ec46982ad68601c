// ---
// name: at-risk-clients
// description: "Good clients who have been silent for much longer than they used to be. Needs 02-rfm."
// parameters:
//   times:
//     type: FLOAT
//     default: 3.0
//     description: silence in multiples of the client's own interval between days with orders
//   limit:
//     type: INTEGER
//     default: 20
// ---
MATCH (c:Client)-[p:PURCHASED]->(:Product)
WHERE c.rfmRecency IS NOT NULL
WITH c, count(DISTINCT p.orderId) AS orders, count(DISTINCT date(p.at)) AS days,
  min(p.at) AS first, max(p.at) AS last, sum(p.amount) AS money
// Several orders of one day are one visit: they say nothing of how often the client comes.
WHERE days >= 3
WITH c, orders, money, last, c.rfmRecency AS silence,
  1.0 * duration.inDays(date(first), date(last)).days / (days - 1) AS interval
WHERE silence > $times * interval
RETURN c.id AS id, c.name AS name, c.city AS city, c.segmentName AS segment, orders,
  round(money, 2) AS money, date(last) AS lastOrder, silence, round(interval, 1) AS usualInterval
ORDER BY money DESC, id
LIMIT $limit;
