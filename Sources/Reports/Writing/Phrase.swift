/// Words of the report in both languages.
struct Phrase: Sendable {
  let en: String
  let ru: String
  private init(_ en: String, _ ru: String) {
    self.en = en
    self.ru = ru
  }

  // Numbers
  static let thousand = Phrase("k", "тыс.")
  static let million = Phrase("M", "млн")
  static let billion = Phrase("bn", "млрд")

  // The page
  static let report = Phrase("Customer report", "Отчёт о клиентах")
  static let contents = Phrase("Contents", "Содержание")
  static let noData = Phrase("No data yet.", "Данных пока нет.")
  static let remedy = Phrase("Run:", "Выполните:")
  static let made = Phrase("Made by tropa", "Составлено программой tropa")
  static let other = Phrase("other", "прочее")
  static let emptyDatabase = Phrase(
    "The database has no purchases of clients. If it names them otherwise, name the labels, types "
      + "and properties; crm.schema.check shows what is found.",
    "В базе нет покупок клиентов. Если они называются иначе, укажите метки, типы и свойства; "
      + "crm.schema.check показывает, что найдено.")
  static let reason = Phrase("Why:", "Причина:")

  // Overview
  static let overview = Phrase("Overview", "Обзор")
  static let period = Phrase("Purchases", "Покупки")
  static let clients = Phrase("clients", "клиентов")
  static let buyers = Phrase("buyers", "покупателей")
  static let products = Phrase("products", "товаров")
  static let purchases = Phrase("purchases", "покупок")
  static let reviews = Phrase("reviews", "отзывов")
  static let revenue = Phrase("revenue", "выручка")
  static let revenueByMonth = Phrase("Revenue by month", "Выручка по месяцам")

  // Segments
  static let segments = Phrase("Segments", "Сегменты")
  static let segmentsNote = Phrase(
    "Segments as they were last written on the clients. Recency is in days; all are means of a "
      + "client.",
    "Сегменты, записанные у клиентов в последний раз. Давность в днях; все величины — средние "
      + "на клиента.")
  static let segment = Phrase("Segment", "Сегмент")
  static let clientsColumn = Phrase("Clients", "Клиенты")
  static let shareOfClients = Phrase("Share of clients", "Доля клиентов")
  static let shareOfMoney = Phrase("Share of money", "Доля денег")
  static let recency = Phrase("Recency", "Давность")
  static let frequency = Phrase("Orders", "Заказы")
  static let monetary = Phrase("Money", "Деньги")
  static let favourite = Phrase("Favourite category", "Любимая категория")

  // RFM
  static let rfm = Phrase("RFM map", "Карта RFM")
  static let rfmNote = Phrase(
    "Scores 1 to 5: on the right who bought lately, above who buys often. Shade: share of all "
      + "money. In each cell: clients and money.",
    "Оценки от 1 до 5: справа — покупали недавно, сверху — покупают часто. Оттенок: доля всех "
      + "денег. В клетке: клиенты и деньги.")
  static let recencyScore = Phrase("Recency score R", "Оценка давности R")
  static let frequencyScore = Phrase("Frequency score F", "Оценка частоты F")
  static let rfmSegments = Phrase("RFM segments", "Сегменты RFM")

  // Movement
  static let movement = Phrase("Movement between segments", "Движение между сегментами")
  static let movementNote = Phrase(
    "RFM segments of the clients on two dates: of 100 in the row, how many are in the column "
      + "later. The last row is clients who were not there before.",
    "Сегменты RFM клиентов на две даты: сколько из 100 клиентов строки позже оказались в столбце. "
      + "Последняя строка — клиенты, которых раньше не было.")
  static let before = Phrase("Before", "Было")
  static let after = Phrase("After", "Стало")
  static let change = Phrase("Change", "Изменение")
  static let newcomers = Phrase("not there before", "раньше не было")
  static let leavers = Phrase("not there any more", "больше нет")

  // Cohorts
  static let cohorts = Phrase("Cohort retention", "Удержание по когортам")
  static let cohortsNote = Phrase(
    "Of the clients who first bought in a month, how many per cent bought again so many months "
      + "later. The last month may not be over.",
    "Сколько процентов клиентов, впервые купивших в месяце, покупали через столько-то месяцев. "
      + "Последний месяц может быть неполным.")
  static let monthsLater = Phrase("Months after the first purchase", "Месяцев после первой покупки")

