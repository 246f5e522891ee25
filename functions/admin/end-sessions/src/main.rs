//! The Lambda function `admin-end-sessions`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&admin_end_sessions::ENDPOINT)
}
