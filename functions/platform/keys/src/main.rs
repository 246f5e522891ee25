//! The Lambda function `platform-keys`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&platform_keys::WORKER)
}
