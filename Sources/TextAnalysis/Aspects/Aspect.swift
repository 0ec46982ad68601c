/// A side of a purchase that reviews speak of.
package enum Aspect: Int, CaseIterable, Sendable {
  case delivery, price, quality, service

  package var name: String {
    switch self {
    case .delivery: "delivery"
    case .price: "price"
    case .quality: "quality"
    case .service: "service"
    }
  }
  package var russianName: String {
    switch self {
    case .delivery: "доставка"
    case .price: "цена"
    case .quality: "качество"
    case .service: "обслуживание"
    }
  }

  /// Words that name the aspect, found by their stems. Of this project's own.
  var words: String {
    switch self {
    case .delivery:
      """
      доставка доставили доставляли доставлен доставить доставщик курьер курьерская привезли
      привез привезут посылка посылку отправка отправили отправление транспортная почта почтой
      пвз самовывоз постамат упаковка упакован упакована упаковали упаковано коробка пакет
      пришел пришла пришло пришли приехал приехала приехало приехали дошел дошла дошло дошли
      срок сроки задержка опоздание логистика трек получение ехало ехала шла
      deliver delivery delivered delivering ship shipped shipping shipment courier arrive arrived
      arrives package packaging packaged parcel mail transit dispatched
      """
    case .price:
      """
      цена цены ценник стоимость дорого дорогой дороговато дешево дешевый дешевле недорого
      недорогой деньги денег рубль рублей руб скидка скидки акция акции распродажа переплата
      переплачивать бюджетный бюджетно выгодно выгодный прайс стоит стоят
      price prices priced pricing cost costs expensive cheap cheaper inexpensive money value worth
      pricey discount sale overpriced affordable dollar dollars
      """
    case .quality:
      """
      качество качественный качественно некачественный материал материалы ткань ткани шов швы
      строчка пошив нитки нитка брак бракованный дефект дефекты прочный прочность хлипкий
      сломался сломалась сломалось порвался порвалась порвалось дырка дырки сборка пластик
      линяет полиняло скатывается катышки запах пахнет воняет состав крепкий надежный
      трещина царапина поломка работает износ стирка стирки вкус вкусный вкусно свежий
      quality material materials fabric seam seams stitching stitched sewn defect defective durable
      sturdy flimsy broke broken fade faded shrunk tear tore ripped pilling pills construction
      craftsmanship smell workmanship
      """
    case .service:
      """
      обслуживание обслуживал обслуживали обслужили сервис сервиса продавец продавца продавцы
      магазин поддержка менеджер консультант консультанты консультация персонал оператор
      администратор официант официантка официанты сотрудник сотрудники кассир возврат вернуть
      обмен обменять гарантия хамство хамят вежливый вежливо грубый персоналу продавщица
      бариста хостес повар отзывчивый приветливый внимательный обещали
      service staff seller vendor support manager employee employees representative refund
      exchange warranty rude polite waiter waitress customer response replied
      """
    }
  }
}
