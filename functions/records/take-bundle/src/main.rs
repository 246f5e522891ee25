//! The Lambda function `records-take-bundle`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&records_take_bundle::WORKER)
}
