//! The Lambda function `imports-start`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&imports_start::ENDPOINT)
}
