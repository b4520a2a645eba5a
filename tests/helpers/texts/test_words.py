"""The words of many scripts, each as a reader of it would count them, and what holds of any text."""

import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from helpers.texts import words as module
from helpers.texts.words import unspaced, words

# A text and its words, divided by "|". Escapes are used where a mark would not be seen.
SCRIPTS = {
    "English": ("“Don't!” she said—the co-op's CAFÉ, no. 7 -- 'tis", "don't|she|said|the|co-op's|café|no|7|tis"),
    "English, another apostrophe": ("Don’t the dogs’ owners’ O’Neill", "don't|the|dogs|owners|o'neill"),
    "underscores": ("it _was_ a __long__ snake_case _ ＿é＿ _é_", "it|was|a|long|snake_case|é|é"),
    "narrow blanks": ("1\u202f000 km\u202f; a\u00a0b", "1|000|km|a|b"),
    "hyphens": ("well-known re-‑entry x\u2010ray e-mail - -a- --", "well-known|re|entry|x-ray|e-mail|a"),
    "abbreviations": ("The U.S.A. is, e.g., AT&T's v2.0.", "the|u.s.a|is|e.g|at|t's|v2.0"),
    "numbers": ("3.14 1,000,000.5 12:30 5% -7 1st 10-year 3.", "3.14|1,000,000.5|12|30|5|7|1st|10-year|3"),
    "raised digits": ("m² H₂O CO₂ ½", "m²|h₂o|co₂|½"),
    "German": ("Stra\u00dfe, Tür, Fu\u00dfball-WM", "straße|tür|fußball-wm"),
    "German, decomposed": ("scho\u0308n U\u0308ber", "schön|über"),
    "German, soft hyphens": ("Donau\u00addampf\u00adschiff", "donaudampfschiff"),
    "French": ("L’homme d'aujourd’hui, l'œuvre\u00a0: « ça »", "l'homme|d'aujourd'hui|l'œuvre|ça"),
    "Catalan": ("la col·lecció il·lustrada", "la|col·lecció|il·lustrada"),
    "Spanish": ("¿Qué? ¡Año nuevo!", "qué|año|nuevo"),
    "Swedish": ("EU:s k:a", "eu:s|k:a"),
    "Turkish": ("İstanbul’da IŞIK ılık", "istanbul'da|işik|ılık"),
    "Vietnamese, decomposed": ("Tie\u0302\u0301ng Vie\u0323\u0302t", "tiếng|việt"),
    "Hawaiian": ("ʻŌlelo Hawaiʻi", "ʻōlelo|hawaiʻi"),
    "Navajo": ("Diné bizaad bitsʼąąʼ", "diné|bizaad|bits'ąąʼ"),
    "Greek": ("Ο ΟΔΟΣ· ΣΟΦΟΣ, ὁ Ἀχιλλεύς", "ο|οδος|σοφος|ὁ|ἀχιλλεύς"),
    "Russian": ("Съешь ещё этих мягких булок, кое-что", "съешь|ещё|этих|мягких|булок|кое-что"),
    "Ukrainian": ("м’ята м'ята мʼята", "м'ята|м'ята|м'ята"),
    "Georgian": ("საქართველო, ᲗᲑᲘᲚᲘᲡᲘ", "საქართველო|თბილისი"),
    "Armenian": ("Հայաստան, Ինչո՞ւ։", "հայաստան|ինչո՞ւ"),
    "Hebrew": ('צה"ל וצה״ל, ג׳ירפה בית־ספר', 'צה"ל|וצה״ל|ג׳ירפה|בית|ספר'),
    "Hebrew, pointed": ("בְּרֵאשִׁית בָּרָא אֱלֹהִים", "בְּרֵאשִׁית|בָּרָא|אֱלֹהִים"),
    "Arabic": ("السلام عليكم، كيف الحال؟", "السلام|عليكم|كيف|الحال"),
    "Arabic, vocalised": ("السَّلَامُ عَلَيْكُمْ", "السَّلَامُ|عَلَيْكُمْ"),
    "Arabic, with marks of direction": ("\u200fمرحبا\u200f \u202bبكم\u202c", "مرحبا|بكم"),
    "Persian": ("می\u200cخواهم کتاب\u200cها\u200c را", "می\u200cخواهم|کتاب\u200cها|را"),
    "Urdu": ("میں اُردو بولتا ہوں۔", "میں|اُردو|بولتا|ہوں"),
    "Uyghur": ("ئۇيغۇر تىلى، مەن", "ئۇيغۇر|تىلى|مەن"),
    "Hindi": ("हिन्दी में लिखना। ज़िंदगी", "हिन्दी|में|लिखना|ज़िंदगी"),
    "Marathi, with joiners": ("कर\u094d\u200dया कर\u094d\u200cया", "कर\u094d\u200dया|कर\u094d\u200cया"),
    "Bengali": ("আমি বাংলায় গান গাই।", "আমি|বাংলায়|গান|গাই"),
    "Gurmukhi": ("ਪੰਜਾਬੀ ਭਾਸ਼ਾ", "ਪੰਜਾਬੀ|ਭਾਸ਼ਾ"),
    "Gujarati": ("ગુજરાતી ભાષા", "ગુજરાતી|ભાષા"),
    "Tamil": ("தமிழ் மொழி, நன்றி", "தமிழ்|மொழி|நன்றி"),
    "Telugu": ("తెలుగు భాష", "తెలుగు|భాష"),
    "Kannada": ("ಕನ್ನಡ ಭಾಷೆ", "ಕನ್ನಡ|ಭಾಷೆ"),
    "Malayalam, the older chillu": ("അവന്\u200d മലയാളം", "അവന്\u200d|മലയാളം"),
    "Sinhala": ("ශ්\u200dරී ලංකා", "ශ්\u200dරී|ලංකා"),
    "Tibetan": ("བོད་སྐད།", "བོད|སྐད"),
    "Amharic": ("ሰላም፡ለኪ፣ አማርኛ።", "ሰላም|ለኪ|አማርኛ"),
    "Cherokee": ("ᏣᎳᎩ ᎦᏬᏂᎯᏍᏗ", "ꮳꮃꭹ|ꭶꮼꮒꭿꮝꮧ"),
    "N'Ko": ("ߒߞߏ ߞߊ߲ߜߍ߫", "ߒߞߏ|ߞߊ߲ߜߍ߫"),
    "Adlam": ("𞤆𞤵𞤤𞤢𞤪 𞤀𞤣𞤤𞤢𞤥", "𞤨𞤵𞤤𞤢𞤪|𞤢𞤣𞤤𞤢𞤥"),
    "Tifinagh": ("ⴰⵣⵓⵍ ⴼⵍⵍⴰⵡⵏ", "ⴰⵣⵓⵍ|ⴼⵍⵍⴰⵡⵏ"),
    "Canadian syllabics": ("ᐃᓄᒃᑎᑐᑦ ᐊᐃ", "ᐃᓄᒃᑎᑐᑦ|ᐊᐃ"),
    "Mongolian": ("ᠮᠣᠩᠭᠣᠯ ᠪᠢᠴᠢᠭ", "ᠮᠣᠩᠭᠣᠯ|ᠪᠢᠴᠢᠭ"),
    "Korean": ("한국어를 배워요. IT업계", "한국어를|배워요|it업계"),
    "Korean, decomposed": (unicodedata.normalize("NFD", "한국어 공부"), "한국어|공부"),
    "Chinese, split before": ("我 喜欢 读书 ， 2024 年 。", "我|喜欢|读书|2024|年"),
    "Japanese, split before": ("東京 へ 行く コーヒー ｶﾀｶﾅ", "東京|へ|行く|コーヒー|ｶﾀｶﾅ"),
    "Thai, split before": ("ภาษา ไทย ง่าย น้ำ", "ภาษา|ไทย|ง่าย|น้ำ"),
    "Lao, split before": ("ພາສາ ລາວ", "ພາສາ|ລາວ"),
    "Khmer, zero width spaces": ("ភាសា\u200bខ្មែរ\u200bល្អ", "ភាសា|ខ្មែរ|ល្អ"),
    "Burmese, split before": ("မြန်မာ စာ", "မြန်မာ|စာ"),
    "digits of Hindi": ("३.१४ १,०००", "३.१४|१,०००"),
    "digits of Arabic": ("٣٫١٤ ١٬٠٠٠", "٣٫١٤|١٬٠٠٠"),
    "wide letters and digits": ("ＡＢＣ １２３", "ａｂｃ|１２３"),
    "mathematics beyond the BMP": ("𝐀𝐁 𝑥", "𝐀𝐁|𝑥"),
    "emoji": ("I ❤️ you 👍🏽 👨‍👩‍👧 🇩🇪 ok👌 1️⃣", "i|you|ok|1"),
    "marks without a letter": ("a \u0301 \u200d \u200c b \ufe0f", "a|b"),
    "invisible marks": ("\ufeffzero\u2060width\ufeff no\u200bbreak", "zerowidth|no|break"),
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_words_are_those_that_a_reader_counts(name):
    text, expected = SCRIPTS[name]
    assert words(text) == expected.split("|")


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_composed_or_not_a_word_is_the_same(name, form):
    text, _ = SCRIPTS[name]
    assert words(unicodedata.normalize(form, text)) == words(text)


def test_there_are_many_scripts():
    scripts = {unicodedata.name(c).split()[0] for text, _ in SCRIPTS.values() for c in text if c.isalpha()}
    assert len(SCRIPTS) > 50 and len(scripts) > 30, sorted(scripts)


ASCII = st.text(st.sampled_from("abzAZ019_'-.:,; \t!\"/@\x0b"), max_size=40) | st.text(st.characters(max_codepoint=127))
ANY = st.text(
    st.sampled_from(
        [*"aZ1_'-.:,; \"’ʼ·é\u0301İß\u00ad\u200d\u200c\ufeffשת״אبम\u094dไ\u0e31中々カー한ʻΣ²👍٫ɐ\u202f\u00a0"]
    ),
    max_size=30,
)


@given(ASCII)
@example("a_-_b a-b a--b a.b.c 1.a a.1 1,a,1 _a'b_'c -_- a:1 1:1 1;1 a;b")
def test_the_short_way_for_english_gives_the_same_words(text):
    assert words(text) == words(f"{text} é")[:-1]  # which goes the long way


@given(ANY, ANY)
def test_a_blank_divides_text_into_parts_of_their_own(left, right):
    """So what stands between two blanks can be looked up, and a stream be cut at any blank."""
    assert words(f"{left} {right}") == words(left) + words(right)


@given(ANY | st.text())
def test_words_are_words_again(text):
    for word in words(text):
        assert words(word) == [word] == word.split() and not set(word) & set(" \t\n_’\u00ad\ufeff") - {"_"}
        assert unicodedata.normalize("NFC", word) == word and any(unicodedata.category(c)[0] in "LN" for c in word)


KINDS = ("ALetter", "Hebrew_Letter", "Numeric", "MidLetter", "MidNum", "MidNumLet", "Single_Quote", "Double_Quote")


def segments(text):
    """The rules of UAX 29 one by one, WB4 to WB13, without what emoji, kana and underscores need."""
    units = []
    for c in text:
        if regex.match(r"[\p{WB=Extend}\p{WB=Format}\p{WB=ZWJ}]", c) and units:
            units[-1][1] += c  # WB4
        else:
            units.append([next((kind for kind in KINDS if regex.match(rf"\p{{WB={kind}}}", c)), "other"), c])
    kinds = ["", *(kind for kind, _ in units), ""]
    letters, mid = ("ALetter", "Hebrew_Letter"), ("MidNumLet", "Single_Quote")
    found = []
    for i, (kind, unit) in enumerate(units, 1):
        two, one, after = kinds[max(0, i - 2)], kinds[i - 1], kinds[i + 1]
        joined = (
            (one in (*letters, "Numeric") and kind in (*letters, "Numeric"))  # WB5, 8, 9, 10
            or (one in letters and kind in ("MidLetter", *mid) and after in letters)  # WB6
            or (two in letters and one in ("MidLetter", *mid) and kind in letters)  # WB7
            or (one == "Hebrew_Letter" and kind == "Single_Quote")  # WB7a
            or (one == kinds[i + 1] == "Hebrew_Letter" and kind == "Double_Quote")  # WB7b
            or (two == kind == "Hebrew_Letter" and one == "Double_Quote")  # WB7c
            or (two == kind == "Numeric" and one in ("MidNum", *mid))  # WB11
            or (one == after == "Numeric" and kind in ("MidNum", *mid))  # WB12
        )
        if joined:
            found[-1] += unit
        else:
            found.append(unit)
    return found


# What we decided ourselves is left out: hyphens, raised digits, scripts without blanks, marks of layout, underscores.
UNICODES = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="-‐‑_’＇ʼ\u202f"), max_size=20
) | st.text(st.sampled_from("abא1.,:;'\" ב\u0301éم\u0651१٫·ʻ\u200d"), max_size=30)


