//! The Lambda function `payments-listen`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&payments_listen::WORKER)
}
