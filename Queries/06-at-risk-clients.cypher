// ---
// name: at-risk-clients
// description: "Good clients who have been silent for much longer than they used to be."
// parameters:
//   times:
//     type: FLOAT
//     default: 3.0
//     description: silence in multiples of the client's own interval between orders
//   limit:
//     type: INTEGER
//     default: 20
// ---
MATCH (c:Client)-[p:PURCHASED]->(:Product)
WITH c, count(DISTINCT p.orderId) AS orders, min(p.at) AS first, max(p.at) AS last,
  sum(p.amount) AS money
WHERE orders >= 3
WITH c, orders, money, last,
  1.0 * duration.inDays(date(first), date(last)).days / (orders - 1) AS interval
WITH c, orders, money, last, interval, c.rfmRecency AS silence
WHERE interval > 0 AND silence > $times * interval
RETURN c.id AS id, c.name AS name, c.city AS city, c.segmentName AS segment, orders,
  round(money, 2) AS money, date(last) AS lastOrder, silence, round(interval, 1) AS usualInterval
ORDER BY money DESC, id
LIMIT $limit;
