// ---
// name: segment-report
// description: "The segments: size, money, engagement, and where they are found."
// ---
MATCH (c:Client) WHERE c.segment IS NOT NULL
OPTIONAL MATCH (c)-[:WROTE]->(r:Review)
WITH c, count(r) AS reviews, avg(r.rating) AS rating
WITH c.segment AS segment, c.segmentName AS name, count(c) AS clients,
  avg(c.rfmRecency) AS recency, avg(c.rfmFrequency) AS orders, avg(c.rfmMonetary) AS money,
  sum(c.rfmMonetary) AS revenue, sum(reviews) AS reviews, avg(rating) AS rating,
  avg(c.pageRank) AS pageRank
RETURN segment, name, clients, round(recency, 1) AS recency, round(orders, 2) AS orders,
  round(money, 2) AS money, round(revenue, 2) AS revenue,
  round(1.0 * reviews / clients, 2) AS reviewsPerClient, round(rating, 2) AS rating,
  round(pageRank, 3) AS pageRank
ORDER BY segment;
