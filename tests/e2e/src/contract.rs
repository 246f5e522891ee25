//! The contract's routes and who may call them, written down by hand from the contract and the permission matrix: what
//! the code says about itself proves nothing.

/// Who may call a route.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// Anybody.
    Anybody,
    /// Anybody who is signed in.
    SignedIn,
    /// Who has one of these roles.
    Roles(&'static [&'static str]),
}

/// A route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// The function behind it.
    pub function: &'static str,
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// With its parameters in braces.
    pub path: &'static str,
    /// Who may call it.
    pub who: Who,
}

use Who::{Anybody, Roles, SignedIn};

const STAFF: Who = Roles(&["super_admin", "pharmacy_admin"]);
const ADMINS: Who = Roles(&["super_admin"]);
const STAFF_AND_SELLERS: Who = Roles(&["super_admin", "pharmacy_admin", "seller"]);
const CUSTOMERS: Who = Roles(&["customer"]);
const STAFF_AND_CUSTOMERS: Who = Roles(&["super_admin", "pharmacy_admin", "customer"]);
const ALL_BUT_DOCTORS: Who = Roles(&["super_admin", "pharmacy_admin", "seller", "customer"]);

macro_rules! routes {
    ($($function:literal $method:ident $path:literal $who:expr;)*) => {
        &[$(Route { function: $function, method: stringify!($method), path: $path, who: $who }),*]
    };
}

/// Every route.
pub const ROUTES: &[Route] = routes! {
    "auth-register"            POST   "/v1/auth/register"                   Anybody;
    "auth-confirm"             POST   "/v1/auth/register/confirm"           Anybody;
    "auth-resend-code"         POST   "/v1/auth/register/resend"            Anybody;
    "auth-login"               POST   "/v1/auth/login"                      Anybody;
    "auth-refresh"             POST   "/v1/auth/token/refresh"              Anybody;
    "auth-logout"              POST   "/v1/auth/logout"                     Anybody;
    "auth-forgot-password"     POST   "/v1/auth/password/forgot"            Anybody;
    "auth-reset-password"      POST   "/v1/auth/password/reset"             Anybody;
    "auth-request-otp"         POST   "/v1/auth/otp"                        Anybody;
    "auth-verify-otp"          POST   "/v1/auth/otp/verify"                 Anybody;
    "auth-complete-registration" POST "/v1/auth/register/complete"          Anybody;
    "auth-change-contact"      POST   "/v1/auth/contact"                    SignedIn;
    "auth-confirm-contact"     POST   "/v1/auth/contact/confirm"            SignedIn;
    "auth-change-password"     POST   "/v1/auth/password/change"            SignedIn;
    "auth-answer-challenge"    POST   "/v1/auth/login/challenge"            Anybody;
    "auth-enroll-mfa"          POST   "/v1/auth/mfa"                        Anybody;
    "auth-confirm-mfa"         POST   "/v1/auth/mfa/confirm"                Anybody;
    "auth-remove-mfa"          DELETE "/v1/auth/mfa"                        SignedIn;
    "auth-start-social"        GET    "/v1/auth/social/{provider}"          Anybody;
    "auth-finish-social"       POST   "/v1/auth/social/callback"            Anybody;

    "profile-get"              GET    "/v1/profile"                         SignedIn;
    "profile-update"           PATCH  "/v1/profile"                         SignedIn;
    "profile-start-picture"    POST   "/v1/profile/picture"                 SignedIn;
    "profile-remove-picture"   DELETE "/v1/profile/picture"                 SignedIn;
    "profile-set-privacy"      PUT    "/v1/profile/privacy"                 SignedIn;
    "profile-export"           GET    "/v1/profile/export"                  SignedIn;
    "profile-delete"           DELETE "/v1/profile"                         SignedIn;
    "profile-view"             GET    "/v1/profiles/{id}"                   Anybody;
    "address-list"             GET    "/v1/profile/addresses"               SignedIn;
    "address-add"              POST   "/v1/profile/addresses"               SignedIn;
    "address-update"           PATCH  "/v1/profile/addresses/{id}"          SignedIn;
    "address-remove"           DELETE "/v1/profile/addresses/{id}"          SignedIn;
    "audit-mine"               GET    "/v1/profile/access-log"              SignedIn;

    "catalog-list-products"    GET    "/v1/products"                        Anybody;
    "catalog-get-product"      GET    "/v1/products/{id}"                   Anybody;
    "catalog-create-product"   POST   "/v1/products"                        STAFF_AND_SELLERS;
    "catalog-update-product"   PATCH  "/v1/products/{id}"                   STAFF_AND_SELLERS;
    "catalog-retire-product"   DELETE "/v1/products/{id}"                   STAFF_AND_SELLERS;
    "catalog-start-image"      POST   "/v1/products/{id}/images"            STAFF_AND_SELLERS;
    "catalog-remove-image"     DELETE "/v1/products/{id}/images/{image_id}" STAFF_AND_SELLERS;
    "catalog-adjust-stock"     POST   "/v1/products/{id}/stock"             STAFF_AND_SELLERS;
    "catalog-list-categories"  GET    "/v1/categories"                      Anybody;
    "catalog-put-category"     PUT    "/v1/categories/{id}"                 STAFF;
    "catalog-remove-category"  DELETE "/v1/categories/{id}"                 STAFF;
    "catalog-list-brands"      GET    "/v1/brands"                          Anybody;
    "catalog-list-ingredients" GET    "/v1/ingredients"                     Anybody;

    "medicine-search-substances" GET  "/v1/medicine/substances"             Anybody;
    "medicine-get-substance"   GET    "/v1/medicine/substances/{id}"        Anybody;
    "medicine-check-interactions" POST "/v1/medicine/interactions"          Anybody;
    "medicine-calculate-dose"  POST   "/v1/medicine/dose"                   Anybody;
    "medicine-safety-report"   GET    "/v1/medicine/safety"                 Anybody;
    "medicine-list-rules"      GET    "/v1/medicine/rules/{kind}"           STAFF;
    "medicine-get-rule"        GET    "/v1/medicine/rules/{kind}/{id}"      STAFF;
    "medicine-put-rule"        PUT    "/v1/medicine/rules/{kind}/{id}"      STAFF;
    "medicine-review-rule"     POST   "/v1/medicine/rules/{kind}/{id}/review" STAFF;

    "cart-get"                 GET    "/v1/cart"                            CUSTOMERS;
    "cart-put-item"            PUT    "/v1/cart/items/{product_id}"         CUSTOMERS;
    "cart-remove-item"         DELETE "/v1/cart/items/{product_id}"         CUSTOMERS;
    "cart-clear"               DELETE "/v1/cart"                            CUSTOMERS;
    "cart-merge"               POST   "/v1/cart/merge"                      CUSTOMERS;
    "checkout-preview"         POST   "/v1/checkout/preview"                CUSTOMERS;
    "checkout-place-order"     POST   "/v1/orders"                          CUSTOMERS;
    "orders-list"              GET    "/v1/orders"                          ALL_BUT_DOCTORS;
    "orders-get"               GET    "/v1/orders/{id}"                     ALL_BUT_DOCTORS;
    "orders-cancel"            POST   "/v1/orders/{id}/cancel"              STAFF_AND_CUSTOMERS;
    "orders-transition"        POST   "/v1/orders/{id}/transitions"         STAFF;

    "payments-methods"         GET    "/v1/payments/methods"                Anybody;
    "payments-start"           POST   "/v1/orders/{id}/payment"             CUSTOMERS;
    "payments-confirm"         POST   "/v1/orders/{id}/payment/confirm"     CUSTOMERS;
    "payments-refund"          POST   "/v1/orders/{id}/refunds"             STAFF;
    "payments-list-refunds"    GET    "/v1/orders/{id}/refunds"             ALL_BUT_DOCTORS;
    "payments-stripe-webhook"  POST   "/v1/payments/stripe/webhook"         Anybody;

    "prescriptions-start"      POST   "/v1/prescriptions"                   CUSTOMERS;
    "prescriptions-list"       GET    "/v1/prescriptions"                   STAFF_AND_CUSTOMERS;
    "prescriptions-get"        GET    "/v1/prescriptions/{id}"              STAFF_AND_CUSTOMERS;
    "prescriptions-withdraw"   DELETE "/v1/prescriptions/{id}"              CUSTOMERS;
    "prescriptions-claim"      POST   "/v1/prescriptions/{id}/claim"        STAFF;
    "prescriptions-review"     POST   "/v1/prescriptions/{id}/review"       STAFF;

    "admin-list-users"         GET    "/v1/admin/users"                     ADMINS;
    "admin-get-user"           GET    "/v1/admin/users/{id}"                ADMINS;
    "admin-set-roles"          PUT    "/v1/admin/users/{id}/roles"          ADMINS;
    "admin-set-enabled"        PUT    "/v1/admin/users/{id}/enabled"        ADMINS;
    "admin-end-sessions"       DELETE "/v1/admin/users/{id}/sessions"       ADMINS;
    "admin-list-audit"         GET    "/v1/admin/audit"                     ADMINS;

    "platform-health"          GET    "/v1/health"                          Anybody;
    "platform-openapi"         GET    "/v1/openapi.json"                    Anybody;
    "platform-docs"            GET    "/v1/docs"                            Anybody;
};

