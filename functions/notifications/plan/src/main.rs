//! The Lambda function `notifications-plan`.

fn main() -> Result<(), shared::api::Fatal> {
    shared::api::serve_events(&notifications_plan::WORKER)
}
