//! The Lambda function `@name`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&@crate::ENDPOINT)
}
