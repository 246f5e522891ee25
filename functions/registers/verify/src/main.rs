//! The Lambda function `registers-verify`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&registers_verify::ENDPOINT)
}
