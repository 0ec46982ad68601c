import Segmentation

/// A segment's name in both languages.
struct SegmentName: Sendable, Hashable {
  var en: String
  var ru: String

  init(en: String, ru: String) {
    self.en = en
    self.ru = ru
  }
  init(_ segment: RFMSegment) { self.init(en: segment.englishName, ru: segment.russianName) }

  /// «Hibernating, browsing a lot».
  func qualified(by phrase: SegmentName) -> SegmentName {
    SegmentName(en: "\(en), \(phrase.en)", ru: "\(ru), \(phrase.ru)")
  }

  /// «Hibernating 2».
  func numbered(_ number: Int) -> SegmentName {
    SegmentName(en: "\(en) \(number)", ru: "\(ru) \(number)")
  }

  /// «often, recently, high check; interested in electronics».
  func followed(by phrase: SegmentName) -> SegmentName {
    SegmentName(en: "\(en); \(phrase.en)", ru: "\(ru); \(phrase.ru)")
  }

  /// Clients whom DBSCAN finds in no segment.
  static let noise = SegmentName(en: "Outside all segments", ru: "Вне сегментов")

  /// From little to much.
  static let frequencyWords = [
    SegmentName(en: "rarely", ru: "редко"), SegmentName(en: "now and then", ru: "иногда"),
    SegmentName(en: "often", ru: "часто"),
  ]
  static let recencyWords = [
    SegmentName(en: "long ago", ru: "давно"), SegmentName(en: "a while ago", ru: "не так давно"),
    SegmentName(en: "recently", ru: "недавно"),
  ]
  static let checkWords = [
    SegmentName(en: "low check", ru: "низкий чек"),
    SegmentName(en: "medium check", ru: "средний чек"),
    SegmentName(en: "high check", ru: "высокий чек"),
  ]

  /// What it means that clients have much, or little, of a feature.
  static func phrase(_ feature: String, isHigh: Bool) -> SegmentName {
    guard let pair = phrases[feature] else {
      return isHigh
        ? SegmentName(en: "\(feature) high", ru: "\(feature) выше")
        : SegmentName(en: "\(feature) low", ru: "\(feature) ниже")
    }
    return isHigh ? pair.high : pair.low
  }

  private static let phrases: [String: (high: SegmentName, low: SegmentName)] = [
    "recency": (
      SegmentName(en: "silent for longer", ru: "дольше молчат"),
      SegmentName(en: "silent for less", ru: "молчат меньше")
    ),
    "frequency": (
      SegmentName(en: "more orders", ru: "больше заказов"),
      SegmentName(en: "fewer orders", ru: "меньше заказов")
    ),
    "monetary": (
      SegmentName(en: "spending more", ru: "тратят больше"),
      SegmentName(en: "spending less", ru: "тратят меньше")
    ),
    "averageCheck": (
      SegmentName(en: "large orders", ru: "крупные заказы"),
      SegmentName(en: "small orders", ru: "мелкие заказы")
    ),
    "tenure": (
      SegmentName(en: "clients of old", ru: "давние клиенты"),
      SegmentName(en: "clients of late", ru: "недавние клиенты")
    ),
    "views": (
      SegmentName(en: "browsing a lot", ru: "много смотрят"),
      SegmentName(en: "browsing little", ru: "мало смотрят")
    ),
    "viewsPerOrder": (
      SegmentName(en: "browsing a lot", ru: "много смотрят"),
      SegmentName(en: "browsing little", ru: "мало смотрят")
    ),
    "viewRecency": (
      SegmentName(en: "not looking in", ru: "давно не заходят"),
      SegmentName(en: "looking in lately", ru: "заходили недавно")
    ),
    "reviews": (
      SegmentName(en: "writing reviews", ru: "пишут отзывы"),
      SegmentName(en: "few reviews", ru: "мало отзывов")
    ),
    "reviewsPerOrder": (
      SegmentName(en: "writing reviews", ru: "пишут отзывы"),
      SegmentName(en: "few reviews", ru: "мало отзывов")
    ),
    "rating": (
      SegmentName(en: "content", ru: "довольны"),
      SegmentName(en: "discontent", ru: "недовольны")
    ),
    "following": (
      SegmentName(en: "following many", ru: "много подписок"),
      SegmentName(en: "following few", ru: "мало подписок")
    ),
    "followers": (
      SegmentName(en: "followed by many", ru: "много подписчиков"),
      SegmentName(en: "followed by few", ru: "мало подписчиков")
    ),
    "pageRank": (
      SegmentName(en: "well connected", ru: "много связей"),
      SegmentName(en: "poorly connected", ru: "мало связей")
    ),
    "communitySize": (
      SegmentName(en: "in large communities", ru: "в больших сообществах"),
      SegmentName(en: "in small communities", ru: "в малых сообществах")
    ),
    "similarity": (
      SegmentName(en: "of common taste", ru: "обычные вкусы"),
      SegmentName(en: "of uncommon taste", ru: "особые вкусы")
    ),
  ]
}
