// ---
// name: rfm
// description: "Writes recency, frequency, monetary value and the RFM segment on every client, and counts the segments."
// parameters:
//   referenceDate:
//     type: DATE
//     default: 'null'
//     description: the day the report is for; null is the day after the last purchase
//   language:
//     type: STRING
//     default: "'en'"
//     description: language of the segments' names, 'en' or 'ru'
// write: true
// ---
CALL crm.rfm.write({referenceDate: $referenceDate, language: $language})
YIELD clients RETURN clients;

MATCH (c:Client) WHERE c.rfmSegment IS NOT NULL
WITH c.rfmSegment AS segment, count(*) AS clients, avg(c.rfmRecency) AS recency,
  avg(c.rfmFrequency) AS orders, avg(c.rfmMonetary) AS money, sum(c.rfmMonetary) AS revenue
RETURN segment, clients, round(recency, 1) AS recency, round(orders, 2) AS orders,
  round(money, 2) AS money, round(revenue, 2) AS revenue
ORDER BY revenue DESC;
