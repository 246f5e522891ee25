//! The Lambda function `admin-set-enabled`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&admin_set_enabled::ENDPOINT)
}
