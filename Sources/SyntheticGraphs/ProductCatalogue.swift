#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Products of a shop, each computed from its number alone.
struct ProductCatalogue {
  struct Product {
    var title: String
    var category: String
    var brand: String
    /// In hundredths of a rouble.
    var price: Int
    /// How much better or worse than the client expects, in stars.
    var quality: Double
  }

  private struct Category {
    var name: String
    var nouns: [String]
    var adjectives: [String]
    var brands: [String]
    var sizes: [String]
    /// Median price in roubles and the spread of its logarithm.
    var price: Double
    var spread: Double
  }

  private let seed: UInt64
  init(seed: UInt64) { self.seed = seed }

  /// The category of a community's products: communities prefer kinds of goods.
  private func category(community: Int, _ random: inout RandomStream) -> Category {
    let own = community % Self.categories.count
    if random.chance(0.6) { return Self.categories[own] }
    if random.chance(0.5) { return Self.categories[(own + 7) % Self.categories.count] }
    return random.pick(Self.categories)
  }

  func product(_ number: Int, community: Int) -> Product {
    var random = RandomStream(seed: seed, 2, UInt64(number))
    let category = category(community: community, &random)
    let brand = random.pick(category.brands)
    let noun = random.pick(category.nouns)
    let adjective = random.chance(0.75) ? " " + random.pick(category.adjectives) : ""
    let size = category.sizes.isEmpty ? "" : ", " + random.pick(category.sizes)
    let roubles = category.price * exp(category.spread * random.normal())
    // Shop prices end in 9 or 90 kopecks more often than not.
    let price =
      random.chance(0.6)
      ? max(Int(roubles) / 10 * 10 + 9, 19) * 100 + (random.chance(0.5) ? 90 : 0)
      : max(Int(roubles * 100), 990)
    return Product(
      title: "\(noun)\(adjective) «\(brand)»\(size)", category: category.name, brand: brand,
      price: price, quality: 0.7 * random.normal())
  }

