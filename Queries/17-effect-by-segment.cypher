// ---
// name: effect-by-segment
// description: "ARPU, average check, conversion, retention, LTV and NPS of each segment in a period, with intervals. Needs 02-rfm or 04-segments."
// parameters:
//   from:
//     type: DATE
//     default: 'null'
//     description: null is 90 days before the end
//   to:
//     type: DATE
//     default: 'null'
//     description: the first day that does not count; null is the day after the last purchase
//   margin:
//     type: FLOAT
//     default: 1.0
//     description: share of the revenue that is gain
//   costs:
//     type: MAP
//     default: '{}'
//     description: "cost of each segment in the period, as {Champions: 12000}, for ROI"
// ---
CALL crm.effect.segments.stream({from: $from, to: $to, margin: $margin, costs: $costs})
YIELD segment, clients, buyers, newClients, revenue, arpu, averageCheck, conversion, retention, ltv,
  nps, roi, intervals
RETURN segment, clients, buyers, newClients, round(revenue, 2) AS revenue, round(arpu, 2) AS arpu,
  round(averageCheck, 2) AS averageCheck, round(100 * conversion, 1) AS percentConversion,
  round(100 * retention, 1) AS percentRetention,
  [x IN intervals.retention | round(100 * x, 1)] AS retentionInterval, round(ltv, 2) AS ltv,
  round(nps, 1) AS nps, round(roi, 2) AS roi
ORDER BY revenue DESC;
