//! `make new`: what it makes keeps every rule of the house but two, since only a person can write the end-to-end test
//! and what the guide for clients says.

use std::path::PathBuf;
use std::process::{Command, Output};

use crate::INVARIANTS;
use crate::house::House;

/// A copy of the workspace's text in a folder of its own, gone when dropped.
struct Copy(PathBuf);

impl Copy {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("apothecary-new-{name}-{}", std::process::id()));
        House::here().write(&folder);
        Self(folder)
    }

    fn make(&self, arguments: &[&str]) -> Output {
        let mut command = Command::new("python3");
        command.arg(self.0.join("infra/new/new.py")).args(arguments).current_dir(&self.0);
        command.output().expect("python3 runs")
    }

    fn house(&self) -> House {
        House::at(&self.0)
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

fn faults(house: &House) -> Vec<String> {
    INVARIANTS.iter().flat_map(|invariant| invariant(house)).collect()
}

fn makes_all_but_what_a_person_must_write(name: &str, arguments: &[&str]) -> House {
    let copy = Copy::new(name);
    let before = faults(&copy.house());
    let made = copy.make(arguments);
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let house = copy.house();
    let new: Vec<_> = faults(&house).into_iter().filter(|fault| !before.contains(fault)).collect();
    let route = arguments.iter().find_map(|argument| argument.strip_prefix("route=")).unwrap();
    let left = [format!("{name} is not in covers!(…) of tests/e2e"), format!("docs/api.md has no row for {route}")];
    assert_eq!(new, left);
    house
}

#[test]
fn an_endpoint_with_a_body() {
    let arguments = ["area=specimen", "operation=add", "route=POST /v1/specimen", "access=Needs(P::Buy)"];
    let house = makes_all_but_what_a_person_must_write("specimen-add", &arguments);
    let lib = house.text("functions/specimen/add/src/lib.rs");
    assert!(lib.contains("struct SpecimenAddRequest") && lib.contains("request.json::<"), "{lib}");
    let row = house.rows().into_iter().find(|row| row.function == "specimen-add").unwrap();
    assert_eq!(
        (row.method.as_str(), row.path.as_str(), row.access.as_str()),
        ("POST", "/v1/specimen", "Needs(P::Buy)")
    );
}

#[test]
fn an_endpoint_with_a_path_and_no_body() {
    let arguments = ["area=specimen", "operation=get", "route=GET /v1/specimen/{id}", "access=SignedIn"];
    let house = makes_all_but_what_a_person_must_write("specimen-get", &arguments);
    assert!(house.has("events/specimen/get/not_found.json"));
}

#[test]
fn a_public_endpoint_in_an_area_that_is_there() {
    let arguments = ["area=catalog", "operation=list-offers", "route=GET /v1/offers", "access=Anyone"];
    makes_all_but_what_a_person_must_write("catalog-list-offers", &arguments);
}

#[test]
fn what_it_cannot_make_it_refuses_and_leaves_alone() {
    let copy = Copy::new("refusals");
    let refusals: &[(&[&str], &str)] = &[
        (&[], "area"),
        (&["area=specimen", "operation=add"], "route"),
        (&["area=Speci Men", "operation=add", "route=POST /v1/specimen"], "lower case"),
        (&["area=specimen", "operation=add_one", "route=POST /v1/specimen"], "lower case"),
        (&["area=cart", "operation=get", "route=GET /v1/other"], "already"),
        (&["area=cart", "operation=read", "route=GET /v1/cart"], "already"),
        (&["area=orders", "operation=read", "route=GET /v1/orders/{order_id}"], "already"),
        (&["area=specimen", "operation=add", "route=POST /specimen"], "/v1/"),
        (&["area=specimen", "operation=add", "route=FETCH /v1/specimen"], "FETCH"),
        (&["area=specimen", "operation=add", "route=POST /v1/Specimen//x"], "route"),
        (&["area=specimen", "operation=add", "route=POST /v1/specimen", "access=Everyone"], "access"),
        (&["area=specimen", "operation=add", "route=POST /v1/specimen", "access=Needs(P::Fly)"], "Fly"),
        (&["area=specimen", "operation=add", "route=POST /v1/specimen", "colour=red"], "colour"),
    ];
    for (arguments, word) in refusals {
        let refused = copy.make(arguments);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(!refused.status.success() && said.contains(word), "{arguments:?}: {said}");
        assert!(!said.contains("Traceback"), "{said}");
    }
    let (copied, here) = (copy.house(), House::here());
    assert!(copied.below("functions/").eq(here.below("functions/")) && copied.rows().len() == here.rows().len());
}
