//! Each kind in each language, in several words; and what is none.

use std::collections::BTreeSet;

use super::{Emergency, Kind, find};
use crate::accounts::Language;

pub(super) const SAID: &[(Kind, &[&str])] = &[
    (
        Kind::ChestPain,
        &[
            "I have had a crushing pain in my chest since this morning",
            "tightness in chest going to left arm",
            "my left arm is numb and my jaw hurts",
            "I think my husband is having a heart attack",
            "मेरो छाती बेस्सरी दुखेको छ",
            "chhati dukheko cha bihana dekhi",
            "বুকে প্রচণ্ড ব্যথা করছে",
            "amar buke betha korche",
        ],
    ),
    (
        Kind::Breathing,
        &[
            "I can't breathe properly",
            "my mother has difficulty breathing",
            "very short of breath at rest",
            "I can barely breathe",
            "I'm breathless and sweating",
            "I am out of breath even lying down",
            "her lips are turning blue",
            "सास फेर्न गाह्रो भइरहेको छ",
            "बाको दम फुलिरहेको छ",
            "saas ferna garo bhayo",
            "আমার শ্বাসকষ্ট হচ্ছে",
            "shash nite kosto hocche",
        ],
    ),
    (
        Kind::Stroke,
        &[
            "his face is drooping on one side",
            "my father's speech is slurred since lunch",
            "sudden weakness in the left arm, she cannot lift it",
            "this is the worst headache of my life",
            "बुवाको मुख बाङ्गियो",
            "उहाँको बोली लरबरिएको छ",
            "বাবার মুখ বেঁকে গেছে",
            "হঠাৎ হাত অবশ হয়ে গেছে",
        ],
    ),
    (
        Kind::Anaphylaxis,
        &[
            "my tongue is swelling after the antibiotic",
            "her throat is closing up",
            "is this anaphylaxis?",
            "औषधि खाएपछि जिब्रो सुन्निएको छ",
            "ওষুধ খাওয়ার পর ঠোঁট ফুলে গেছে",
        ],
    ),
    (
        Kind::Poisoning,
        &[
            "I took too many paracetamol tablets",
            "my daughter swallowed some pills from my bag",
            "overdose of insulin",
            "I injected too much insulin",
            "I took 30 paracetamol tablets an hour ago",
            "I had 30 paracetamol tablets",
            "I drank 20 pills with vodka",
            "I have taken 20 sleeping pills",
            "I just swallowed 40 tablets of amitriptyline",
            "took 50 tablet of panadol",
            "I swallowed a handful of pills",
            "My 2 year old may have eaten some of my metformin",
            "मैले ३० चक्की खाएँ",
            "maile 30 chakki khaye",
            "আমি ৩০টা ট্যাবলেট খেয়েছি",
            "he drank kerosene",
            "छोराले मट्टितेल पियो",
            "उसले विष खायो",
            "धेरै औषधि खाएको छ",
            "সে বিষ খেয়েছে",
            "অনেক ওষুধ একসাথে খেয়ে ফেলেছি",
            "সাপে কামড় দিয়েছে",
        ],
    ),
    (
        Kind::Suicide,
        &[
            "I want to die",
            "I am thinking of suicide",
            "I am going to kill myself",
            "i dont want to live anymore",
            "I keep cutting myself",
            "I want to end it all",
            "I don't want to be here anymore",
            "life is not worth living",
            "म आत्महत्या गर्न चाहन्छु",
            "मलाई मर्न मन लागेको छ",
            "malai marna man lagyo",
            "আমি আর বাঁচতে চাই না",
            "আত্মহত্যা করতে ইচ্ছে করে",
            "ami morte chai",
        ],
    ),
    (
        Kind::BleedingInPregnancy,
        &[
            "I am 9 weeks pregnant and bleeding",
            "pregnant, there is blood when I wipe",
            "am I having a miscarriage",
            "गर्भवती छु, रगत बगिरहेको छ",
            "আমি গর্ভবতী, রক্ত যাচ্ছে",
        ],
    ),
    (
        Kind::InfantFever,
        &[
            "my newborn has a fever of 38.5",
            "my 6 week old has 39 degrees",
            "baby is 5 weeks old with high temperature",
            "two month old, fever since last night",
            "नवजात शिशुलाई ज्वरो आएको छ",
            "দুই মাসের বাচ্চার জ্বর",
        ],
    ),
    (
        Kind::SevereBleeding,
        &[
            "the bleeding won't stop",
            "he is vomiting blood",
            "रगत रोकिएन",
            "रगत बान्ता गर्‍यो",
            "রক্ত থামছে না",
            "রক্ত বমি করছে",
        ],
    ),
    (
        Kind::Unconscious,
        &[
            "my wife is unconscious",
            "he had a seizure just now",
            "she won't wake up",
            "my mom is not responding",
            "उनी बेहोस भइन्",
            "সে অজ্ঞান হয়ে গেছে",
            "বাচ্চার খিঁচুনি হচ্ছে",
        ],
    ),
];

