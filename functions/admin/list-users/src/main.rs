//! The Lambda function `admin-list-users`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&admin_list_users::ENDPOINT)
}
