//! Names and values in URLs and forms.

use std::fmt::Write;

/// `a=1&b=2`, for a query as well as for a form: all but the unreserved characters (RFC 3986) are escaped.
pub fn encoded(pairs: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, value) in pairs {
        if !text.is_empty() {
            text.push('&');
        }
        escape(&mut text, name);
        text.push('=');
        escape(&mut text, value);
    }
    text
}

fn escape(text: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(text, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_value_but_its_end() {
        let text = encoded(&[("a b", "x&y=z#/?%"), ("u", "ü")]);
        assert_eq!(text, "a%20b=x%26y%3Dz%23%2F%3F%25&u=%C3%BC");
    }
}
