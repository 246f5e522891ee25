//! The rules of the house that no compiler holds: every function has everything that belongs to it, walls stand, arrows
//! run one way, and what is written in two places says the same in both.
//!
//! An invariant is a function from the [`House`] to its faults. `breakages.rs` breaks each of them once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod breakages;
mod clients;
mod documents;
mod functions;
mod generator;
mod house;
mod operating;
mod stopping;
mod tables;
mod template;
mod walls;

use house::House;

/// What is wrong, a sentence for each fault.
type Faults = Vec<String>;

macro_rules! invariants {
    ($($module:ident :: $name:ident)*) => {
        $(
            #[test]
            fn $name() {
                let faults = $module::$name(&House::here());
                assert!(faults.is_empty(), "\n{}", faults.join("\n"));
            }
        )*

        /// All of them.
        const INVARIANTS: &[fn(&House) -> Faults] = &[$($module::$name),*];
    };
}

invariants! {
    functions::crates_follow_the_pattern
    functions::every_function_is_registered
    functions::every_endpoint_has_its_row
    functions::annotations_name_the_route_of_the_row
    functions::every_function_has_its_events
    functions::every_function_is_covered_end_to_end
    template::every_function_is_in_the_template_of_its_area
    template::areas_are_deployed_alike
    template::routes_are_those_of_the_access_table
    template::socket_routes_are_those_of_their_table
    template::rights_are_named
    template::the_trail_is_append_only
    template::who_answers_requests_may_count_them
    template::strangers_get_nothing_from_the_user_pool
    template::one_function_publishes_keys
    template::a_stream_has_two_readers_at_most
    template::who_asks_providers_has_the_time
    template::the_sealing_key_is_for_who_opens_what_is_sealed
    template::the_environment_is_what_the_configuration_reads
    tables::the_tests_have_the_tables_that_are_deployed
    walls::only_the_configuration_reads_the_environment
    walls::rules_name_no_cloud
    walls::arrows_run_one_way
    walls::nothing_scans_a_table
    walls::days_are_the_pharmacys
    documents::whatever_is_linked_exists
    documents::every_route_is_in_the_guide
    operating::every_alarm_says_what_to_do
    operating::the_edge_is_closed_to_whoever_goes_past_it
    operating::copies_are_made_of_everything_that_is_kept
}

#[test]
fn what_is_read_here_is_what_is_compiled() {
    let house = House::here();
    let compiled: Vec<_> = shared::identity::access::ROUTES
        .iter()
        .map(|route| (route.function.to_owned(), route.method.to_owned(), route.path.to_owned()))
        .collect();
    let read: Vec<_> = house.rows().into_iter().map(|row| (row.function, row.method, row.path)).collect();
    assert_eq!(read, compiled);
    let endpoints: Vec<_> = registry::ENDPOINTS.iter().map(|function| function.name().replace('-', "_")).collect();
    let workers: Vec<_> = registry::WORKERS.iter().map(|worker| worker.name.replace('-', "_")).collect();
    let sockets: Vec<_> = registry::SOCKETS.iter().map(|socket| socket.name.replace('-', "_")).collect();
    assert_eq!(house.registered("sockets"), sockets);
    assert_eq!((house.registered("endpoints"), house.registered("workers")), (endpoints, workers));
}
