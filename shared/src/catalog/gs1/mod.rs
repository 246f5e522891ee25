//! What stands in the codes on packs: GS1 element strings, as scanners send them and as people write them.
//!
//! Sources: the GS1 General Specifications, and GS1's own syntax dictionary and syntax engine (Apache-2.0), whose test
//! strings are those of the tests.

mod ai;
mod date;
mod element;
mod gtin;
#[cfg(test)]
mod tests;

pub use element::{Pack, Unreadable};
pub use gtin::Gtin;

/// Whether all characters are of GS1's set 82, which lots and serial numbers are written in.
pub fn is_set_82(text: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_alphanumeric() || b"!\"%&'()*+,-./:;<=>?_".contains(&byte);
    text.bytes().all(good)
}
