//! The Lambda function `platform-not-found`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&platform_not_found::WORKER)
}
