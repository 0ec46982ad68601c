/// Customer segments by scores of recency, frequency and money; `RFMScheme` says which cells have
/// which.
package enum RFMSegment: Int, Sendable, CaseIterable {
  case champions, loyal, potentialLoyalist, newCustomers, promising, needAttention, aboutToSleep
  case atRisk, cannotLose, hibernating, lost

  package var englishName: String {
    switch self {
    case .champions: "Champions"
    case .loyal: "Loyal"
    case .potentialLoyalist: "Potential Loyalist"
    case .newCustomers: "New Customers"
    case .promising: "Promising"
    case .needAttention: "Need Attention"
    case .aboutToSleep: "About To Sleep"
    case .atRisk: "At Risk"
    case .cannotLose: "Can't Lose"
    case .hibernating: "Hibernating"
    case .lost: "Lost"
    }
  }

  package var russianName: String {
    switch self {
    case .champions: "Чемпионы"
    case .loyal: "Лояльные"
    case .potentialLoyalist: "Потенциально лояльные"
    case .newCustomers: "Новички"
    case .promising: "Перспективные"
    case .needAttention: "Требуют внимания"
    case .aboutToSleep: "Засыпающие"
    case .atRisk: "В зоне риска"
    case .cannotLose: "Нельзя потерять"
    case .hibernating: "Спящие"
    case .lost: "Потерянные"
    }
  }

  /// Its cells among the eleven segments: recency, frequency and monetary score as digits. They
  /// divide all 125.
  package var cells: [Int] {
    switch self {
    case .champions: [555, 554, 544, 545, 454, 455, 445]
    case .loyal: [543, 444, 435, 355, 354, 345, 344, 335]
    case .potentialLoyalist:
      [
        553, 551, 552, 541, 542, 533, 532, 531, 452, 451, 442, 441, 431, 453, 433, 432, 423, 353,
        352, 351, 342, 341, 333, 323,
      ]
    case .newCustomers: [512, 511, 422, 421, 412, 411, 311]
    case .promising:
      [525, 524, 523, 522, 521, 515, 514, 513, 425, 424, 413, 414, 415, 315, 314, 313]
    case .needAttention: [535, 534, 443, 434, 343, 334, 325, 324]
    case .aboutToSleep: [331, 321, 312, 221, 213, 231, 241, 251]
    case .atRisk:
      [
        255, 254, 245, 244, 253, 252, 243, 242, 235, 234, 225, 224, 153, 152, 145, 143, 142, 135,
        134, 133, 125, 124,
      ]
    case .cannotLose: [155, 154, 144, 214, 215, 115, 114, 113]
    case .hibernating: [332, 322, 233, 232, 223, 222, 132, 123, 122, 212, 211]
    case .lost: [111, 112, 121, 131, 141, 151]
    }
  }
}
