//! What customers and the staff do, and how often.

use std::pin::Pin;

use super::dice::Dice;
use super::operations;
use super::shopper::Shopper;

/// Something that is being done.
pub type Doing<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Something to do.
#[derive(Clone, Copy, Debug)]
pub struct Operation {
    /// What the table calls it.
    pub name: &'static str,
    /// How often of a thousand times.
    pub weight: usize,
    /// Does it, and notes answers by that name.
    pub run: for<'a> fn(&'a mut Shopper, &'static str) -> Doing<'a>,
}

macro_rules! mix {
    ($($weight:literal $name:literal $operation:ident;)+) => {
        &[$(Operation {
            name: $name,
            weight: $weight,
            run: |who, name| Box::pin(operations::$operation::run(who, name)),
        }),+]
    };
}

/// All of it: much looking, little buying, and the staff's part. Where something cannot be done yet, what must come before it is
/// done instead, or nothing.
pub const MIX: &[Operation] = mix! {
    110 "search" search;
    80 "list page" page;
    110 "product get" product;
    90 "cart put" cart_put;
    60 "cart get" cart_get;
    40 "checkout" checkout;
    30 "order list" orders;
    20 "order get" order;
    17 "card order" pay;
    8 "paypal order" pay_by_paypal;
    90 "fulfil" fulfil;
    8 "cancel" cancel;
    10 "return" give_back;
    10 "lot receive" receive;
    6 "stock adjust" adjust;
    12 "prescription upload" upload;
    20 "prescription review" review;
    15 "prescription order" prescribed;
    8 "refill" refill;
    8 "consult" consult;
    60 "chat post" chat;
    20 "chat history" history;
    5 "consult close" close;
    15 "assistant" assistant;
    15 "triage" triage;
    15 "record add" record_add;
    12 "record list" records;
    15 "interactions" interactions;
    10 "dose" dose;
    20 "pages" pages;
    20 "inbox" inbox;
    8 "inbox read" inbox_read;
    8 "reports" reports;
    10 "watch" watch;
    8 "admin lists" admin;
    7 "profile" profile;
};

/// What comes next.
pub fn next(dice: &mut Dice) -> Operation {
    let mut at = dice.below(MIX.iter().map(|operation| operation.weight).sum());
    for operation in MIX {
        match at.checked_sub(operation.weight) {
            Some(rest) => at = rest,
            None => return *operation,
        }
    }
    MIX[0]
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    #[test]
    fn operations_come_as_often_as_their_weights_say() {
        let mut dice = Dice::of(0);
        let mut times = BTreeMap::new();
        for _ in 0..100_000 {
            *times.entry(next(&mut dice).name).or_insert(0_usize) += 1;
        }
        for operation in MIX {
            let (times, expected) = (times[operation.name], 100 * operation.weight);
            assert!(times.abs_diff(expected) < expected / 4 + 50, "{}: {times} for {expected}", operation.name);
        }
    }

    #[test]
    fn the_weights_are_of_a_thousand_and_each_has_a_name_of_its_own() {
        assert_eq!(MIX.iter().map(|operation| operation.weight).sum::<usize>(), 1000);
        assert_eq!(MIX.iter().map(|operation| operation.name).collect::<BTreeSet<_>>().len(), MIX.len());
    }
}
