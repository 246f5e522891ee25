//! The Lambda function `platform-health`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&platform_health::ENDPOINT)
}
