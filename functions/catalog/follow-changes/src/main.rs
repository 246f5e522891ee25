//! The Lambda function `catalog-follow-changes`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&catalog_follow_changes::WORKER)
}