/// What people write to a pharmacy that is no emergency.
pub(super) const HARMLESS: &[&str] = &[
    "",
    "Can I take paracetamol with ibuprofen?",
    "I have a mild headache and a runny nose since yesterday.",
    "My knee hurts when I climb stairs.",
    "How long may I use this nasal spray?",
    "My son is seven and has had a cough for a week.",
    "Is this tablet safe in pregnancy?",
    "I need a refill of my blood pressure medicine.",
    "The rash on my arm itches.",
    "What does 500 mg mean on the package?",
    "I have had heartburn after dinner for a month.",
    "When will my order arrive?",
    "I took a 500 mg tablet of paracetamol yesterday",
    "I took 2 tablets as prescribed",
    "I have taken this tablet for 20 years",
    "I took the tablets 10 days ago and still cough",
    "Do you sell packs of 30 tablets?",
    "How many units of insulin are in a vial?",
    "I cut myself shaving, which plaster do you sell?",
    "My baby has a cold and a runny nose",
    "Which fever medicine is safe in pregnancy?",
    "I am very confused about the dosage",
    "This tablet makes me very sleepy",
    "hyaluronic acid eye drops for dry eyes",
    "The knee brace fits well now",
    "I have had diarrhoea for two days",
    "Do you have a cream for sunburn?",
    "my leg hurts when I walk",
    "I have a stiff neck since yesterday",
    "The child vomited once last night",
    "Can I breastfeed while taking ibuprofen?",
    "my stomach hurts a little after the antibiotic",
    "my dog ate my tablets, may I get a refill",
    "I could not finish the course of antibiotics",
    "Is this tablet safe for someone with diabetes?",
    "मलाई ज्वरो र खोकी छ",
    "बच्चालाई रुघा लागेको छ",
    "मधुमेहको औषधि चाहियो",
    "মাথা ব্যথা আর সর্দি",
    "শিশুর সর্দি কাশি",
    "আমার ডায়াবেটিসের ওষুধ দরকার",
    "मलाई रुघा लागेको छ, कुन औषधि राम्रो हुन्छ?",
    "मेरो घुँडा दुख्छ।",
    "यो औषधि दिनमा कति पटक खाने?",
    "মাথা ব্যথার জন্য কোন ওষুধ ভালো?",
    "আমার হাঁটুতে ব্যথা।",
    "এই ওষুধ দিনে কতবার খাব?",
];

#[test]
fn every_kind_is_found_in_the_words_of_three_languages() {
    for (kind, texts) in SAID {
        for text in *texts {
            assert_eq!(find(text), Some(*kind), "{text}");
            let long = format!("Hello doctor, I hope you are well today. {text}. Thank you very much for your help");
            assert!(find(&long).is_some(), "{long}");
        }
    }
    let tried: BTreeSet<Kind> = SAID.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(tried, with_phrases());
}

/// The kinds that are more than one sign of the list.
fn with_phrases() -> BTreeSet<Kind> {
    Kind::ALL.into_iter().filter(|kind| *kind != Kind::Danger).collect()
}

#[test]
fn every_sign_of_danger_is_found_in_what_people_write() {
    for sign in super::signs() {
        for language in Language::ALL {
            let long = format!("Hello doctor. {}. Thank you", sign.name(*language));
            assert!(find(&long).is_some(), "{long}");
        }
    }
    assert_eq!(find("my baby's soft spot is bulging"), Some(Kind::Danger));
    assert_eq!(find("तालु फुलेको छ"), Some(Kind::Danger));
    let found: Vec<_> = super::signs_in("the dog bit my son").iter().map(|sign| sign.id).collect();
    assert_eq!(found, ["animal_bite"]);
}

#[test]
fn what_people_ask_a_pharmacy_is_no_emergency() {
    for text in HARMLESS {
        assert_eq!(find(text), None, "{text}");
    }
}

#[test]
fn every_language_has_phrases_for_every_kind() {
    for phrases in super::phrases::ALL {
        let kinds: BTreeSet<Kind> = phrases.iter().map(|(kind, _)| *kind).collect();
        assert_eq!(kinds, with_phrases());
        assert!(phrases.iter().all(|(_, patterns)| patterns.len() >= 2));
    }
}

#[test]
fn the_answer_names_whom_to_call_where_one_is() {
    for kind in Kind::ALL {
        for language in Language::ALL {
            let answer = Emergency::of(kind, *language);
            assert!(answer.numbers.len() >= 4 && !answer.message.is_empty());
            let first = answer.numbers[0];
            match language {
                Language::English => {}
                Language::Nepali => assert_eq!(first.country, Some("NP")),
                Language::Bengali => assert_eq!(first.number, "999"),
            }
            assert_eq!(answer.numbers.iter().any(|one| one.number == "1166"), kind == Kind::Suicide);
        }
    }
    let message = |language| Emergency::of(Kind::ChestPain, language).message;
    assert_ne!(message(Language::English), message(Language::Nepali));
    assert_ne!(message(Language::Nepali), message(Language::Bengali));
}

#[test]
fn every_kind_is_counted_under_a_name_of_its_own() {
    let names: BTreeSet<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
    assert_eq!(names.len(), Kind::ALL.len());
}
