import { beforeAll, describe, expect, test } from 'vitest';
import { knowsLanguage, toLanguageCode } from '../../../server/src/core/language/languageCodes';
import { recognizeLanguage } from '../../../server/src/core/language/recognizeLanguage';
import { type GuessByWords, loadGuessByWords } from '../../../server/src/core/language/wordGuess';

let guess: GuessByWords;
beforeAll(async () => {
  guess = await loadGuessByWords();
});

test.each([
  ['en', 'The committee decided to put off the vote until the end of the week.'],
  ['de', 'Der Ausschuss hat beschlossen, die Abstimmung auf das Ende der Woche zu verschieben.'],
  ['fr', 'La commission a décidé de reporter le vote à la fin de la semaine.'],
  ['es', 'La comisión decidió aplazar la votación hasta el final de la semana.'],
  ['it', 'La commissione ha deciso di rinviare il voto alla fine della settimana.'],
  ['nl', 'De commissie heeft besloten de stemming uit te stellen tot het einde van de week.'],
  ['pl', 'Komisja postanowiła przełożyć głosowanie na koniec tygodnia.'],
  ['fi', 'Valiokunta päätti siirtää äänestyksen viikon loppuun.'],
  ['hu', 'A bizottság úgy döntött, hogy a szavazást a hét végére halasztja.'],
  ['vi', 'Ủy ban đã quyết định hoãn cuộc bỏ phiếu đến cuối tuần.'],
  ['tr', 'Komisyon oylamayı hafta sonuna ertelemeye karar verdi.'],
  ['id', 'Panitia memutuskan untuk menunda pemungutan suara sampai akhir pekan.'],
  ['ru', 'Комитет решил отложить голосование до конца недели, чтобы все успели подготовиться.'],
  ['uk', 'Комітет вирішив відкласти голосування до кінця тижня.'],
  ['ar', 'قررت اللجنة تأجيل التصويت حتى نهاية الأسبوع.'],
  ['fa', 'کمیته تصمیم گرفت رأی‌گیری را تا پایان هفته به تعویق بیندازد.'],
  ['hi', 'उन्होंने कहा कि यह फैसला बहुत सोच समझकर लिया गया है और इससे सबको लाभ होगा।'],
  ['he', 'הוועדה החליטה לדחות את ההצבעה לסוף השבוע.'],
  ['el', 'Η επιτροπή αποφάσισε να αναβάλει την ψηφοφορία.'],
  ['th', 'คณะกรรมการตัดสินใจเลื่อนการลงคะแนนเสียงไปจนถึงสิ้นสัปดาห์'],
  ['ja', '委員会は採決を週末まで延期することを決めた。'],
  ['zh', '委员会决定把表决推迟到周末。'],
  ['ko', '위원회는 표결을 주말까지 미루기로 했다.'],
])('%s: %s', (language, text) => {
  expect(recognizeLanguage(text, guess)).toBe(language);
});

test('a few foreign words do not change the language', () => {
  expect(recognizeLanguage('我们用 Visual Studio Code 来写这个扩展程序。', guess)).toBe('zh');
  expect(recognizeLanguage('トヨタ自動車は Berlin に新しい office を開いた。', guess)).toBe('ja');
  expect(recognizeLanguage('The word 東京 means the capital in the east.', guess)).toBe('en');
});

test('letters with their accents apart are the same letters', () => {
  const text = 'Ủy ban đã quyết định hoãn cuộc bỏ phiếu đến cuối tuần.';
  expect(recognizeLanguage(text.normalize('NFD'), guess)).toBe('vi');
});

describe('too little to say', () => {
  test.each([
    '',
    '42',
    '🎉🎉',
    '…!?',
    'OK',
    'Résumé',
    'Introduction',
    'α = β + γ',
    'การ',
    '東京都',
    'Ada Lovelace, Charles Babbage, Mary Somerville',
    'Nguyễn Văn Linh, Trần Hưng Đạo, Lê Lợi',
    'https://example.org/a/rather/long/path/with/words',
    'UPPER CASE LETTERS EVERYWHERE IN THIS SENTENCE',
    '@someone #somethinglongenough #andanotherone',
  ])('%s', (text) => {
    expect(recognizeLanguage(text, guess)).toBeUndefined();
  });
});

test('codes of one language are one', () => {
  expect(['no', 'nn', 'NB', 'zh-Hans', 'zh_TW', 'pt-BR', 'ms', ' de '].map(toLanguageCode)).toEqual([
    ...['nb', 'nb', 'nb', 'zh', 'zh', 'pt', 'id', 'de'],
  ]);
});

test('what a model knows', () => {
  expect(knowsLanguage(undefined, 'vi')).toBe(true);
  expect(knowsLanguage(['mul'], 'vi')).toBe(true);
  expect(knowsLanguage(['en', 'no'], 'nb')).toBe(true);
  expect(knowsLanguage(['en', 'de'], 'vi')).toBe(false);
});
