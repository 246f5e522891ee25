//! The Lambda function `platform-openapi`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&platform_openapi::ENDPOINT)
}
