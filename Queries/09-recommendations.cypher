// ---
// name: recommendations
// description: "For one client, what similar clients bought and the client did not."
// parameters:
//   client:
//     type: INTEGER
//     default: 1
//     description: the client's id
//   limit:
//     type: INTEGER
//     default: 10
// ---
MATCH (c:Client {id: $client})-[:PURCHASED]->(:Product)<-[:PURCHASED]-(o:Client)
  -[:PURCHASED]->(r:Product)
WHERE o.id <> $client AND NOT (c)-[:PURCHASED]->(r)
RETURN r.id AS id, r.title AS title, r.category AS category, count(DISTINCT o) AS clients
ORDER BY clients DESC, id
LIMIT $limit;
