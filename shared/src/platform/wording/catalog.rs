//! Sentences about products, categories, stock, lots and recalls.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn a_product_id(field) {
        en: "{field} must be ids of products, such as prd_01J….",
        bn: "{field} পণ্যের আইডি হতে হবে, যেমন prd_01J…।",
        ne: "{field} उत्पादनका आईडी हुनुपर्छ, जस्तै prd_01J…।",
    }
    fn another_than_zero(field) {
        en: "{field} must be another number than zero.",
        bn: "{field} শূন্য ছাড়া অন্য সংখ্যা হতে হবে।",
        ne: "{field} शून्यबाहेकको संख्या हुनुपर्छ।",
    }
    fn units_either_way(field, most: impl Display) {
        en: "{field} must be at most {most} units either way.",
        bn: "{field} দুই দিকেই সর্বোচ্চ {most} একক হতে পারে।",
        ne: "{field} दुवैतिर बढीमा {most} एकाइ हुन सक्छ।",
    }
    fn units_between(field, most: impl Display) {
        en: "{field} must be from 1 to {most} units.",
        bn: "{field} 1 থেকে {most} একক হতে হবে।",
        ne: "{field} 1 देखि {most} एकाइ सम्म हुनुपर्छ।",
    }
    fn a_te_code(field) {
        en: "{field} must be a code such as AB or AB1.",
        bn: "{field} AB বা AB1 এর মতো একটি কোড হতে হবে।",
        ne: "{field} AB वा AB1 जस्तो कोड हुनुपर्छ।",
    }
    fn category_has_categories() {
        en: "The category has categories of its own; move or remove them first.",
        bn: "এই বিভাগের নিজের উপবিভাগ আছে; আগে সেগুলো সরান বা মুছুন।",
        ne: "यो वर्गभित्र अरू वर्ग छन्; पहिले ती सार्नुहोस् वा हटाउनुहोस्।",
    }
    fn category_has_products() {
        en: "Products stand in the category; move or retire them first.",
        bn: "এই বিভাগে পণ্য আছে; আগে সেগুলো সরান বা তুলে নিন।",
        ne: "यो वर्गमा उत्पादन छन्; पहिले ती सार्नुहोस् वा हटाउनुहोस्।",
    }
    fn categories_full(field) {
        en: "{field}: there are as many categories as there may be.",
        bn: "{field}: যত বিভাগ থাকতে পারে ততই আছে।",
        ne: "{field}: हुन सक्ने जति वर्ग भइसके।",
    }
    fn category_cycle(field) {
        en: "{field}: a category cannot be part of itself.",
        bn: "{field}: কোনো বিভাগ নিজের অংশ হতে পারে না।",
        ne: "{field}: वर्ग आफ्नै भाग हुन सक्दैन।",
    }
    fn no_such_category(field) {
        en: "{field}: there is no such category.",
        bn: "{field}: এমন কোনো বিভাগ নেই।",
        ne: "{field}: यस्तो वर्ग छैन।",
    }
    fn category_too_deep(field, most: usize) {
        en: "{field}: the tree of categories has at most {most} levels.",
        bn: "{field}: বিভাগের সর্বোচ্চ {most}টি স্তর থাকে।",
        ne: "{field}: वर्गका बढीमा {most} तह हुन्छन्।",
    }
    fn witness_needed(field) {
        en: "{field} must be given: a controlled medicine is destroyed before a witness.",
        bn: "{field} দিতে হবে: নিয়ন্ত্রিত ওষুধ সাক্ষীর সামনে নষ্ট করা হয়।",
        ne: "{field} दिनुपर्छ: नियन्त्रित औषधि साक्षीको अगाडि नष्ट गरिन्छ।",
    }
    fn witness_not_here(field) {
        en: "{field}: only the disposal of a controlled medicine has a witness.",
        bn: "{field}: শুধু নিয়ন্ত্রিত ওষুধ নষ্ট করার সময় সাক্ষী থাকেন।",
        ne: "{field}: नियन्त्रित औषधि नष्ट गर्दा मात्र साक्षी हुन्छ।",
    }
    fn witness_is_another(field) {
        en: "{field} must be another person than who destroys.",
        bn: "{field} যিনি নষ্ট করছেন তিনি ছাড়া অন্য কেউ হতে হবে।",
        ne: "{field} नष्ट गर्नेभन्दा अर्कै व्यक्ति हुनुपर्छ।",
    }
    fn no_witness(field) {
        en: "{field} must be one of the staff who may confirm it.",
        bn: "{field} এমন একজন কর্মী হতে হবে যিনি এটি নিশ্চিত করতে পারেন।",
        ne: "{field} यो पुष्टि गर्न सक्ने कर्मचारी हुनुपर्छ।",
    }
    fn own_disposal() {
        en: "Somebody else has to confirm the disposal that you have announced yourself.",
        bn: "আপনি নিজে যে বিনষ্টকরণ জানিয়েছেন তা অন্য কাউকে নিশ্চিত করতে হবে।",
        ne: "तपाईं आफैंले जनाएको नष्ट कार्य अरू कसैले पुष्टि गर्नुपर्छ।",
    }
    fn a_gtin(field) {
        en: "{field} must be a GTIN of 8, 12, 13 or 14 digits.",
        bn: "{field} 8, 12, 13 বা 14 অঙ্কের একটি GTIN হতে হবে।",
        ne: "{field} 8, 12, 13 वा 14 अङ्कको GTIN हुनुपर्छ।",
    }
    fn gtin_check_digit(field) {
        en: "{field} has a wrong check digit.",
        bn: "{field} এর যাচাই অঙ্ক ভুল।",
        ne: "{field} को जाँच अङ्क गलत छ।",
    }
    fn too_many_images(most: usize) {
        en: "A product has at most {most} pictures; remove one first.",
        bn: "একটি পণ্যের সর্বোচ্চ {most}টি ছবি থাকে; আগে একটি সরান।",
        ne: "उत्पादनका बढीमा {most} वटा तस्बिर हुन्छन्; पहिले एउटा हटाउनुहोस्।",
    }
    fn slug_for_ever(field, slug: impl Display) {
        en: "{field} stays {slug}: a product keeps its name in URLs for ever.",
        bn: "{field} {slug} থাকে: ইউআরএলে পণ্যের নাম চিরকাল একই থাকে।",
        ne: "{field} {slug} नै रहन्छ: URL मा उत्पादनको नाम सधैं उही रहन्छ।",
    }
    fn sku_for_ever(field, sku: impl Display) {
        en: "{field}: this product is not called {sku}; a product gets its name in lists when it is created, and keeps it.",
        bn: "{field}: এই পণ্যের নাম {sku} নয়; তালিকায় পণ্যের নাম তৈরির সময় দেওয়া হয় এবং একই থাকে।",
        ne: "{field}: यो उत्पादनको नाम {sku} होइन; सूचीमा उत्पादनको नाम बनाउँदा दिइन्छ र उही रहन्छ।",
    }
    fn no_such_product() {
        en: "There is no such product.",
        bn: "এমন কোনো পণ্য নেই।",
        ne: "यस्तो उत्पादन छैन।",
    }
    fn a_lot_number(field) {
        en: "{field} must be letters, digits and the signs of GS1 codes.",
        bn: "{field} অক্ষর, অঙ্ক ও GS1 কোডের চিহ্ন হতে হবে।",
        ne: "{field} अक्षर, अङ्क र GS1 कोडका चिह्न हुनुपर्छ।",
    }
    fn lot_number_length(field) {
        en: "{field} must have 1 to 20 characters.",
        bn: "{field} 1 থেকে 20 অক্ষরের হতে হবে।",
        ne: "{field} 1 देखि 20 अक्षरको हुनुपर्छ।",
    }
    fn lot_has_more(received: impl Display) {
        en: "{received} units of this lot have come in already; an adjustment takes some out.",
        bn: "এই লটের {received} একক আগেই এসেছে; সমন্বয় করে কিছু বের করা যায়।",
        ne: "यो लटका {received} एकाइ आइसकेका छन्; समायोजनले केही निकाल्छ।",
    }
    fn lot_expired() {
        en: "The last day of this lot has passed.",
        bn: "এই লটের শেষ দিন পেরিয়ে গেছে।",
        ne: "यो लटको अन्तिम दिन बितिसक्यो।",
    }
    fn lot_not_sellable() {
        en: "This lot is recalled, expired or set aside: no more of it can come in.",
        bn: "এই লটটি প্রত্যাহৃত, মেয়াদোত্তীর্ণ বা সরিয়ে রাখা: এর আর কিছু আসতে পারে না।",
        ne: "यो लट फिर्ता बोलाइएको, म्याद सकिएको वा छुट्याइएको छ: यसको थप आउन सक्दैन।",
    }
    fn too_many_lots(most: usize) {
        en: "There are {most} lots of this product in the house already.",
        bn: "এই পণ্যের {most}টি লট আগে থেকেই আছে।",
        ne: "यो उत्पादनका {most} वटा लट पहिल्यै छन्।",
    }
    fn lot_conflict() {
        en: "There is a lot of this number with another last day or GTIN; one of them was read wrongly.",
        bn: "এই নম্বরের একটি লট অন্য শেষ দিন বা GTIN সহ আছে; একটি ভুলভাবে পড়া হয়েছে।",
        ne: "यही नम्बरको लट अर्कै अन्तिम दिन वा GTIN सहित छ; एउटा गलत पढियो।",
    }
    fn no_such_picture(field) {
        en: "{field}: the product has no such picture.",
        bn: "{field}: পণ্যটির এমন কোনো ছবি নেই।",
        ne: "{field}: उत्पादनको यस्तो तस्बिर छैन।",
    }
    fn price_needed(field) {
        en: "{field} must be given: a product without a price cannot be on sale.",
        bn: "{field} দিতে হবে: দাম ছাড়া পণ্য বিক্রিতে থাকতে পারে না।",
        ne: "{field} दिनुपर्छ: मूल्यबिनाको उत्पादन बिक्रीमा राख्न मिल्दैन।",
    }
    fn approval_required() {
        en: "The pharmacy's staff puts products on sale; save yours as a draft and ask them to.",
        bn: "ফার্মেসির কর্মীরা পণ্য বিক্রিতে দেন; আপনার পণ্য খসড়া হিসেবে রাখুন এবং তাঁদের বলুন।",
        ne: "फार्मेसीका कर्मचारीले उत्पादन बिक्रीमा राख्छन्; आफ्नो उत्पादन मस्यौदा राखेर उहाँहरूलाई भन्नुहोस्।",
    }
    fn gtin_taken() {
        en: "Another product of the same seller has this GTIN.",
        bn: "একই বিক্রেতার অন্য একটি পণ্যের এই GTIN আছে।",
        ne: "उही बिक्रेताको अर्को उत्पादनको यो GTIN छ।",
    }
    fn slug_taken() {
        en: "Another product has this name in URLs.",
        bn: "ইউআরএলে এই নাম অন্য একটি পণ্যের।",
        ne: "URL मा यो नाम अर्कै उत्पादनको छ।",
    }
    fn already_recalled(recall: impl Display) {
        en: "This lot was called back by {recall} already.",
        bn: "এই লটটি {recall} দিয়ে আগেই প্রত্যাহার করা হয়েছে।",
        ne: "यो लट {recall} ले पहिल्यै फिर्ता बोलाइसक्यो।",
    }
    fn only_so_many_units(available: impl Display) {
        en: "Only {available} units can be taken away.",
        bn: "কেবল {available} একক সরানো যায়।",
        ne: "{available} एकाइ मात्र हटाउन सकिन्छ।",
    }
    fn too_many_units(field) {
        en: "{field}: there would be more units than the stock can hold.",
        bn: "{field}: মজুতে যত একক ধরে তার চেয়ে বেশি হয়ে যাবে।",
        ne: "{field}: मौज्दातमा अटाउनेभन्दा बढी एकाइ हुनेछन्।",
    }
    fn needs_lot(field) {
        en: "{field}: units come in with a lot; name one, or receive a new one.",
        bn: "{field}: একক লটসহ আসে; একটি লট বলুন, অথবা নতুন লট নিন।",
        ne: "{field}: एकाइ लटसँग आउँछन्; लट दिनुहोस्, वा नयाँ लट लिनुहोस्।",
    }
    fn no_such_lot(field) {
        en: "{field}: this product has no such lot.",
        bn: "{field}: এই পণ্যের এমন কোনো লট নেই।",
        ne: "{field}: यो उत्पादनको यस्तो लट छैन।",
    }
    fn only_takes(field) {
        en: "{field}: units come in by count or correction alone; a delivery is received.",
        bn: "{field}: একক কেবল গণনা বা সংশোধনে বাড়ে; সরবরাহ আলাদাভাবে গ্রহণ করা হয়।",
        ne: "{field}: एकाइ गणना वा सच्याइबाट मात्र बढ्छ; आपूर्ति छुट्टै लिइन्छ।",
    }
    fn visible_characters(field) {
        en: "{field} must be characters that can be seen.",
        bn: "{field} দেখা যায় এমন অক্ষর হতে হবে।",
        ne: "{field} देखिने अक्षर हुनुपर्छ।",
    }
    fn letters_or_digits(field) {
        en: "{field} must have letters or digits.",
        bn: "{field} এ অক্ষর বা অঙ্ক থাকতে হবে।",
        ne: "{field} मा अक्षर वा अङ्क हुनुपर्छ।",
    }
    fn renamed_too_often(most: usize) {
        en: "A shop can change its name {most} times in a day.",
        bn: "একটি দোকান দিনে {most} বার নাম বদলাতে পারে।",
        ne: "पसलले दिनमा {most} पटक नाम बदल्न सक्छ।",
    }
    fn reserved_name(field) {
        en: "{field} looks like the name of the pharmacy itself.",
        bn: "{field} ফার্মেসির নিজের নামের মতো দেখায়।",
        ne: "{field} फार्मेसीकै नामजस्तो देखिन्छ।",
    }
    fn a_schedule(field) {
        en: "{field} must be a schedule such as CII, H1 or X.",
        bn: "{field} CII, H1 বা X এর মতো একটি তফসিল হতে হবে।",
        ne: "{field} CII, H1 वा X जस्तो अनुसूची हुनुपर्छ।",
    }
    fn too_many_watches(most: usize) {
        en: "You watch {most} products already; give one of them up first.",
        bn: "আপনি সর্বোচ্চ {most}টি পণ্যে নজর রাখতে পারেন; আগে একটি ছাড়ুন।",
        ne: "तपाईं बढीमा {most} वटा उत्पादनमा नजर राख्न सक्नुहुन्छ; पहिले एउटा छोड्नुहोस्।",
    }
    fn price_or_back_in_stock(field) {
        en: "{field}: say a price, or back_in_stock, or both.",
        bn: "{field}: একটি দাম, অথবা back_in_stock, অথবা দুটোই বলুন।",
        ne: "{field}: मूल्य, वा back_in_stock, वा दुवै भन्नुहोस्।",
    }
    fn controlled_stock() {
        en: "Units of this controlled medicine are in the house: ship or destroy them before a witness first.",
        bn: "এই নিয়ন্ত্রিত ওষুধ এখনও মজুদ আছে: আগে পাঠান অথবা সাক্ষীর সামনে নষ্ট করুন।",
        ne: "यो नियन्त्रित औषधि अझै मौज्दातमा छ: पहिले पठाउनुहोस् वा साक्षीको अगाडि नष्ट गर्नुहोस्।",
    }
}