@given(UNICODES)
@example("a.b 1,2 a:b א\"ב א' 'a' a'b' 3'4 3.a a,b 1:2 a.. .a a·\u0300a \u03001")
def test_words_end_where_unicode_says(text):
    ours = regex.compile(r"(?V1)[\p{No}\p{Ideographic}\p{Hiragana}\p{WB=Katakana}\p{LB=SA}\p{WB=ExtendNumLet}]")
    text = module.INVISIBLE.sub("", ours.sub("", text)).lower().replace("i\u0307", "i")
    text = unicodedata.normalize("NFC", text)
    starts = regex.compile(r"[\p{WB=ALetter}\p{WB=Hebrew_Letter}\p{WB=Numeric}]")
    expected = [segment.rstrip("\u200c") for segment in segments(text) if starts.match(segment)]
    assert words(text) == [word for word in expected if any(map(str.isalnum, word))]


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("我们今天去图书馆看书，然后回家吃饭。", "我们今天去图书馆看书"),
        ("今日は天気がとてもいいですね。散歩に行きましょう。", "今日は天気がとてもいいですね"),
        ("สวัสดีครับวันนี้อากาศดีมาก เราไปเดินเล่นกันเถอะ", "สวัสดีครับวันนี้อากาศดีมาก"),
        ("ខ្ញុំស្រឡាញ់ភាសាខ្មែរណាស់ អ្នកចេះនិយាយភាសាខ្មែរទេ", ""),
        ("ကျွန်တော်မြန်မာစကားပြောတတ်ပါတယ်", ""),
        ("ຂ້ອຍມັກພາສາລາວຫຼາຍໆເດີ້ອ້າຍນ້ອງ", ""),
    ],
)
def test_text_without_blanks_is_told_by_one_of_its_clauses(text, example):
    found = words(text)
    shown = unspaced((word, 3) for word in found)
    assert shown in found if not example else shown == example
    assert unspaced([*((word, 1) for word in found), ("the", 1000)]) == ""  # a few such words among others are none


@pytest.mark.parametrize(
    "name", [name for name in SCRIPTS if "split before" in name or name in ("Korean", "Hindi", "Tibetan", "English")]
)
def test_text_with_blanks_is_not_told_so(name):
    assert unspaced((word, 5) for word in words(SCRIPTS[name][0])) == ""


@pytest.mark.parametrize(
    "text", ["a" * 10**5, "é" + "a'" * 10**5, "é" + "." * 10**5, "中" * 10**5, "é" + "\u0301" * 10**5]
)
def test_a_strange_text_takes_no_longer_than_others(text):
    assert len(words(text)) == 1  # within pytest's patience: nothing here is quadratic
