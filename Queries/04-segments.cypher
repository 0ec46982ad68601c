// ---
// name: segments
// description: "Writes each client's segment by k-means over RFM, engagement and graph features."
// parameters:
//   k:
//     type: ANY
//     default: 6
//     description: the number of segments, or 'auto'
//   language:
//     type: STRING
//     default: "'en'"
// write: true
// ---
CALL crm.segments.write({k: $k, language: $language})
YIELD clients, segments, silhouette, features
RETURN clients, segments, round(silhouette, 3) AS silhouette, features;
