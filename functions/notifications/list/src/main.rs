//! The Lambda function `notifications-list`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve(&notifications_list::ENDPOINT)
}
