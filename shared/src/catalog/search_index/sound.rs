//! How a word sounds, roughly: the same for a name of a medicine in English, and in Bangla, Hindi or Nepali, whose spelling of it
//! goes by the ear and whose vowels any two people write differently.
//!
//! Only where nobody has written a word so, and never for being the same: `cisplatin` sounds like `cephalothin`. What sounds so is
//! shown by how little its spelling differs.

use crate::platform::latin;

/// So many consonants at least tell a word from others …
const FEWEST: usize = 3;
/// … and so many its beginning.
const GROWING: usize = 4;

/// What a word sounds like: its consonants, with what begins with a vowel told from what does not. `None` for numbers and for words
/// that are too short to go by.
pub(super) fn of(word: &str) -> Option<String> {
    let latin = if word.is_ascii() { word.to_owned() } else { latin::romanised(&plain(word)) };
    let letters: Vec<char> = latin.chars().collect();
    if letters.is_empty() || letters.iter().any(|letter| !letter.is_ascii_alphabetic()) {
        return None;
    }
    let mut key = String::new();
    let mut put = |sound: char| {
        if !key.ends_with(sound) {
            key.push(sound);
        }
    };
    let begins = letters.iter().find(|letter| !matches!(letter, 'h'));
    // A y in front is one, after an h: `hydr…` begins as `hidr…` does.
    if begins.is_some_and(|letter| is_vowel(*letter) || *letter == 'y') {
        put('a');
    }
    for (place, letter) in letters.iter().enumerate() {
        let next = letters.get(place + 1).copied().unwrap_or(' ');
        let before = place.checked_sub(1).and_then(|before| letters.get(before)).copied().unwrap_or(' ');
        match letter {
            'p' | 'f' => put('p'),
            'c' if matches!(next, 'e' | 'i' | 'y') => put('s'),
            'c' | 'k' | 'q' => put('k'),
            'x' => {
                put('k');
                put('s');
            }
            'z' | 'j' => put('j'),
            // As in `quin`, which is written as it is said, with a v or with none.
            'w' | 'v' if matches!(before, 'k' | 'q') => {}
            'w' | 'v' | 'b' => put('b'),
            'h' | 'y' => {}
            vowel if is_vowel(*vowel) => {}
            other => put(*other),
        }
    }
    (key.len() >= FEWEST).then_some(key)
}

/// Whether what sounds like a beginning is looked for too.
pub(super) fn is_growing(key: &str) -> bool {
    key.len() > GROWING
}

const fn is_vowel(letter: char) -> bool {
    matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u')
}

/// A word of an Indic script whose anusvaras are the sounds that they stand for: an n but before p, b and m.
fn plain(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    let mut plain = String::new();
    for (place, letter) in letters.iter().enumerate() {
        let next = letters.get(place + 1).copied().unwrap_or(' ');
        let lips = matches!(next, '\u{92a}'..='\u{92e}' | '\u{9aa}'..='\u{9ae}');
        match letter {
            '\u{902}' => plain.push_str(if lips { "म्" } else { "न्" }),
            '\u{982}' => plain.push_str(if lips { "ম্" } else { "ন্" }),
            _ => plain.push(*letter),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sound(word: &str) -> Option<String> {
        of(&latin::folded(word))
    }

    /// Names as they stand on packs and in pharmacies' lists in Bangladesh, India and Nepal, beside the English ones.
    const PAIRS: [(&str, &str); 37] = [
        ("প্যারাসিটামল", "paracetamol"),
        ("प्यारासिटामोल", "paracetamol"),
        ("पैरासिटामोल", "paracetamol"),
        ("এমোক্সিসিলিন", "amoxicillin"),
        ("अमोक्सिसिलिन", "amoxicillin"),
        ("एमोक्सिसिलिन", "amoxicillin"),
        ("আইবুপ্রোফেন", "ibuprofen"),
        ("आइबुप्रोफेन", "ibuprofen"),
        ("ওমিপ্রাজল", "omeprazole"),
        ("ओमेप्राजोल", "omeprazole"),
        ("এজিথ্রোমাইসিন", "azithromycin"),
        ("एजिथ्रोमाइसिन", "azithromycin"),
        ("মেটফরমিন", "metformin"),
        ("मेटफॉर्मिन", "metformin"),
        ("সেটিরিজিন", "cetirizine"),
        ("सेटिरिजिन", "cetirizine"),
        ("সালবিউটামল", "salbutamol"),
        ("साल्बुटामोल", "salbutamol"),
        ("লোসারটান", "losartan"),
        ("लोसार्टन", "losartan"),
        ("এস্পিরিন", "aspirin"),
        ("एस्पिरिन", "aspirin"),
        ("ইনসুলিন", "insulin"),
        ("इंसुलिन", "insulin"),
        ("ডাইক্লোফেনাক", "diclofenac"),
        ("डाइक्लोफेनाक", "diclofenac"),
        ("সিপ্রোফ্লক্সাসিন", "ciprofloxacin"),
        ("सिप्रोफ्लोक्सासिन", "ciprofloxacin"),
        ("ডমপেরিডন", "domperidone"),
        ("डोमपेरिडोन", "domperidone"),
        ("ভিটামিন", "vitamin"),
        ("भिटामिन", "vitamin"),
        ("जिंक", "zinc"),
        ("জিংক", "zinc"),
        ("मेट्रोनिडाजोल", "metronidazole"),
        ("এটোরভাস্ট্যাটিন", "atorvastatin"),
        ("हाइड्रोक्सीक्लोरोक्विन", "hydroxychloroquine"),
    ];

    #[test]
    fn a_name_sounds_the_same_in_every_script() {
        let apart: Vec<_> = PAIRS.iter().filter(|(local, english)| sound(local) != sound(english)).collect();
        let said =
            |(local, english): &&(&str, &str)| format!("{local} {:?} {english} {:?}", sound(local), sound(english));
        assert!(apart.is_empty(), "{:#?}", apart.iter().map(said).collect::<Vec<_>>());
    }

    #[test]
    fn transliterated_and_misheard_names_sound_right() {
        for (heard, meant) in
            [("pyarasitamol", "paracetamol"), ("sifixim", "cefixime"), ("emoksisilin", "amoxicillin"), ("jink", "zinc")]
        {
            assert_eq!(sound(heard), sound(meant), "{heard}");
        }
    }

    #[test]
    fn numbers_and_short_words_have_no_sound() {
        for word in ["500", "b12", "mg", "aid", "৫০০", "", "ও"] {
            assert_eq!(sound(word), None, "{word}");
        }
        assert_ne!(sound("warfarin"), sound("ibuprofen"));
        assert_ne!(sound("amlodipine"), sound("modipine"), "a vowel in front is told");
        assert_eq!(sound("cisplatin"), sound("cephalothin"), "which is why it is never identity");
    }
}
