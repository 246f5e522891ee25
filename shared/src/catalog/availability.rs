//! What a shopper is told of the stock.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// From this many units down a product is low.
const LOW: i64 = 5;

/// Whether a product can be had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Availability {
    /// More than a few.
    InStock,
    /// Five or fewer.
    Low,
    /// None.
    #[default]
    Out,
}

impl Availability {
    /// Of so many units that may be sold.
    pub const fn of(units: i64) -> Self {
        match units {
            ..=0 => Self::Out,
            1..=LOW => Self::Low,
            _ => Self::InStock,
        }
    }

    /// Whether there is any.
    pub const fn any(self) -> bool {
        !matches!(self, Self::Out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edges_are_where_they_are_said_to_be() {
        let at = [-1, 0, 1, 5, 6].map(Availability::of);
        use Availability::{InStock, Low, Out};
        assert_eq!(at, [Out, Out, Low, Low, InStock]);
    }
}
