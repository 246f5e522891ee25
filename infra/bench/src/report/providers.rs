//! What calling payment providers adds to a function, beside one that does the like and calls none.

use super::{Line, Report};

/// What it may add to a zip, in megabytes.
const MAY_ADD: f64 = 0.25;
/// An endpoint of the same area that writes orders, and calls no provider.
const BY_REQUEST: &str = "payments-refund";
/// A worker of the clock that calls orders off, and calls no provider.
const BY_EVENT: &str = "orders-release";

/// Every function that calls providers, by what it waits for while it starts, with the one that it is compared with.
fn compared() -> Vec<(&'static str, &'static str)> {
    let calls = |name: &str, prepares: bool| prepares && name.starts_with("payments-");
    let endpoints = registry::ENDPOINTS.iter().filter(|one| calls(one.name(), one.endpoint.prepare.is_some()));
    let workers = registry::WORKERS.iter().filter(|one| calls(one.name, one.prepare.is_some()));
    endpoints.map(|one| (one.name(), BY_REQUEST)).chain(workers.map(|one| (one.name, BY_EVENT))).collect()
}

/// The figures of those that were weighed, as was what they are compared with.
pub(super) fn lines(report: &Report) -> Vec<Line> {
    let zip = |name: &str| Some(report.functions.get(name)?.size.as_ref()?.zip as f64 / 1e6);
    let line = |(name, other): (&'static str, &'static str)| {
        let figure = zip(name)? - zip(other)?;
        let what = "zip beside one that calls no provider";
        Some(Line { budget: 13, of: name.to_owned(), what, figure, limit: MAY_ADD, unit: "MB" })
    };
    compared().into_iter().filter_map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Measured;
    use crate::weight::Size;

    fn weighed(sizes: &[(&str, u64)]) -> Report {
        let one = |zip| Measured { size: Some(Size { zip, ..Size::default() }), ..Measured::default() };
        let functions = sizes.iter().map(|(name, zip)| ((*name).to_owned(), one(*zip))).collect();
        Report { functions, ..Report::default() }
    }

    #[test]
    fn each_function_that_calls_providers_is_compared_with_one_that_there_is() {
        let compared = compared();
        let names: Vec<_> = compared.iter().map(|(name, _)| *name).collect();
        for name in
            ["payments-start", "payments-confirm", "payments-stripe-webhook", "payments-settle", "payments-listen"]
        {
            assert!(names.contains(&name), "{name}");
        }
        for (name, other) in &compared {
            assert!(!names.contains(other), "{name} is compared with one that calls providers too");
            assert!(crate::subject::functions().contains(other), "there is no {other}");
        }
    }

    #[test]
    fn what_providers_add_is_held_to_a_quarter_of_a_megabyte() {
        let over = |zip| lines(&weighed(&[("payments-start", zip), (BY_REQUEST, 3_500_000)])).remove(0);
        assert!(over(3_750_000).is_met() && over(3_400_000).is_met());
        assert!(!over(3_750_001).is_met());
        assert_eq!(weighed(&[("payments-settle", 4_000_000), (BY_EVENT, 3_000_000)]).missed().len(), 2, "13, and 4");
        assert!(lines(&weighed(&[("payments-start", 3_750_001)])).is_empty(), "nothing to compare it with");
    }
}
