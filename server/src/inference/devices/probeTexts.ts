/**
 * What devices are tried with: short and long sentences in several scripts, with names and judgements, so that the
 * heads of a model have something to tell apart.
 */
export const probeTexts: readonly string[] = [
  'Marie Curie was born in Warsaw and worked in Paris.',
  'The service was slow, the soup was cold, and nobody apologised for any of it.',
  'Die Firma Zeiss aus Jena verkauft seit 1846 Mikroskope in die ganze Welt.',
  'El tren de Madrid a Sevilla llega siempre a tiempo, y eso me encanta.',
  '我们昨天在北京大学见到了李明。',
  '東京の天気は今日とても良いです。',
  'سافر أحمد من القاهرة إلى بيروت في الصيف.',
  'Анна Петрова живёт в Санкт-Петербурге.',
  'Good.',
  'After the committee in Geneva had read the letter of Doctor Okafor twice, once aloud, it asked the Swiss Red Cross to send three trucks of medicine to Lagos before the rains began, which they did without any delay.',
];
