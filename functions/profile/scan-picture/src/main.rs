//! The Lambda function `profile-scan-picture`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&profile_scan_picture::WORKER)
}