  // Churn
  static let churn = Phrase("Churn risk", "Риск ухода")
  static let churnNote = Phrase(
    "Clients by the risk that was written on them: the probability of no purchase in the horizon.",
    "Клиенты по записанному у них риску: вероятности не купить за горизонт прогноза.")
  static let risk = Phrase("Risk", "Риск")
  static let tier = Phrase("Tier", "Уровень")
  static let high = Phrase("high", "высокий")
  static let medium = Phrase("medium", "средний")
  static let low = Phrase("low", "низкий")
  static let lost = Phrase("lost", "ушёл")
  static let moneyAtRisk = Phrase("Money spent so far", "Потрачено ими до сих пор")
  static let churnQuality = Phrase(
    "How well the last period was foretold (crm.churn.stats):",
    "Насколько верно предсказан последний период (crm.churn.stats):")
  static let auc = Phrase("area under the ROC curve", "площадь под кривой ROC")
  static let baseRate = Phrase("share of who left", "доля ушедших")
  static let liftAtTen = Phrase("lift in the riskiest tenth", "подъём в самой рискованной десятой")

  // Triggers
  static let triggers = Phrase("Top triggers", "Главные триггеры")
  static let trigger = Phrase("Trigger", "Триггер")
  static let channel = Phrase("Channel", "Канал")
  static let sent = Phrase("To send", "К отправке")
  static let control = Phrase("Control", "Контроль")
  static let clientsReached = Phrase("Clients", "Клиентов")
  static let lastTime = Phrase("Last", "Последний раз")

  // Effect
  static let segmentEffect = Phrase("Segments in the period", "Сегменты за период")
  static let segmentEffectNote = Phrase(
    "Dots are values, lines their 95% confidence intervals.",
    "Точки — значения, линии — их 95-процентные доверительные интервалы.")
  static let conversion = Phrase("Conversion", "Конверсия")
  static let retention = Phrase("Retention", "Удержание")
  static let arpu = Phrase(
    "Revenue per active client (ARPU)", "Выручка на активного клиента (ARPU)")
  static let arpuColumn = Phrase("ARPU", "ARPU")
  static let averageCheck = Phrase("Average check", "Средний чек")
  static let churnRate = Phrase("Churn", "Отток")
  static let ltv = Phrase("LTV", "LTV")
  static let csi = Phrase("CSI", "CSI")
  static let nps = Phrase("NPS", "NPS")
  static let roi = Phrase("ROI", "ROI")
  static let triggerEffect = Phrase("Effect of triggers", "Эффект триггеров")
  static let triggerEffectNote = Phrase(
    "Conversion of who was to get the message less that of the control group, in percentage "
      + "points, with 95% intervals. An interval across 0 means that nothing has been shown.",
    "Конверсия тех, кому предназначалось сообщение, минус конверсия контрольной группы, в "
      + "процентных пунктах, с 95-процентными интервалами. Интервал, накрывающий 0, означает, что "
      + "эффект не показан.")
  static let treated = Phrase("Treated", "Получатели")
  static let uplift = Phrase("Difference, pp", "Разница, п. п.")
  static let extraRevenue = Phrase("Extra revenue", "Доп. выручка")
  static let groupSizes = Phrase("Group sizes", "Размеры групп")
  static let asPlanned = Phrase("as planned", "как задано")
  static let mismatch = Phrase("wrong: do not believe it", "неверны: не доверять")

  // Sentiment
  static let sentiment = Phrase("Sentiment of reviews", "Тональность отзывов")
  static let sentimentNote = Phrase(
    "Shares of negative, neutral and positive reviews, in all and of what they mention.",
    "Доли отрицательных, нейтральных и положительных отзывов, всего и по упомянутым темам.")
  static let all = Phrase("all reviews", "все отзывы")
  static let delivery = Phrase("delivery", "доставка")
  static let price = Phrase("price", "цена")
  static let quality = Phrase("quality", "качество")
  static let service = Phrase("service", "обслуживание")
  static let negative = Phrase("negative", "отрицательные")
  static let neutral = Phrase("neutral", "нейтральные")
  static let positive = Phrase("positive", "положительные")
  static let aspect = Phrase("About", "О чём")
  static let reviewsColumn = Phrase("Reviews", "Отзывы")

  // Communities
  static let communities = Phrase("Communities", "Сообщества")
  static let communitiesNote = Phrase(
    "Circles are communities of clients, by size; squares are categories of products. A line says "
      + "that the community buys more of the category than all clients do; its width is their "
      + "purchases.",
    "Круги — сообщества клиентов, по размеру; квадраты — категории товаров. Линия: сообщество "
      + "покупает категорию больше, чем все клиенты; её ширина — число этих покупок.")
  static let community = Phrase("Community", "Сообщество")
  static let smallerCommunities = Phrase(
    "Communities that are smaller and not drawn:", "Меньшие сообщества, которых нет на рисунке:")
  static let favouriteCategories = Phrase(
    "Favoured categories (lift)", "Любимые категории (подъём)")
}
