/// Russian review texts that agree with their rating: an opening, what was good or bad about the
/// product, the delivery, the price or the service, and sometimes a closing word.
enum ReviewTexts {
  private static let openings: [[String]] = [
    [
      "Очень разочарован покупкой.", "Ужас, а не товар.", "Деньги на ветер.", "Хуже некуда.",
      "Не рекомендую никому.", "Полное разочарование.", "Верните мои деньги!",
    ],
    [
      "Так себе.", "Ожидал большего.", "Не впечатлило.", "Скорее нет, чем да.",
      "Пожалел о покупке.",
      "Качество хромает.",
    ],
    [
      "В целом нормально.", "На троечку.", "Есть плюсы и минусы.", "Обычный товар.", "Сойдёт.",
      "Средне, за эту цену можно найти лучше.",
    ],
    [
      "Хорошая вещь.", "Покупкой доволен.", "В целом нравится.", "Неплохо!",
      "Соответствует описанию.",
      "Беру не в первый раз.",
    ],
    [
      "Отличный товар!", "Просто супер!", "Очень довольна покупкой!", "Лучшее, что я покупал.",
      "Всем советую!", "Восторг!", "Идеально!", "Спасибо магазину!",
    ],
  ]
  private static let badProduct = [
    "Сломалось через неделю", "Материал дешёвый, пахнет пластиком", "Размер не соответствует",
    "Упаковка была вскрыта", "Пришёл брак", "На фото выглядит совсем иначе",
    "Качество ниже всякой критики", "Развалилось после первого использования",
  ]
  private static let goodProduct = [
    "Качество на высоте", "Пользуюсь каждый день", "Сделано добротно", "Размер подошёл идеально",
    "Цвет как на фото", "Ребёнок в восторге", "Вкус замечательный", "Работает безупречно",
    "Материал приятный на ощупь",
  ]
  private static let badDelivery = [
    "Доставку ждал три недели", "Курьер опоздал и нагрубил", "Привезли не тот заказ",
    "Посылку потеряли на складе", "Коробка пришла мятая",
  ]
  private static let goodDelivery = [
    "Доставка быстрая, на следующий день", "Курьер вежливый", "Упаковано надёжно",
    "Пришло раньше срока", "Пункт выдачи рядом с домом",
  ]
  private static let badPrice = [
    "Цена завышена", "За такие деньги ожидаешь другого", "Дорого и бестолково",
    "В соседнем магазине вдвое дешевле",
  ]
  private static let goodPrice = [
    "Цена приятная", "По акции вышло совсем недорого", "Отличное соотношение цены и качества",
    "Дешевле не нашёл",
  ]
  private static let badService = [
    "Поддержка не отвечает", "Отказали в возврате без объяснений", "Менеджер хамил по телефону",
    "На жалобу никто не ответил",
  ]
  private static let goodService = [
    "Менеджер всё подробно объяснил", "Обмен оформили без вопросов", "Поддержка ответила сразу",
    "Приятно иметь дело с таким магазином",
  ]
  private static let neutral = [
    "Брал в подарок", "Заказывал через приложение", "Посмотрим, как покажет себя дальше",
    "Пользуюсь вторую неделю", "Сравнивал с другими марками", "Заказ номер такой уже третий за год",
  ]
  private static let badClosings = [
    "Больше здесь не закажу.", "Буду жаловаться.", "Ухожу в другой магазин.", "Не берите.",
  ]
  private static let goodClosings = [
    "Буду заказывать ещё.", "Рекомендую!", "Обязательно вернусь.", "Пять звёзд заслуженно.",
  ]

  /// - Parameter rating: 1 … 5.
  static func text(rating: Int, _ random: inout RandomStream) -> String {
    let badness = [0.95, 0.75, 0.45, 0.15, 0.04][rating - 1]
    var text = random.pick(openings[rating - 1])
    for _ in 0..<random.geometric(mean: 2.1) {
      let isBad = random.chance(badness)
      let sentence: String =
        switch random.below(9) {
        case 0...3: random.pick(isBad ? badProduct : goodProduct)
        case 4, 5: random.pick(isBad ? badDelivery : goodDelivery)
        case 6: random.pick(isBad ? badPrice : goodPrice)
        case 7: random.pick(isBad ? badService : goodService)
        default: random.pick(neutral)
        }
      text += " " + sentence + (random.chance(0.15) ? "!" : ".")
    }
    if random.chance(0.3) {
      if rating <= 2 { text += " " + random.pick(badClosings) }
      if rating >= 4 { text += " " + random.pick(goodClosings) }
    }
    return text
  }
}
