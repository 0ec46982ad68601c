// ---
// name: review-sentiment
// description: "Writes the sentiment of reviews on their nodes (new and changed ones only), and counts what they say of delivery, price, quality and service."
// parameters:
//   model:
//     type: STRING
//     default: "'lexicon'"
//     description: the file of a model that `tropa text train` made, or 'lexicon'
// write: true
// ---
CALL crm.text.sentiment.write({model: $model})
YIELD reviews, scored, modelVersion RETURN reviews, scored, modelVersion;

MATCH (r:Review) WHERE r.sentiment IS NOT NULL
UNWIND [
  ['all', r.sentiment], ['delivery', r.sentimentDelivery], ['price', r.sentimentPrice],
  ['quality', r.sentimentQuality], ['service', r.sentimentService]
] AS pair
WITH pair[0] AS aspect, pair[1] AS score
WHERE score IS NOT NULL
WITH aspect, count(*) AS reviews, avg(score) AS score,
  sum(CASE WHEN score <= -0.1 THEN 1 ELSE 0 END) AS negative,
  sum(CASE WHEN score >= 0.1 THEN 1 ELSE 0 END) AS positive
RETURN aspect, reviews, negative, positive,
  round(100.0 * negative / reviews, 1) AS negativePercent, round(score, 3) AS score
ORDER BY reviews DESC, aspect;
