//! The Lambda function `registers-controlled`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&registers_controlled::ENDPOINT)
}
