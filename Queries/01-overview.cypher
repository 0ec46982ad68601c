// ---
// name: overview
// description: "What is in the graph: clients, products, purchases and money by month."
// ---
MATCH (c:Client)-[p:PURCHASED]->(:Product)
RETURN p.at.year * 100 + p.at.month AS month, count(DISTINCT c) AS buyers,
  count(DISTINCT p.orderId) AS orders, count(p) AS lines, round(sum(p.amount), 2) AS revenue,
  CASE WHEN count(DISTINCT p.orderId) > 0
    THEN round(sum(p.amount) / count(DISTINCT p.orderId), 2) END AS averageCheck
ORDER BY month;