/// The functions that no route leads to.
pub const WORKERS: &[&str] = &[
    "auth-create-challenge",
    "auth-define-challenge",
    "auth-verify-challenge",
    "catalog-index-stock",
    "catalog-scan-image",
    "orders-release",
    "payments-settle",
    "prescriptions-scan",
    "platform-keys",
    "profile-erase",
    "profile-scan-picture",
];

/// Whether there is a function of that name.
pub const fn is_function(name: &str) -> bool {
    let mut index = 0;
    while index < ROUTES.len() {
        if same(ROUTES[index].function, name) {
            return true;
        }
        index += 1;
    }
    let mut index = 0;
    while index < WORKERS.len() {
        if same(WORKERS[index], name) {
            return true;
        }
        index += 1;
    }
    false
}

/// `==` of texts, where constants are evaluated.
const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

impl Route {
    /// The path with ids that could be and are not.
    pub fn sample_path(&self) -> String {
        let id = match self.path.split('/').nth(2) {
            Some("categories") => "no-such-category".to_owned(),
            Some("admin") => NOBODY.to_owned(),
            Some("medicine") => "rul_nothing".to_owned(),
            Some("profile") => format!("adr_{NOTHING}"),
            Some("profiles") => "00000000-0000-4000-8000-000000000000".to_owned(),
            Some("orders") => format!("ord_{NOTHING}"),
            Some("prescriptions") => format!("rx_{NOTHING}"),
            _ => format!("prd_{NOTHING}"),
        };
        self.path
            .replace("{id}", &id)
            .replace("{kind}", "interaction")
            .replace("{provider}", "google")
            .replace("{product_id}", &format!("prd_{NOTHING}"))
            .replace("{image_id}", &format!("img_{NOTHING}"))
    }
}

/// The id of nobody.
pub const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// The ULID of nothing.
pub const NOTHING: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
