//! The Lambda function `payments-settle`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&payments_settle::WORKER)
}
