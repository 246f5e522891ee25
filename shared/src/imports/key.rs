//! How a row names its product.

use crate::catalog::gs1::Gtin;
use crate::platform::clock::Timestamp;
use crate::platform::crypto;
use crate::platform::fields::Invalid;
use crate::platform::ids::ProductId;
use crate::platform::text;
use crate::platform::wording;

/// The longest name that the pharmacy's own lists give a product, in characters.
const MAX_SKU: usize = 60;
/// The moment that ids which are made of a key say they are of.
const MADE_OF_KEYS: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// How a row names its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductKey {
    /// By its id; it is there already then.
    Id(ProductId),
    /// By the name that the pharmacy's own lists give it.
    Sku(String),
    /// By the number in the code on its packs.
    Gtin(Gtin),
}

impl ProductKey {
    /// The first that is said of id, name in lists, and GTIN.
    ///
    /// # Errors
    /// None is, or it is malformed; with its column.
    pub fn of(id: Option<&str>, sku: Option<&str>, gtin: Option<&str>) -> Result<Self, (&'static str, Invalid)> {
        match (id, sku, gtin) {
            (Some(id), _, _) => ProductId::parse(id.trim()).map(Self::Id).map_err(|why| ("product_id", why)),
            (None, Some(sku), _) => text::line(sku, MAX_SKU).map(Self::Sku).map_err(|why| ("sku", why)),
            (None, None, Some(gtin)) => Gtin::parse(gtin.trim()).map(Self::Gtin).map_err(|why| ("gtin", why)),
            (None, None, None) => Err(("sku", Invalid::new("required", wording::imports::names_a_product()))),
        }
    }

    /// Which product it is. The same key always gives the same id, so that nothing has to be looked up, and whoever creates
    /// the product twice is refused by the first.
    pub fn product(&self) -> ProductId {
        match self {
            Self::Id(id) => *id,
            Self::Sku(sku) => made_of("sku", sku),
            Self::Gtin(gtin) => made_of("gtin", &gtin.to_string()),
        }
    }

    /// The name that the product gets.
    pub fn sku(&self) -> Option<&str> {
        match self {
            Self::Sku(sku) => Some(sku),
            Self::Id(_) | Self::Gtin(_) => None,
        }
    }
}

fn made_of(sort: &str, key: &str) -> ProductId {
    let hash = crypto::sha256_hex(format!("product by {sort}\0{key}").as_bytes());
    // Eighty bits: as many as are random in other ids.
    let bits = hash.get(..20).and_then(|digits| u128::from_str_radix(digits, 16).ok()).unwrap_or_default();
    ProductId::with(MADE_OF_KEYS, bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "prd_01J9Z3NDEKTSV4RRFFQ69G5FAV";

    #[test]
    fn the_same_key_is_the_same_product_for_ever() {
        let of = |sku: &str| ProductKey::of(None, Some(sku), None).unwrap().product();
        assert_eq!(of("A-1"), of(" A-1 "));
        assert_ne!(of("A-1"), of("A-2"));
        assert_ne!(of("A-1"), of("a-1"), "case counts");
        // Written down: stored products have ids that are made so.
        assert_eq!(of("A-1").to_string(), "prd_01KDVDNA00XRX0533JNZ6BKET5");
        let gtin = |text: &str| ProductKey::of(None, None, Some(text)).unwrap().product();
        assert_eq!(gtin("9506000134352"), gtin("09506000134352"));
        assert_ne!(gtin("09506000134352"), of("09506000134352"), "a name that looks like a number is a name");
    }

    #[test]
    fn what_is_said_first_counts() {
        let all = ProductKey::of(Some(ID), Some("A"), Some("09506000134352")).unwrap();
        assert_eq!((all.product().to_string().as_str(), all.sku()), (ID, None));
        let two = ProductKey::of(None, Some("A"), Some("09506000134352")).unwrap();
        assert_eq!(two, ProductKey::Sku("A".to_owned()));
        for (id, sku, gtin, column) in [
            (Some("prd_1"), Some("A"), None, "product_id"),
            (None, Some("a\u{0}b"), None, "sku"),
            (None, None, Some("123"), "gtin"),
            (None, None, None, "sku"),
        ] {
            assert_eq!(ProductKey::of(id, sku, gtin).unwrap_err().0, column);
        }
    }
}
