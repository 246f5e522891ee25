//! How many of something that is swallowed: a number of five or more with tablets or the like soon after it, as `#` is matched.
//!
//! Two tablets are how medicines are taken; nobody takes five at once. What stands with a measure or a time is no count: 500 mg,
//! 20 days.

use std::sync::OnceLock;

use super::phrase::plain;

/// So many is more than anybody takes of something at once.
const MANY: u32 = 5;
/// How many words after its number it is looked for what is counted.
const NEAR: usize = 3;

/// Numbers in words from ten on, and what means as many.
const NUMBER_WORDS: &str = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty \
    fifty sixty seventy eighty ninety hundred dozen dozens handful handfuls दश दस एघार बाह्र पन्ध्र बीस \
    बिस पच्चीस पच्चिस तीस तिस चालीस चालिस पचास साठी सय মুঠো দশ বারো পনেরো বিশ কুড়ি পঁচিশ ত্রিশ তিরিশ \
    চল্লিশ পঞ্চাশ ষাট একশ একশো";

/// What is swallowed: the beginnings of its words.
const SWALLOWED: &str = "tablet pill capsul tabs caps strip paracetamol panadol cetamol tylenol aspirin ibuprofen brufen \
    chakki goli bori osudh oshudh ausadhi aushadhi चक्की ट्याब्लेट गोली क्याप्सुल औषधि सिटामोल \
    पारासिटामोल ট্যাবলেট বড়ি ক্যাপসুল ওষুধ ঔষধ নাপা প্যারাসিটামল";

/// What makes a number before it no count.
const MEASURES: &str = "mg mgs mcg g gm gms gram grams ml iu unit units percent hour hours hr hrs minute minutes min mins \
    day days week weeks month months year years yr yrs am pm times oclock मिलिग्राम एमजी घण्टा मिनेट दिन \
    हप्ता महिना वर्ष बजे মিলিগ্রাম এমজি ঘণ্টা ঘন্টা মিনিট দিন সপ্তাহ মাস বছর";

/// The lists as patterns are compared.
struct Lists {
    numbers: Vec<String>,
    swallowed: Vec<String>,
    measures: Vec<String>,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| {
        let words = |list: &str| plain(list).split_whitespace().map(str::to_owned).collect();
        Lists { numbers: words(NUMBER_WORDS), swallowed: words(SWALLOWED), measures: words(MEASURES) }
    })
}

/// Whether the word at the beginning of `words` counts many of what is swallowed. All are as patterns are compared.
pub(super) fn is_many(words: &[String]) -> bool {
    let Some((word, after)) = words.split_first() else { return false };
    let Some(rest) = many(word) else { return false };
    if begins_with_one(rest) {
        return true;
    }
    // A measure may be written to its number, and an Indic number has endings.
    if rest.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return false;
    }
    let measured = after.first().is_some_and(|next| lists().measures.contains(next));
    !measured && after.iter().take(NEAR).any(|next| begins_with_one(next))
}

/// What follows in a word after a number of five or more, if it begins with one.
fn many(word: &str) -> Option<&str> {
    if lists().numbers.iter().any(|number| is_or_has_ending(word, number)) {
        return Some("");
    }
    let end = word.find(|c| digit(c).is_none()).unwrap_or(word.len());
    let (number, rest) = word.split_at_checked(end)?;
    // Longer ones are telephones and ids.
    if !(1..=4).contains(&number.chars().count()) {
        return None;
    }
    let value = number.chars().filter_map(digit).fold(0, |value, digit| value * 10 + digit);
    (value >= MANY).then_some(rest)
}

/// A digit in ASCII, Devanagari or Bengali.
fn digit(c: char) -> Option<u32> {
    let zero = match c {
        '0'..='9' => 0x30,
        '\u{966}'..='\u{96f}' => 0x966,
        '\u{9e6}'..='\u{9ef}' => 0x9e6,
        _ => return None,
    };
    u32::from(c).checked_sub(zero)
}

/// Bengali writes its counters to the number.
fn is_or_has_ending(word: &str, number: &str) -> bool {
    word.strip_prefix(number).is_some_and(|rest| matches!(rest, "" | "টা" | "টি"))
}

fn begins_with_one(word: &str) -> bool {
    lists().swallowed.iter().any(|stem| word.starts_with(stem.as_str()))
}

#[cfg(test)]
mod tests {
    use super::super::phrase::Words;

    fn counted(text: &str) -> bool {
        Words::of(text).match_pattern("#")
    }

    #[test]
    fn five_or_more_of_what_is_swallowed_are_many() {
        for text in [
            "30 paracetamol tablets",
            "20 sleeping pills",
            "40 tablets of amitriptyline",
            "30tablets",
            "a handful of pills",
            "thirty of my tablets",
            "३० चक्की",
            "৩০টা ট্যাবলেট",
            "ত্রিশটা বড়ি",
        ] {
            assert!(counted(text), "{text}");
        }
    }

    #[test]
    fn measures_times_and_a_few_are_none() {
        for text in [
            "",
            "2 tablets",
            "a 500 mg tablet",
            "500mg tablet",
            "20 days of tablets",
            "tablets at 8",
            "9812345678 tablets",
            "12 weeks pregnant",
            "५०० मिलिग्राम चक्की",
        ] {
            assert!(!counted(text), "{text}");
        }
    }
}
