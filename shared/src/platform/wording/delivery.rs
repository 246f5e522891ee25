//! Sentences about delivery.

use std::fmt::Display;

use super::sentences;

sentences! {
    fn a_prefix(field) {
        en: "{field} must be 1 to 12 letters and digits.",
        bn: "{field} 1 থেকে 12টি অক্ষর ও অঙ্ক হতে হবে।",
        ne: "{field} 1 देखि 12 वटा अक्षर र अङ्क हुनुपर्छ।",
    }
    fn blank(field) {
        en: "{field} must have letters or digits.",
        bn: "{field} এ অক্ষর বা অঙ্ক থাকতে হবে।",
        ne: "{field} मा अक्षर वा अङ्क हुनुपर्छ।",
    }
    fn too_many_zones(field, most: usize) {
        en: "{field}: there are at most {most} zones.",
        bn: "{field}: সর্বোচ্চ {most}টি অঞ্চল থাকে।",
        ne: "{field}: बढीमा {most} वटा क्षेत्र हुन्छन्।",
    }
    fn taken(field, zone: impl Display) {
        en: "{field} belongs to the zone {zone} already.",
        bn: "{field} আগে থেকেই {zone} অঞ্চলের।",
        ne: "{field} पहिल्यै {zone} क्षेत्रको हो।",
    }
}
