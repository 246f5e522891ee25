//! What a question says of a person, taken out before a model sees it.

/// A question without addresses of mail, numbers that could be telephones or ids, and our own ids.
pub(super) fn scrubbed(question: &str) -> String {
    let words = question.split_whitespace().map(|word| if tells(word) { "…" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Six digits are more than any amount of a medicine has.
const MANY_DIGITS: usize = 6;

fn tells(word: &str) -> bool {
    let digits = word.chars().filter(|c| c.is_numeric()).count();
    let id = word.split_once('_').is_some_and(|(front, rest)| front.len() <= 4 && rest.len() >= 20);
    word.contains('@') || digits >= MANY_DIGITS || id || word.contains("://")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_asks_is_not_told() {
        let question = "I am anna@example.org, +977-9812345678, order ord_01JD4Z8QK0000000000000000B: is 500 mg a lot?";
        assert_eq!(scrubbed(question), "I am … … order … is 500 mg a lot?");
        assert_eq!(scrubbed("৯৮১২৩৪৫৬৭৮ এ ফোন করুন"), "… এ ফোন করুন");
    }
}
