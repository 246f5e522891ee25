//! Sentences about the assistant.

use super::sentences;

sentences! {
    fn daily_budget() {
        en: "These were all the questions to the assistant for now; a pharmacist or a doctor can be asked in a consultation.",
        bn: "সহায়ককে এখনকার মতো এতগুলোই প্রশ্ন করা যায়; পরামর্শে একজন ফার্মাসিস্ট বা ডাক্তারকে জিজ্ঞেস করতে পারেন।",
        ne: "सहायकलाई अहिलेका लागि यति नै प्रश्न गर्न मिल्छ; परामर्शमा फार्मासिस्ट वा डाक्टरलाई सोध्न सकिन्छ।",
    }
}
