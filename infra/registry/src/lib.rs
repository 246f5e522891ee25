//! Every function in one list, for what looks at all of them: the API's document and the tests.
//!
//! A function that is missing here, or in the access table, or in the template, fails a test in `tests/house`.

use shared::api::{Endpoint, Socket, Worker};
use utoipa::__dev::{SchemaReferences, Tags};
use utoipa::openapi::path::{HttpMethod, Operation};
use utoipa::openapi::{RefOr, Schema};

/// A function that answers HTTP requests, with what it says of itself in the API's document.
#[derive(Clone, Copy)]
pub struct Registered {
    /// The function as it is served.
    pub endpoint: &'static Endpoint,
    path: fn() -> String,
    methods: fn() -> Vec<HttpMethod>,
    operation: fn() -> Operation,
    tags: fn() -> Vec<&'static str>,
    schemas: fn(&mut Vec<NamedSchema>),
}

/// A schema and the name that others refer to it by.
pub type NamedSchema = (String, RefOr<Schema>);

impl Registered {
    const fn new<P: utoipa::Path + Tags<'static> + SchemaReferences>(endpoint: &'static Endpoint) -> Self {
        Self {
            endpoint,
            path: P::path,
            methods: P::methods,
            operation: P::operation,
            tags: P::tags,
            schemas: P::schemas,
        }
    }

    /// The package, which is also the function.
    pub fn name(&self) -> &'static str {
        self.endpoint.name
    }

    /// The route of its OpenAPI annotation: `/v1/orders/{id}`.
    pub fn path(&self) -> String {
        (self.path)()
    }

    /// The methods of its OpenAPI annotation; a function answers exactly one.
    pub fn methods(&self) -> Vec<HttpMethod> {
        (self.methods)()
    }

    /// The operation of its OpenAPI annotation.
    pub fn operation(&self) -> Operation {
        let mut operation = (self.operation)();
        operation.tags = Some((self.tags)().into_iter().map(ToOwned::to_owned).collect());
        operation
    }

    /// The schemas that its operation refers to, and those that these refer to; a name may come more than once.
    pub fn schemas(&self) -> Vec<NamedSchema> {
        let mut schemas = Vec::new();
        (self.schemas)(&mut schemas);
        schemas
    }
}

macro_rules! endpoints {
    ($($function:ident)*) => {
        /// Every function that answers HTTP requests, by name.
        pub const ENDPOINTS: &[Registered] =
            &[$(Registered::new::<$function::__path_handle>(&$function::ENDPOINT)),*];
    };
}

macro_rules! workers {
    ($($function:ident)*) => {
        /// Every function that reacts to events, by name.
        pub const WORKERS: &[&Worker] = &[$(&$function::WORKER),*];
    };
}

macro_rules! sockets {
    ($($function:ident)*) => {
        /// Every function of the WebSocket API, by name.
        pub const SOCKETS: &[&Socket] = &[$(&$function::SOCKET),*];
    };
}

