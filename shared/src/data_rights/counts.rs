//! How much was deleted of a person, which the trail tells of their erasure. A pure sum.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::orders::Stripped;
use crate::prescriptions::Cleared;

/// How much of what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Counts {
    /// Orders that are nobody's now.
    pub(super) orders: u32,
    /// Those of them that were called off.
    pub(super) cancelled: u32,
    /// Prescriptions that were deleted with their files.
    pub(super) prescriptions_deleted: u32,
    /// Prescriptions that are kept under a pseudonym.
    pub(super) prescriptions_kept: u32,
    /// Consultations with everything in them.
    pub(super) consultations: u32,
    /// Notices in their inbox.
    pub(super) notices: u32,
    /// Records of patients, with their files.
    pub(super) records: u32,
    /// Patients whom they cared for.
    pub(super) patients: u32,
    /// Files of pictures.
    pub(super) pictures: u32,
    /// Sessions.
    pub(super) sessions: u32,
}

impl Counts {
    /// Each with its name.
    pub(super) fn parts(&self) -> [(&'static str, u32); 10] {
        [
            ("orders", self.orders),
            ("cancelled", self.cancelled),
            ("prescriptions_deleted", self.prescriptions_deleted),
            ("prescriptions_kept", self.prescriptions_kept),
            ("consultations", self.consultations),
            ("notices", self.notices),
            ("records", self.records),
            ("patients", self.patients),
            ("pictures", self.pictures),
            ("sessions", self.sessions),
        ]
    }
}

impl From<Stripped> for Counts {
    fn from(done: Stripped) -> Self {
        Self { orders: done.orders, cancelled: done.cancelled, ..Self::default() }
    }
}

impl From<Cleared> for Counts {
    fn from(done: Cleared) -> Self {
        Self { prescriptions_deleted: done.deleted, prescriptions_kept: done.kept, ..Self::default() }
    }
}

impl fmt::Display for Counts {
    /// As the trail has it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts().map(|(name, count)| format!("{name}={count}")).join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_count_is_stored_under_the_name_that_the_trail_calls_it() {
        let counts = Counts {
            orders: 1,
            cancelled: 2,
            prescriptions_deleted: 3,
            prescriptions_kept: 4,
            consultations: 5,
            notices: 6,
            records: 7,
            patients: 8,
            pictures: 9,
            sessions: 10,
        };
        let named: serde_json::Map<_, _> =
            counts.parts().into_iter().map(|(name, count)| (name.to_owned(), count.into())).collect();
        assert_eq!(serde_json::to_value(counts).unwrap(), serde_json::Value::Object(named));
        let text = "orders=1 cancelled=2 prescriptions_deleted=3 prescriptions_kept=4 consultations=5 notices=6 records=7 \
            patients=8 pictures=9 sessions=10";
        assert_eq!(counts.to_string(), text);
    }
}
