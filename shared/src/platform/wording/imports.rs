//! Sentences about tables of products and stock that are brought in.

use super::sentences;

sentences! {
    fn names_a_product(field) {
        en: "{field}: a row names its product by product_id, sku or gtin.",
        bn: "{field}: সারি তার পণ্য product_id, sku বা gtin দিয়ে বলে।",
        ne: "{field}: पङ्क्तिले आफ्नो उत्पादन product_id, sku वा gtin ले बताउँछ।",
    }
}
