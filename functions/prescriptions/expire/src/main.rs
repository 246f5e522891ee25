//! The Lambda function `prescriptions-expire`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&prescriptions_expire::WORKER)
}
