//! Numbers that identify medicines and prescribers, with their check digits: DEA registration, NDC, GTIN.

/// Whether a DEA registration number is well-formed: two letters (the second may be a 9) and seven digits, of which the
/// last is that of d1 + d3 + d5 + 2 · (d2 + d4 + d6).
pub fn dea_is_valid(number: &str) -> bool {
    let mut letters = number.chars().take(2);
    let (Some(first), Some(second)) = (letters.next(), letters.next()) else { return false };
    if !first.is_ascii_uppercase() || !(second.is_ascii_uppercase() || second == '9') {
        return false;
    }
    let digits: Option<Vec<u32>> = number.chars().skip(2).map(|digit| digit.to_digit(10)).collect();
    match digits.as_deref() {
        Some([d1, d2, d3, d4, d5, d6, check]) => (d1 + d3 + d5 + 2 * (d2 + d4 + d6)) % 10 == *check,
        _ => false,
    }
}

/// The segments of a national drug code, padded with zeros: to 5-4-2, the eleven digits of today, or to 6-4-2, the
/// twelve that apply from 7 March 2033 (91 FR 10749). `None` where it is not three segments of digits that fit.
pub fn ndc_padded(code: &str, labeler: usize) -> Option<String> {
    let segments: Vec<&str> = code.split('-').collect();
    let [maker, product, package] = segments.as_slice() else { return None };
    let ten = matches!((maker.len(), product.len(), package.len()), (4, 4, 2) | (5, 3, 2) | (5, 4, 1));
    let full = matches!((maker.len(), product.len(), package.len()), (5 | 6, 4, 2));
    let digits = segments.iter().all(|segment| segment.bytes().all(|byte| byte.is_ascii_digit()));
    if !digits || !(ten || full) || maker.len() > labeler {
        return None;
    }
    Some(format!("{maker:0>labeler$}-{product:0>4}-{package:0>2}"))
}

/// The check digit of a GTIN without it: weights 3, 1, 3, … from the right, modulo ten.
pub fn gtin_check_digit(body: &str) -> Option<u32> {
    let digits: Option<Vec<u32>> = body.chars().map(|digit| digit.to_digit(10)).collect();
    let digits = digits.filter(|digits| (7..=13).contains(&digits.len()))?;
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(place, digit)| if place % 2 == 0 { digit * 3 } else { *digit }).sum();
    Some((10 - sum % 10) % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dea_number_with_one_digit_changed_is_refused() {
        assert!(dea_is_valid("AP5836727"));
        for wrong in ["AP5836728", "AP583672", "P55836727", "ap5836727", "", "AP583672७"] {
            assert!(!dea_is_valid(wrong), "{wrong}");
        }
    }

    #[test]
    fn only_ndcs_of_a_known_form_are_padded() {
        assert_eq!(ndc_padded("12345-678-90", 5).as_deref(), Some("12345-0678-90"));
        for wrong in ["1234-567-8", "12345678", "a2345-678-90", "123456-678-90", ""] {
            assert_eq!(ndc_padded(wrong, 5), None, "{wrong}");
        }
    }
}
