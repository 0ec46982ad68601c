// ---
// name: graph-features
// description: "Writes PageRank, community and similarity of the clients, which feed the segments."
// parameters:
//   ties:
//     type: STRING
//     default: "'FOLLOWS'"
//     description: relationships that tie clients; without social ties 'PURCHASED', with labels below
//   labels:
//     type: LIST<STRING>
//     default: "['Client']"
//     description: what they join; with 'PURCHASED' it is ['Client', 'Product']
//   neighbours:
//     type: INTEGER
//     default: 5
//     description: most similar clients that are looked for
// write: true
// ---
CALL gds.pageRank.write(
  {nodeLabels: $labels, relationshipTypes: {TIES: {type: $ties, orientation:
    CASE WHEN size($labels) = 1 THEN 'NATURAL' ELSE 'UNDIRECTED' END}}},
  {writeProperty: 'pageRank'})
YIELD nodePropertiesWritten RETURN nodePropertiesWritten;

CALL gds.louvain.write(
  {nodeLabels: $labels, relationshipTypes: {TIES: {type: $ties, orientation: 'UNDIRECTED'}}},
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
