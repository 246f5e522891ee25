//! The Lambda function `admin-set-roles`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&admin_set_roles::ENDPOINT)
}
