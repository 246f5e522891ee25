//! What of a medicine or an illness a question is about, and a section of a page.

use crate::platform::text;
use crate::red_flags::Words;

/// What a question, or a section, is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aspect {
    /// What it is, or what it is for.
    What,
    /// Who must take care.
    Before,
    /// How it is taken, and kept.
    Taking,
    /// What it does beside.
    Effects,
    /// What helps, or is done against it.
    Help,
    /// When somebody must be asked.
    Doctor,
}

use Aspect::{Before, Doctor, Effects, Help, Taking, What};

/// The headings of our own pages, by how they begin, in the three languages.
const HEADINGS: &[(&str, Aspect)] = &[
    ("what it is", What),
    ("what they are", What),
    ("what fever is", What),
    ("what happens", What),
    ("what is", What),
    ("are they", What),
    ("the difference", What),
    ("why", What),
    ("before you take", Before),
    ("in pregnancy", Before),
    ("taking it", Taking),
    ("storing", Taking),
    ("side effects", Effects),
    ("what helps", Help),
    ("what to do", Help),
    ("treatment", Help),
    ("what you can do", Help),
    ("relievers", Help),
    ("when to", Doctor),
    ("warning signs", Doctor),
    ("केका लागि", What),
    ("के हो", What),
    ("खानुअघि", Before),
    ("खाँदा", Taking),
    ("कसरी बनाउने", Taking),
    ("नराम्रो असर", Effects),
    ("के गर्ने", Help),
    ("कहिले", Doctor),
    ("खतराका", Doctor),
    ("কিসের জন্য", What),
    ("কী করবেন", Help),
    ("কী", What),
    ("খাওয়ার আগে", Before),
    ("খাওয়ার সময়", Taking),
    ("কীভাবে বানাবেন", Taking),
    ("পার্শ্বপ্রতিক্রিয়া", Effects),
    ("কখন", Doctor),
    ("বিপদের", Doctor),
];

/// How questions ask, the more particular first.
const ASKED: &[(Aspect, &[&str])] = &[
    (
        Effects,
        &[
            "side effect*",
            "effect*",
            "harm*",
            "dangerous|danger",
            "reaction*",
            "नराम्रो असर*",
            "असर*",
            "साइड इफेक्ट*",
            "পার্শ্বপ্রতিক্রিয়া*",
            "ক্ষতি*",
        ],
    ),
    (
        Doctor,
        &[
            "when doctor|hospital|worry|serious|emergency",
            "warning sign*",
            "कहिले डाक्टर|अस्पताल*|चिकित्सक*",
            "खतरा*",
            "কখন ডাক্তার*|হাসপাতাল*|ডাক্তারের",
            "বিপদ*",
        ],
    ),
    (
        Before,
        &[
            "pregnan*|breastfeed*|breast",
            "allerg* to",
            "who not|avoid|shouldnt",
            "kidney*|liver|ulcer*|diabetic*|interact*",
            "गर्भ*",
            "मिर्गौला*|कलेजो*",
            "খাওয়ার আগে",
            "গর্ভ*",
            "কিডনি*|লিভার*",
        ],
    ),
    (
        Taking,
        &[
            "how take|taken|use|used|give|given|prepare|make|mix|store|stored|keep|kept|inject",
            "with|without|before|after food|meal*|milk|breakfast|eating",
            "empty stomach",
            "morning|evening|bedtime",
            "stop suddenly|taking",
            "कसरी खाने|खानु|बनाउ*|लिने",
            "खाना* अघि|पछि|सँग",
            "কীভাবে|কিভাবে খাব*|খেতে|বানা*|খাওয়া*",
            "খাবার* আগে|পরে|সঙ্গে",
        ],
    ),
    (
        Help,
        &[
            "what help*|do",
            "treat|treatment|treated|cure|remedy|relieve|prevent",
            "के गर्ने|गर्नु",
            "उपचार*",
            "কী|কি করব*|করবেন|করা",
            "চিকিৎসা*",
        ],
    ),
    (What, &["what is|are", "what for", "used for", "why", "के हो", "केका लागि", "के को लागि", "কী|কি", "কিসের জন্য"]),
];

impl Aspect {
    /// Of a heading.
    pub(super) fn of_heading(heading: &str) -> Option<Self> {
        let heading = text::folded(heading);
        HEADINGS.iter().find(|(begin, _)| heading.starts_with(&text::folded(begin))).map(|(_, aspect)| *aspect)
    }

    /// Of a question.
    pub(super) fn of_question(words: &Words) -> Option<Self> {
        let asks = |(_, patterns): &&(Self, &[&str])| patterns.iter().any(|pattern| words.match_pattern(pattern));
        ASKED.iter().find(asks).map(|(aspect, _)| *aspect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_and_a_heading_are_about_the_same() {
        for (question, heading) in [
            ("What are the side effects of amlodipine?", "Side effects"),
            ("Can I take ibuprofen while pregnant?", "Before you take it"),
            ("When should I see a doctor with a fever?", "When to see a doctor"),
            ("Should I take metformin with food?", "Taking it"),
            ("What helps against heartburn?", "What helps"),
            ("मेटफर्मिनको नराम्रो असर के के हुन्?", "नराम्रो असर"),
            ("ডায়রিয়া হলে কখন হাসপাতালে যাব?", "কখন হাসপাতালে যাবেন"),
        ] {
            let asked = Aspect::of_question(&Words::of(question));
            assert!(asked.is_some(), "{question}");
            assert_eq!(asked, Aspect::of_heading(heading), "{question}");
        }
    }
}