  private static let categories: [Category] = [
    Category(
      name: "Кофе и чай", nouns: ["Кофе в зёрнах", "Кофе молотый", "Чай чёрный", "Чай зелёный"],
      adjectives: ["арабика", "средней обжарки", "с бергамотом", "крупнолистовой", "отборный"],
      brands: ["Северный", "Аромат", "Coffee Lab", "Чайная лавка"],
      sizes: ["250 г", "500 г", "1 кг", "100 пакетиков"], price: 620, spread: 0.5),
    Category(
      name: "Электроника", nouns: ["Наушники", "Колонка", "Зарядное устройство", "Умная лампа"],
      adjectives: ["беспроводные", "с шумоподавлением", "портативная", "компактное"],
      brands: ["Нота", "Voltix", "Импульс", "Sonaris"], sizes: ["чёрный", "белый", "синий"],
      price: 2900, spread: 0.7),
    Category(
      name: "Смартфоны", nouns: ["Смартфон", "Чехол для смартфона", "Защитное стекло"],
      adjectives: ["тонкий", "ударопрочный", "с двойной камерой"],
      brands: ["Орион", "Linea", "Полюс"], sizes: ["128 ГБ", "256 ГБ", "64 ГБ"], price: 9900,
      spread: 1.1),
    Category(
      name: "Одежда", nouns: ["Футболка", "Платье", "Джинсы", "Свитер", "Куртка", "Рубашка"],
      adjectives: ["хлопковая", "летнее", "прямые", "тёплый", "утеплённая", "льняная"],
      brands: ["Ткань", "Берёзка", "Norda", "Лён и хлопок"], sizes: ["S", "M", "L", "XL"],
      price: 2400, spread: 0.6),
    Category(
      name: "Обувь", nouns: ["Кроссовки", "Ботинки", "Туфли", "Сапоги"],
      adjectives: ["беговые", "зимние", "классические", "кожаные"],
      brands: ["Шаг", "Тропинка", "Runa"], sizes: ["38", "40", "42", "44"], price: 4800, spread: 0.5),
    Category(
      name: "Косметика", nouns: ["Крем для лица", "Шампунь", "Тушь для ресниц", "Гель для душа"],
      adjectives: ["увлажняющий", "питательный", "с ромашкой", "для чувствительной кожи"],
      brands: ["Роса", "Травница", "Belle Nord", "Чистая линия света"],
      sizes: ["50 мл", "250 мл", "400 мл"], price: 540, spread: 0.6),
    Category(
      name: "Детские товары", nouns: ["Подгузники", "Конструктор", "Мягкая игрушка", "Пюре фруктовое"],
      adjectives: ["дышащие", "деревянный", "плюшевая", "без сахара"],
      brands: ["Малыш", "Кубики", "Топтыжка"], sizes: ["0+", "3+", "6+"], price: 1100, spread: 0.6),
    Category(
      name: "Книги", nouns: ["Роман", "Детектив", "Учебник", "Энциклопедия", "Сборник рассказов"],
      adjectives: ["современный", "иллюстрированный", "классический", "подарочное издание"],
      brands: ["Перо", "Страница", "Азбука дорог", "Маяк"], sizes: ["твёрдый переплёт", "мягкая обложка"],
      price: 690, spread: 0.5),
    Category(
      name: "Дом и уют", nouns: ["Плед", "Подушка", "Набор полотенец", "Свеча", "Ваза"],
      adjectives: ["мягкий", "ортопедическая", "махровых", "ароматическая", "керамическая"],
      brands: ["Тёплый дом", "Очаг", "Hygge"], sizes: ["150×200", "50×70", "малая", "большая"],
      price: 1500, spread: 0.6),
    Category(
      name: "Кухня", nouns: ["Сковорода", "Кастрюля", "Нож поварской", "Набор контейнеров"],
      adjectives: ["чугунная", "из нержавеющей стали", "керамический", "герметичных"],
      brands: ["Мастер кухни", "Печка", "Kastrol"], sizes: ["24 см", "28 см", "3 л", "5 шт."],
      price: 1900, spread: 0.6),
    Category(
      name: "Спорт", nouns: ["Коврик для йоги", "Гантели", "Велошлем", "Палатка", "Термос"],
      adjectives: ["нескользящий", "разборные", "лёгкий", "двухместная", "походный"],
      brands: ["Вершина", "Атлет", "Ural Trek"], sizes: ["1 л", "2 кг", "5 кг", "универсальный"],
      price: 2300, spread: 0.7),
    Category(
      name: "Сад и дача", nouns: ["Семена томатов", "Секатор", "Шланг", "Грунт", "Теплица"],
      adjectives: ["ранние", "усиленный", "поливочный", "универсальный"],
      brands: ["Урожай", "Дачник", "Зелёная грядка"], sizes: ["10 л", "20 м", "пакет"], price: 760,
      spread: 0.9),
    Category(
      name: "Зоотовары", nouns: ["Корм для кошек", "Корм для собак", "Лежанка", "Наполнитель"],
      adjectives: ["с курицей", "с говядиной", "мягкая", "древесный"],
      brands: ["Мурка", "Верный друг", "Лапа"], sizes: ["400 г", "2 кг", "10 кг"], price: 880,
      spread: 0.7),
    Category(
      name: "Автотовары", nouns: ["Масло моторное", "Щётки стеклоочистителя", "Коврики", "Насос"],
      adjectives: ["синтетическое", "бескаркасные", "резиновые", "автомобильный"],
      brands: ["Мотор", "Магистраль", "AutoNord"], sizes: ["4 л", "1 л", "комплект"], price: 1800,
      spread: 0.6),
    Category(
      name: "Продукты", nouns: ["Мёд", "Орехи", "Оливковое масло", "Шоколад", "Сыр"],
      adjectives: ["цветочный", "жареные", "нерафинированное", "горький", "выдержанный"],
      brands: ["Пасека", "Лавка вкусов", "Сыроварня", "Какао-бар"],
      sizes: ["200 г", "500 г", "1 кг"], price: 430, spread: 0.5),
    Category(
      name: "Аптека", nouns: ["Витамин D", "Пластырь", "Тонометр", "Омега-3"],
      adjectives: ["детский", "бактерицидный", "автоматический", "в капсулах"],
      brands: ["Здравие", "Аптечка", "VitaNord"], sizes: ["60 капсул", "20 шт.", "1 шт."],
      price: 620, spread: 0.7),
    Category(
      name: "Инструменты", nouns: ["Дрель", "Отвёртка", "Набор ключей", "Лазерный уровень"],
      adjectives: ["аккумуляторная", "крестовая", "профессиональный", "компактный"],
      brands: ["Мастер", "Кузница", "Stahl"], sizes: ["12 В", "18 В", "50 предметов"], price: 2700,
      spread: 0.8),
    Category(
      name: "Канцелярия", nouns: ["Тетрадь", "Ручка", "Ежедневник", "Краски акварельные"],
      adjectives: ["в клетку", "гелевая", "недатированный", "медовые"],
      brands: ["Клякса", "Линейка", "Палитра"], sizes: ["48 листов", "12 цветов", "А5"], price: 240,
      spread: 0.6),
  ]
}
