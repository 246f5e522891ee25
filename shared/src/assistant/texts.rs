//! What the assistant says by itself, in the three languages; everything else is a passage of a page.

use crate::accounts::Language;

macro_rules! texts {
    ($($(#[$meta:meta])* $name:ident: $en:literal, $ne:literal, $bn:literal;)*) => {$(
        $(#[$meta])*
        pub(super) const fn $name(language: Language) -> &'static str {
            match language {
                Language::English => $en,
                Language::Nepali => $ne,
                Language::Bengali => $bn,
            }
        }
    )*};
}

texts! {
    /// Beside every answer.
    notice:
        "From the pharmacy's pages, word for word. It is general information and no advice for you; ask a pharmacist or a doctor.",
        "फार्मेसीका पानाबाट, जस्ताको तस्तै। यो सामान्य जानकारी हो, तपाईंका लागि सल्लाह होइन; फार्मासिस्ट वा डाक्टरलाई सोध्नुहोस्।",
        "ফার্মেসির পাতা থেকে, হুবহু। এটি সাধারণ তথ্য, আপনার জন্য পরামর্শ নয়; ফার্মাসিস্ট বা ডাক্তারকে জিজ্ঞাসা করুন।";
    /// Beside an answer that a model has put into words.
    generated_notice:
        "Put into words by a machine from the pharmacy's pages, which are quoted below. It is general information and no advice for you; ask a pharmacist or a doctor.",
        "तल उद्धृत फार्मेसीका पानाबाट मेसिनले लेखेको। यो सामान्य जानकारी हो, तपाईंका लागि सल्लाह होइन; फार्मासिस्ट वा डाक्टरलाई सोध्नुहोस्।",
        "নিচে উদ্ধৃত ফার্মেসির পাতা থেকে যন্ত্রের লেখা। এটি সাধারণ তথ্য, আপনার জন্য পরামর্শ নয়; ফার্মাসিস্ট বা ডাক্তারকে জিজ্ঞাসা করুন।";
    /// Where what is quoted is in English alone.
    in_english:
        "",
        " यो विषयमा नेपाली पाना छैन; उत्तर अङ्ग्रेजीमा छ।",
        " এ বিষয়ে বাংলা পাতা নেই; উত্তরটি ইংরেজিতে।";
    /// Nothing was found.
    no_answer:
        "I find nothing about this in the pharmacy's pages. A pharmacist or a doctor can answer you.",
        "यसबारे फार्मेसीका पानामा केही भेटिएन। फार्मासिस्ट वा डाक्टरले जवाफ दिन सक्छन्।",
        "ফার্মেসির পাতায় এ বিষয়ে কিছু পাওয়া যায়নি। একজন ফার্মাসিস্ট বা ডাক্তার উত্তর দিতে পারবেন।";
    /// How much to take.
    dose:
        "I do not say how much to take. Keep to the package and your prescription; the dose calculator and a doctor or pharmacist can tell you.",
        "म कति खाने भन्दिनँ। प्याकेट र पुर्जी अनुसार चल्नुहोस्; मात्रा गणक, डाक्टर वा फार्मासिस्टले भन्न सक्छन्।",
        "কতটা খেতে হবে তা আমি বলি না। প্যাকেট ও প্রেসক্রিপশন মেনে চলুন; ডোজ ক্যালকুলেটর, ডাক্তার বা ফার্মাসিস্ট বলতে পারবেন।";
    /// It was told to be another.
    injection:
        "I answer questions about medicines and health from the pharmacy's pages, and nothing changes that.",
        "म फार्मेसीका पानाबाट औषधि र स्वास्थ्यबारे मात्र जवाफ दिन्छु, र त्यो बदलिँदैन।",
        "আমি ফার্মেসির পাতা থেকে ওষুধ ও স্বাস্থ্য বিষয়ে উত্তর দিই, আর তা বদলায় না।";
    /// For a prescription medicine without a prescription.
    prescription:
        "Medicines that need a prescription are not sold without one. Upload yours, or ask a doctor in a consultation.",
        "पुर्जी चाहिने औषधि पुर्जीबिना बेचिँदैन। आफ्नो पुर्जी अपलोड गर्नुहोस् वा परामर्शमा डाक्टरलाई सोध्नुहोस्।",
        "যে ওষুধে প্রেসক্রিপশন লাগে তা প্রেসক্রিপশন ছাড়া বিক্রি হয় না। আপনার প্রেসক্রিপশন আপলোড করুন অথবা পরামর্শে ডাক্তারকে জিজ্ঞাসা করুন।";
    /// What somebody has.
    diagnosis:
        "Only a doctor who examines you can say what you have. You can ask one in a consultation.",
        "तपाईंलाई के भएको हो भनी जाँच गर्ने डाक्टरले मात्र भन्न सक्छन्। परामर्शमा सोध्न सक्नुहुन्छ।",
        "আপনার কী হয়েছে তা কেবল পরীক্ষা করে ডাক্তারই বলতে পারেন। পরামর্শে জিজ্ঞাসা করতে পারেন।";
    /// About one's own orders.
    orders:
        "I do not see orders. Yours are in your account.",
        "म अर्डर देख्दिनँ। तपाईंका अर्डर खातामा छन्।",
        "আমি অর্ডার দেখি না। আপনার অর্ডার আপনার অ্যাকাউন্টে আছে।";
    /// What the deterministic check found; before its findings.
    interactions:
        "The pharmacy's interaction check says:",
        "फार्मेसीको अन्तरक्रिया जाँचले भन्छ (अङ्ग्रेजीमा):",
        "ফার্মেসির মিথস্ক্রিয়া পরীক্ষা বলে (ইংরেজিতে):";
    /// It found nothing.
    no_interaction:
        "The pharmacy's interaction check knows no rule about these together. That is no proof that they are safe; ask a pharmacist.",
        "यी सँगै खाने बारे फार्मेसीको जाँचमा कुनै नियम छैन। यसले सुरक्षित छ भन्ने प्रमाण हुँदैन; फार्मासिस्टलाई सोध्नुहोस्।",
        "এগুলো একসাথে খাওয়া নিয়ে ফার্মেসির পরীক্ষায় কোনো নিয়ম নেই। এতে নিরাপদ প্রমাণ হয় না; ফার্মাসিস্টকে জিজ্ঞাসা করুন।";
    /// Nobody has reviewed the rules.
    not_reviewed:
        "The pharmacy's interaction rules cannot be asked now. Ask a pharmacist before you take these together.",
        "अहिले अन्तरक्रिया जाँच उपलब्ध छैन। सँगै खानुअघि फार्मासिस्टलाई सोध्नुहोस्।",
        "এখন মিথস্ক্রিয়া পরীক্ষা করা যাচ্ছে না। একসাথে খাওয়ার আগে ফার্মাসিস্টকে জিজ্ঞাসা করুন।";
}
