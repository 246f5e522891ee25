//! The Lambda function `admin-get-user`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&admin_get_user::ENDPOINT)
}
