// ---
// name: segments
// description: "Writes each client's segment by k-means over RFM, engagement and graph features."
// parameters:
//   k:
//     type: ANY
//     default: 6
//     description: the number of segments, or 'auto'
//   referenceDate:
//     type: DATE
//     default: 'null'
//     description: the day the segments are for; null is the day after the last purchase
//   language:
//     type: STRING
//     default: "'en'"
//     description: language of the segments' names, 'en' or 'ru'
// write: true
// ---
CALL crm.segments.write({k: $k, referenceDate: $referenceDate, language: $language})
YIELD clients, segments, silhouette, features
RETURN clients, segments, round(silhouette, 3) AS silhouette, features;
