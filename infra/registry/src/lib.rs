//! Every function in one list, for what looks at all of them: the API's document and the tests.
//!
//! A function that is missing here, or in the access table, or in the template, fails a test in `tests/house`.

use shared::api::{Endpoint, Worker};
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
    cart_remove_item
    catalog_adjust_stock
    catalog_create_product
    catalog_get_product
    catalog_list_brands
    catalog_list_categories
    catalog_list_ingredients
    catalog_list_products
    catalog_put_category
    catalog_remove_category
    catalog_remove_image
    catalog_retire_product
    catalog_start_image
    catalog_update_product
    checkout_place_order
    checkout_preview
    medicine_calculate_dose
    medicine_check_interactions
    medicine_get_rule
    medicine_get_substance
    medicine_list_rules
    medicine_put_rule
    medicine_review_rule
    medicine_safety_report
    medicine_search_substances
    orders_cancel
    orders_get
    orders_list
    orders_transition
    payments_confirm
    payments_list_refunds
    payments_methods
    payments_refund
    payments_start
    payments_stripe_webhook
    platform_docs
    platform_health
    platform_openapi
    prescriptions_claim
    prescriptions_get
    prescriptions_list
    prescriptions_review
    prescriptions_start
    prescriptions_withdraw
    profile_delete
    profile_export
    profile_get
    profile_remove_picture
    profile_set_privacy
    profile_start_picture
    profile_update
    profile_view
}

workers! {
    auth_create_challenge
    auth_define_challenge
    auth_verify_challenge
    catalog_index_stock
    catalog_scan_image
    orders_release
    payments_settle
    platform_keys
    prescriptions_scan
    profile_erase
    profile_scan_picture
}
