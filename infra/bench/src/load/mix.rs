//! What shoppers do, and how often.

use super::dice::Dice;

/// What a shopper does with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Operation {
    /// Searches the catalogue by a word, at times a misspelt one.
    Search,
    /// Opens a page of the catalogue.
    Page,
    /// Looks at a product.
    Product,
    /// Puts a product in the cart.
    CartPut,
    /// Looks at the cart.
    CartGet,
    /// Places an order of the cart.
    Checkout,
    /// Lists the orders.
    Orders,
}

impl Operation {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Search, Self::Page, Self::Product, Self::CartPut, Self::CartGet, Self::Checkout, Self::Orders];

    /// How often of a hundred requests: much looking, little buying.
    pub const fn weight(self) -> usize {
        match self {
            Self::Search => 20,
            Self::Page => 15,
            Self::Product => 30,
            Self::CartPut => 15,
            Self::CartGet => 10,
            Self::Checkout => 6,
            Self::Orders => 4,
        }
    }

    /// What the table calls it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Page => "list page",
            Self::Product => "product get",
            Self::CartPut => "cart put",
            Self::CartGet => "cart get",
            Self::Checkout => "checkout",
            Self::Orders => "order list",
        }
    }

    /// What comes next.
    pub fn next(dice: &mut Dice) -> Self {
        let mut at = dice.below(Self::ALL.iter().map(|operation| operation.weight()).sum());
        for operation in Self::ALL {
            match at.checked_sub(operation.weight()) {
                Some(rest) => at = rest,
                None => return operation,
            }
        }
        Self::Product
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_come_as_often_as_their_weights_say() {
        let mut dice = Dice::of(0);
        let drawn: Vec<_> = (0..20_000).map(|_| Operation::next(&mut dice)).collect();
        for operation in Operation::ALL {
            let times = drawn.iter().filter(|next| **next == operation).count();
            let expected = 200 * operation.weight();
            assert!(times.abs_diff(expected) < expected / 4 + 50, "{operation:?}: {times} for {expected}");
        }
    }

    #[test]
    fn the_weights_are_of_a_hundred() {
        assert_eq!(Operation::ALL.iter().map(|operation| operation.weight()).sum::<usize>(), 100);
    }
}
