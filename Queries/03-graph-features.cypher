// ---
// name: graph-features
// description: "Writes PageRank, community and similarity of the clients, which feed the segments."
// parameters:
//   neighbours:
//     type: INTEGER
//     default: 5
//     description: most similar clients that are looked for
// write: true
// ---
CALL gds.pageRank.write(
  {nodeLabels: ['Client'], relationshipTypes: ['FOLLOWS']}, {writeProperty: 'pageRank'})
YIELD nodePropertiesWritten RETURN nodePropertiesWritten;

CALL gds.louvain.write(
  {nodeLabels: ['Client'], relationshipTypes: {FOLLOWS: {orientation: 'UNDIRECTED'}}},
  {writeProperty: 'community'})
YIELD communityCount RETURN communityCount;

CALL gds.nodeSimilarity.stream(
  {nodeLabels: ['Client', 'Product'], relationshipTypes: ['PURCHASED']},
  {topK: $neighbours, upperDegreeCutoff: 200})
YIELD node1, similarity
WITH node1, avg(similarity) AS similarity
MATCH (c:Client) WHERE id(c) = node1
SET c.similarity = similarity;

MATCH (c:Client)
RETURN count(c.pageRank) AS clients, round(max(c.pageRank), 3) AS greatestPageRank,
  count(DISTINCT c.community) AS communities, round(avg(c.similarity), 4) AS meanSimilarity;
