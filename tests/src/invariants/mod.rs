//! What must hold of the tables, whatever has happened: whatever was repeated, done at once, killed or left without an answer.
//!
//! Each invariant reads the tables as they are and says what does not hold. The storms of one process hold them against an
//! embedded DynamoDB, the soak (`bench soak`) against that of a whole stack.
//!
//! | | invariants |
//! |---|---|
//! | [`ALWAYS`] | hold at every moment: what they compare is written in one transaction |
//! | [`AT_REST`] | hold once the workers have done their part |
//! | [`money::against_ledger`] | what the provider has, once nothing is under way |

mod carts;
mod chat;
mod coupons;
mod fills;
mod limits;
pub mod money;
mod movements;
mod notices;
mod parcels;
mod register;
mod reports;
mod steps;
mod stock;
mod tables;

pub use tables::{Tables, dynamo_at};

/// An invariant.
#[derive(Clone, Copy, Debug)]
pub struct Invariant {
    /// What holds.
    pub name: &'static str,
    /// What of it does not: a sentence each.
    pub find: fn(&Tables) -> Vec<String>,
    /// Of how much it is held: of nothing, everything holds.
    pub of: fn(&Tables) -> usize,
}

/// Those of every moment.
pub const ALWAYS: &[Invariant] = &[
    Invariant {
        name: "orders take one permitted step after the other, and cost what their lines cost",
        find: steps::find,
        of: Tables::orders,
    },
    Invariant {
        name: "every unit is counted once, and what is reserved and sold is what orders hold",
        find: stock::find,
        of: stock::of,
    },
    Invariant { name: "what is in a parcel came out of lots", find: parcels::find, of: parcels::of },
    Invariant { name: "the fills of prescriptions are those of the orders", find: fills::find, of: fills::of },
    Invariant { name: "what patients were supplied with is what orders supply", find: limits::find, of: limits::of },
    Invariant { name: "carts know their orders, each once", find: carts::find, of: carts::of },
    Invariant { name: "coupons are used as often as orders use them", find: coupons::find, of: coupons::of },
    Invariant { name: "messages stand in one order, each once", find: chat::find, of: chat::of },
    Invariant { name: "the chain of the register is whole", find: register::chain, of: register::of },
];

/// Those of a moment at which nothing is left to do.
pub const AT_REST: &[Invariant] = &[
    Invariant { name: "every movement is written down", find: movements::find, of: movements::of },
    Invariant { name: "the register says what is in the house", find: register::balance, of: register::of },
    Invariant { name: "no payment is under way, and none says two things", find: money::find, of: money::of },
    Invariant { name: "the counters of the reports are a recount", find: reports::find, of: reports::of },
    Invariant { name: "customers are told of their orders, each once", find: notices::find, of: notices::of },
];

/// What does not hold of some invariants, each with the name of its own.
pub fn broken(tables: &Tables, invariants: &[Invariant]) -> Vec<(&'static str, Vec<String>)> {
    let found = invariants.iter().map(|one| (one.name, (one.find)(tables)));
    found.filter(|(_, found)| !found.is_empty()).collect()
}
