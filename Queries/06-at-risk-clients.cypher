// ---
// name: at-risk-clients
// description: "Writes each client's churn risk with the reasons, and lists the most valuable clients at risk."
// parameters:
//   method:
//     type: STRING
//     default: "'model'"
//     description: how risk is found, 'model', 'probabilistic', 'silence', 'quantile' or 'window'
//   referenceDate:
//     type: DATE
//     default: 'null'
//     description: the day the risks are for; null is the day after the last purchase
//   risk:
//     type: FLOAT
//     default: 0.5
//     description: the least risk that is listed
//   language:
//     type: STRING
//     default: "'en'"
//     description: language of tiers and reasons, 'en' or 'ru'
//   limit:
//     type: INTEGER
//     default: 20
// write: true
// ---
CALL crm.churn.write({method: $method, referenceDate: $referenceDate, language: $language})
YIELD clients, high, medium, low
RETURN clients, high, medium, low;

MATCH (c:Client)-[p:PURCHASED]->(:Product)
WHERE c.churnRisk >= $risk
WITH c, count(DISTINCT date(p.at)) AS days, max(p.at) AS last, sum(p.amount) AS money
// Of who came once or twice there is little to win back.
WHERE days >= 3
RETURN c.id AS id, c.name AS name, c.city AS city, c.segmentName AS segment, days,
  round(money, 2) AS money, date(last) AS lastOrder, round(c.churnRisk, 3) AS risk,
  c.churnTier AS tier, reduce(text = '', reason IN c.churnReasons |
    text + CASE text WHEN '' THEN '' ELSE '; ' END + reason) AS reasons
ORDER BY money DESC, id
LIMIT $limit;
