// ---
// name: recommendations
// description: "For one client, what the clients of the most similar taste bought and the client did not."
// parameters:
//   client:
//     type: INTEGER
//     default: 1
//     description: the client's id
//   neighbours:
//     type: INTEGER
//     default: 50
//     description: clients with the most purchased products in common
//   limit:
//     type: INTEGER
//     default: 10
// ---
MATCH (c:Client {id: $client})-[:PURCHASED]->(p:Product)<-[:PURCHASED]-(o:Client)
WHERE o.id <> $client
WITH c, o, count(DISTINCT p) AS common
ORDER BY common DESC, o.id LIMIT $neighbours
MATCH (o)-[:PURCHASED]->(r:Product) WHERE NOT (c)-[:PURCHASED]->(r)
WITH DISTINCT r, o, common
// A product counts for as much as its buyers have in common with the client.
RETURN r.id AS id, coalesce(r.title, toString(r.id)) AS title, r.category AS category,
  count(o) AS clients, sum(common) AS inCommon
ORDER BY inCommon DESC, clients DESC, id
LIMIT $limit;
