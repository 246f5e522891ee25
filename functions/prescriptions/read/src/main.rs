//! The Lambda function `prescriptions-read`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&prescriptions_read::WORKER)
}
