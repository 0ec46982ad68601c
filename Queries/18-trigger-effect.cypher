// ---
// name: trigger-effect
// description: "What each trigger changed against its control group; nothing until crm.triggers.run has assigned any."
// parameters:
//   window:
//     type: INTEGER
//     default: 30
//     description: days after the assignment that count
//   margin:
//     type: FLOAT
//     default: 1.0
//     description: share of the revenue that is gain
//   costs:
//     type: MAP
//     default: '{}'
//     description: "cost of one treated client by trigger, for ROI"
// ---
CALL crm.effect.triggers.stream({window: $window, margin: $margin, costs: $costs})
YIELD trigger, experiment, treated, control, conversionTreated, conversionControl, uplift, upliftInterval,
  extraRevenue, roi, sampleRatioMismatch
RETURN trigger, experiment, treated, control, round(100 * conversionTreated, 1) AS percentTreated,
  round(100 * conversionControl, 1) AS percentControl, round(100 * uplift, 1) AS uplift,
  [x IN upliftInterval | round(100 * x, 1)] AS upliftInterval, round(extraRevenue, 2) AS extraRevenue,
  round(roi, 2) AS roi, sampleRatioMismatch
ORDER BY trigger, experiment;