endpoints! {
    address_add
    address_list
    address_remove
    address_update
    admin_end_sessions
    admin_get_user
    admin_list_audit
    admin_list_users
    admin_set_enabled
    admin_set_roles
    assistant_ask
    assistant_feedback
    audit_mine
    auth_answer_challenge
    auth_change_contact
    auth_change_password
    auth_complete_registration
    auth_confirm
    auth_confirm_contact
    auth_confirm_mfa
    auth_enroll_mfa
    auth_finish_social
    auth_forgot_password
    auth_login
    auth_logout
    auth_refresh
    auth_register
    auth_remove_mfa
    auth_request_otp
    auth_resend_code
    auth_reset_password
    auth_start_social
    auth_verify_otp
    cart_clear
    cart_get
    cart_merge
    cart_put_item
    cart_remove_coupon
    cart_remove_item
    cart_set_coupon
    catalog_adjust_stock
    catalog_alternatives
    catalog_confirm_movement
    catalog_create_product
    catalog_get_product
    catalog_get_recall
    catalog_list_brands
    catalog_list_categories
    catalog_list_ingredients
    catalog_list_inventory
    catalog_list_lots
    catalog_list_movements
    catalog_list_products
    catalog_list_watches
    catalog_price_history
    catalog_put_category
    catalog_recall_lot
    catalog_receive_lot
    catalog_remove_category
    catalog_remove_image
    catalog_retire_product
    catalog_start_image
    catalog_suggest
    catalog_trace_lot
    catalog_unwatch
    catalog_update_product
    catalog_watch
    chat_get_attachment
    chat_history
    chat_post
    chat_start_attachment
    chat_ticket
    checkout_place_order
    checkout_preview
    conditions_get
    conditions_list
    consultations_assign
    consultations_close
    consultations_get
    consultations_list
    consultations_request
    consultations_respond
    content_get
    content_list
    content_publish
    content_put
    content_remove
    content_review
    content_start_image
    content_unpublish
    content_versions
    coupons_list
    coupons_put
    coupons_remove
    delivery_list_zones
    delivery_put_zone
    delivery_quote
    delivery_remove_zone
    imports_get
    imports_list
    imports_start
    medicine_calculate_dose
    medicine_check_interactions
    medicine_get_rule
    medicine_get_substance
    medicine_list_rules
    medicine_put_rule
    medicine_review_rule
    medicine_safety_report
    medicine_search_substances
    notifications_list
    notifications_read
    notifications_set
    notifications_show_unsubscribe
    notifications_unsubscribe
    orders_cancel
    orders_get
    orders_list
    orders_list_returns
    orders_reorder
    orders_request_return
    orders_resolve_hold
    orders_resolve_return
    orders_set_prescriptions
    orders_transition
    patients_add
    patients_list
    patients_remove
    patients_update
    payments_bkash_webhook
    payments_close_refund
    payments_confirm
    payments_esewa_return
    payments_list_refunds
    payments_methods
    payments_paypal_webhook
    payments_refund
    payments_start
    payments_stripe_webhook
    platform_docs
    platform_health
    platform_openapi
    platform_problem
    prescriptions_claim
    prescriptions_get
    prescriptions_list
    prescriptions_refill
    prescriptions_release
    prescriptions_review
    prescriptions_start
    prescriptions_undo_review
    prescriptions_withdraw
    profile_delete
    profile_export
    profile_get
    profile_remove_picture
    profile_set_privacy
    profile_start_picture
    profile_update
    profile_view
    records_add
    records_export
    records_get_bundle
    records_grant
    records_import
    records_list
    records_list_grants
    records_progress
    records_remove
    records_revoke
    records_start_bundle
    records_start_file
    records_update
    registers_controlled
    registers_verify
    reports_inventory
    reports_payments
    reports_prescriptions
    reports_sales
    sellers_apply
    sellers_decide_application
    sellers_earnings
    sellers_get_profile
    sellers_list_applications
    sellers_set_profile
    triage_assess
    triage_get
    triage_list
    triage_vocabulary
    webhooks_deliveries
    webhooks_list
    webhooks_put
    webhooks_redeliver
    webhooks_remove
}

workers! {
    auth_create_challenge
    auth_define_challenge
    auth_verify_challenge
    catalog_expire_lots
    catalog_follow_changes
    catalog_import
    catalog_index_stock
    catalog_scan_image
    catalog_write_snapshot
    chat_scan_attachment
    content_publish_due
    content_scan_image
    notifications_plan
    notifications_remind
    notifications_send
    orders_follow_recalls
    orders_release
    payments_listen
    payments_settle
    platform_keys
    platform_not_found
    prescriptions_expire
    prescriptions_read
    prescriptions_scan
    profile_erase
    profile_scan_picture
    records_scan_file
    records_take_bundle
    reports_count
    webhooks_deliver
}

sockets! {
    chat_connect
    chat_disconnect
    chat_frame
}
