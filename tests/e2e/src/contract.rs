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
const SELLERS: Who = Roles(&["seller"]);
const CUSTOMERS: Who = Roles(&["customer"]);
const STAFF_AND_CUSTOMERS: Who = Roles(&["super_admin", "pharmacy_admin", "customer"]);
const ALL_BUT_DOCTORS: Who = Roles(&["super_admin", "pharmacy_admin", "seller", "customer"]);

const ALL_BUT_SELLERS: Who = Roles(&["super_admin", "pharmacy_admin", "doctor", "customer"]);
const DOCTORS: Who = Roles(&["doctor"]);
const DOCTORS_AND_CUSTOMERS: Who = Roles(&["doctor", "customer"]);
const CHAT_READERS: Who = Roles(&["super_admin", "doctor", "customer"]);

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
    "patients-list"            GET    "/v1/patients"                        SignedIn;
    "patients-add"             POST   "/v1/patients"                        SignedIn;
    "patients-update"          PATCH  "/v1/patients/{id}"                   SignedIn;
    "patients-remove"          DELETE "/v1/patients/{id}"                   SignedIn;
    "records-list"             GET    "/v1/records/{kind}"                  ALL_BUT_SELLERS;
    "records-add"              POST   "/v1/records/{kind}"                  ALL_BUT_SELLERS;
    "records-update"           PATCH  "/v1/records/{kind}/{id}"             ALL_BUT_SELLERS;
    "records-remove"           DELETE "/v1/records/{kind}/{id}"             ALL_BUT_SELLERS;
    "records-list-grants"      GET    "/v1/records/grants"                  SignedIn;
    "records-grant"            PUT    "/v1/records/grants/{user_id}"        SignedIn;
    "records-revoke"           DELETE "/v1/records/grants/{user_id}"        SignedIn;
    "records-start-file"       POST   "/v1/records/{kind}/{id}/files"       ALL_BUT_SELLERS;
    "records-progress"         GET    "/v1/records/progress"                ALL_BUT_SELLERS;
    "records-import"           POST   "/v1/records/import"                  ALL_BUT_SELLERS;
    "records-export"           GET    "/v1/records/export"                  ALL_BUT_SELLERS;
    "records-start-bundle"     POST   "/v1/records/imports"                 ALL_BUT_SELLERS;
    "records-get-bundle"       GET    "/v1/records/imports/{id}"            ALL_BUT_SELLERS;
    "triage-vocabulary"        GET    "/v1/triage/symptoms"                 Anybody;
    "triage-assess"            POST   "/v1/triage"                          Anybody;
    "triage-list"              GET    "/v1/triage"                          ALL_BUT_SELLERS;
    "triage-get"               GET    "/v1/triage/{id}"                     ALL_BUT_SELLERS;
    "conditions-list"          GET    "/v1/conditions"                      Anybody;
    "conditions-get"           GET    "/v1/conditions/{id}"                 Anybody;
    "address-list"             GET    "/v1/profile/addresses"               SignedIn;
    "address-add"              POST   "/v1/profile/addresses"               SignedIn;
    "address-update"           PATCH  "/v1/profile/addresses/{id}"          SignedIn;
    "address-remove"           DELETE "/v1/profile/addresses/{id}"          SignedIn;
    "audit-mine"               GET    "/v1/profile/access-log"              SignedIn;

    "notifications-list"       GET    "/v1/notifications"                   SignedIn;
    "notifications-read"       POST   "/v1/notifications/read"              SignedIn;
    "notifications-set"        PUT    "/v1/profile/notifications"           SignedIn;
    "notifications-unsubscribe" POST  "/v1/notifications/unsubscribe/{token}" Anybody;
    "notifications-show-unsubscribe" GET "/v1/notifications/unsubscribe/{token}" Anybody;

    "catalog-list-products"    GET    "/v1/products"                        Anybody;
    "catalog-get-product"      GET    "/v1/products/{id}"                   Anybody;
    "catalog-create-product"   POST   "/v1/products"                        STAFF_AND_SELLERS;
    "catalog-update-product"   PATCH  "/v1/products/{id}"                   STAFF_AND_SELLERS;
    "catalog-retire-product"   DELETE "/v1/products/{id}"                   STAFF_AND_SELLERS;
    "catalog-start-image"      POST   "/v1/products/{id}/images"            STAFF_AND_SELLERS;
    "catalog-remove-image"     DELETE "/v1/products/{id}/images/{image_id}" STAFF_AND_SELLERS;
    "catalog-adjust-stock"     POST   "/v1/products/{id}/stock"             STAFF_AND_SELLERS;
    "catalog-receive-lot"      POST   "/v1/products/{id}/lots"              STAFF_AND_SELLERS;
    "catalog-list-lots"        GET    "/v1/products/{id}/lots"              STAFF_AND_SELLERS;
    "catalog-list-movements"   GET    "/v1/products/{id}/movements"         STAFF_AND_SELLERS;
    "catalog-price-history"    GET    "/v1/products/{id}/prices"            Anybody;
    "catalog-alternatives"     GET    "/v1/products/{id}/alternatives"      Anybody;
    "catalog-suggest"          GET    "/v1/products/suggest"                Anybody;
    "catalog-watch"            PUT    "/v1/products/{id}/watch"             SignedIn;
    "catalog-unwatch"          DELETE "/v1/products/{id}/watch"             SignedIn;
    "catalog-list-watches"     GET    "/v1/profile/watches"                 SignedIn;
    "catalog-confirm-movement" POST   "/v1/stock-movements/{id}/confirm"    STAFF_AND_SELLERS;
    "catalog-recall-lot"       POST   "/v1/lots/{id}/recall"                STAFF;
    "catalog-trace-lot"        GET    "/v1/lots/{id}/trace"                 STAFF;
    "catalog-get-recall"       GET    "/v1/recalls/{id}"                    STAFF;
    "imports-start"            POST   "/v1/imports"                         STAFF;
    "imports-list"             GET    "/v1/imports"                         STAFF;
    "imports-get"              GET    "/v1/imports/{id}"                    STAFF;
    "registers-controlled"     GET    "/v1/registers/controlled"            STAFF;
    "registers-verify"         GET    "/v1/registers/controlled/verify"     STAFF;
    "catalog-list-inventory"   GET    "/v1/inventory"                       STAFF_AND_SELLERS;
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
    "assistant-ask"            POST   "/v1/assistant/questions"             Anybody;
    "assistant-feedback"       POST   "/v1/assistant/questions/{id}/feedback" SignedIn;
    "content-list"             GET    "/v1/pages"                           Anybody;
    "content-get"              GET    "/v1/pages/{slug}"                    Anybody;
    "content-put"              PUT    "/v1/pages/{slug}/{locale}"           STAFF;
    "content-review"           POST   "/v1/pages/{slug}/{locale}/review"    STAFF;
    "content-versions"         GET    "/v1/pages/{slug}/versions"           STAFF;
    "content-start-image"      POST   "/v1/pages/{slug}/images"             STAFF;
    "content-publish"          POST   "/v1/pages/{slug}/publish"            ADMINS;
    "content-unpublish"        POST   "/v1/pages/{slug}/unpublish"          ADMINS;
    "content-remove"           DELETE "/v1/pages/{slug}"                    ADMINS;

    "cart-get"                 GET    "/v1/cart"                            CUSTOMERS;
    "cart-put-item"            PUT    "/v1/cart/items/{product_id}"         CUSTOMERS;
    "cart-remove-item"         DELETE "/v1/cart/items/{product_id}"         CUSTOMERS;
    "cart-clear"               DELETE "/v1/cart"                            CUSTOMERS;
    "cart-merge"               POST   "/v1/cart/merge"                      CUSTOMERS;
    "cart-set-coupon"          PUT    "/v1/cart/coupon"                     CUSTOMERS;
    "cart-remove-coupon"       DELETE "/v1/cart/coupon"                     CUSTOMERS;
    "delivery-quote"           GET    "/v1/delivery"                        Anybody;
    "delivery-list-zones"      GET    "/v1/delivery/zones"                  STAFF;
    "delivery-put-zone"        PUT    "/v1/delivery/zones/{id}"             STAFF;
    "delivery-remove-zone"     DELETE "/v1/delivery/zones/{id}"             STAFF;
    "coupons-list"             GET    "/v1/coupons"                         STAFF;
    "coupons-put"              PUT    "/v1/coupons/{code}"                  STAFF;
    "coupons-remove"           DELETE "/v1/coupons/{code}"                  STAFF;
    "checkout-preview"         POST   "/v1/checkout/preview"                CUSTOMERS;
    "checkout-place-order"     POST   "/v1/orders"                          CUSTOMERS;
    "orders-list"              GET    "/v1/orders"                          ALL_BUT_DOCTORS;
    "orders-get"               GET    "/v1/orders/{id}"                     ALL_BUT_DOCTORS;
    "orders-cancel"            POST   "/v1/orders/{id}/cancel"              STAFF_AND_CUSTOMERS;
    "orders-reorder"           POST   "/v1/orders/{id}/reorder"             CUSTOMERS;
    "orders-set-prescriptions" PUT    "/v1/orders/{id}/prescriptions"       CUSTOMERS;
    "orders-transition"        POST   "/v1/orders/{id}/transitions"         STAFF;
    "orders-resolve-hold"      POST   "/v1/orders/{id}/holds/{hold_id}/resolve" STAFF;

    "orders-request-return"    POST   "/v1/orders/{id}/returns"             CUSTOMERS;
    "orders-list-returns"      GET    "/v1/orders/{id}/returns"             ALL_BUT_DOCTORS;
    "orders-resolve-return"    POST   "/v1/orders/{id}/returns/{return_id}/resolve" STAFF;
    "sellers-earnings"         GET    "/v1/sellers/me/earnings"             SELLERS;
    "sellers-get-profile"      GET    "/v1/sellers/me/profile"              SELLERS;
    "sellers-set-profile"      PUT    "/v1/sellers/me/profile"              SELLERS;
    "sellers-apply"            POST   "/v1/sellers/applications"            CUSTOMERS;
    "sellers-list-applications" GET   "/v1/sellers/applications"            STAFF;
    "sellers-decide-application" POST "/v1/sellers/applications/{id}/decide" STAFF;
    "payments-methods"         GET    "/v1/payments/methods"                Anybody;
    "payments-start"           POST   "/v1/orders/{id}/payment"             CUSTOMERS;
    "payments-confirm"         POST   "/v1/orders/{id}/payment/confirm"     CUSTOMERS;
    "payments-refund"          POST   "/v1/orders/{id}/refunds"             STAFF;
    "payments-close-refund"    POST   "/v1/orders/{id}/refunds/{refund_id}/close" STAFF;
    "payments-list-refunds"    GET    "/v1/orders/{id}/refunds"             ALL_BUT_DOCTORS;
    "payments-esewa-return"    POST   "/v1/payments/esewa/return"           Anybody;
    "payments-bkash-webhook"   POST   "/v1/payments/bkash/webhook"          Anybody;
    "payments-paypal-webhook"  POST   "/v1/payments/paypal/webhook"         Anybody;
    "payments-stripe-webhook"  POST   "/v1/payments/stripe/webhook"         Anybody;

    "prescriptions-start"      POST   "/v1/prescriptions"                   CUSTOMERS;
    "prescriptions-list"       GET    "/v1/prescriptions"                   STAFF_AND_CUSTOMERS;
    "prescriptions-get"        GET    "/v1/prescriptions/{id}"              STAFF_AND_CUSTOMERS;
    "prescriptions-withdraw"   DELETE "/v1/prescriptions/{id}"              CUSTOMERS;
    "prescriptions-claim"      POST   "/v1/prescriptions/{id}/claim"        STAFF;
    "prescriptions-undo-review" DELETE "/v1/prescriptions/{id}/review"      STAFF;
    "prescriptions-refill"     POST   "/v1/prescriptions/{id}/refills"     CUSTOMERS;
    "prescriptions-release"    DELETE "/v1/prescriptions/{id}/claim"        STAFF;
    "prescriptions-review"     POST   "/v1/prescriptions/{id}/review"       STAFF;

    "consultations-request"    POST   "/v1/consultations"                   CUSTOMERS;
    "consultations-list"       GET    "/v1/consultations"                   ALL_BUT_SELLERS;
    "consultations-get"        GET    "/v1/consultations/{id}"              ALL_BUT_SELLERS;
    "consultations-assign"     POST   "/v1/consultations/{id}/assign"       STAFF;
    "consultations-respond"    POST   "/v1/consultations/{id}/respond"      DOCTORS;
    "consultations-close"      POST   "/v1/consultations/{id}/close"        DOCTORS_AND_CUSTOMERS;
    "chat-history"             GET    "/v1/consultations/{id}/messages"     CHAT_READERS;
    "chat-post"                POST   "/v1/consultations/{id}/messages"     DOCTORS_AND_CUSTOMERS;
    "chat-start-attachment"    POST   "/v1/consultations/{id}/attachments"  DOCTORS_AND_CUSTOMERS;
    "chat-get-attachment"      GET    "/v1/consultations/{id}/attachments/{attachment_id}" CHAT_READERS;
    "chat-ticket"              POST   "/v1/chat/ticket"                     SignedIn;

    "admin-list-users"         GET    "/v1/admin/users"                     ADMINS;
    "admin-get-user"           GET    "/v1/admin/users/{id}"                ADMINS;
    "admin-set-roles"          PUT    "/v1/admin/users/{id}/roles"          ADMINS;
    "admin-set-enabled"        PUT    "/v1/admin/users/{id}/enabled"        ADMINS;
    "admin-end-sessions"       DELETE "/v1/admin/users/{id}/sessions"       ADMINS;
    "admin-list-audit"         GET    "/v1/admin/audit"                     ADMINS;

    "webhooks-list"            GET    "/v1/webhooks"                        ADMINS;
    "webhooks-put"             PUT    "/v1/webhooks/{id}"                   ADMINS;
    "webhooks-remove"          DELETE "/v1/webhooks/{id}"                   ADMINS;
    "webhooks-deliveries"      GET    "/v1/webhooks/{id}/deliveries"        ADMINS;
    "webhooks-redeliver"       POST   "/v1/webhooks/{id}/redeliver"         ADMINS;

    "reports-sales"            GET    "/v1/reports/sales"                   STAFF_AND_SELLERS;
    "reports-inventory"        GET    "/v1/reports/inventory"               STAFF_AND_SELLERS;
    "reports-prescriptions"    GET    "/v1/reports/prescriptions"           STAFF;
    "reports-payments"         GET    "/v1/reports/payments"                STAFF;

    "platform-health"          GET    "/v1/health"                          Anybody;
    "platform-openapi"         GET    "/v1/openapi.json"                    Anybody;
    "platform-docs"            GET    "/v1/docs"                            Anybody;
    "platform-problem"         GET    "/v1/problems/{code}"                 Anybody;
};

/// The functions that no route leads to.
pub const WORKERS: &[&str] = &[
    "auth-create-challenge",
    "auth-define-challenge",
    "auth-verify-challenge",
    "catalog-expire-lots",
    "catalog-import",
    "catalog-index-stock",
    "catalog-scan-image",
    "catalog-follow-changes",
    "catalog-write-snapshot",
    "content-publish-due",
    "content-scan-image",
    "orders-follow-recalls",
    "orders-release",
    "payments-listen",
    "payments-settle",
    "chat-connect",
    "chat-disconnect",
    "chat-frame",
    "chat-scan-attachment",
    "prescriptions-expire",
    "prescriptions-read",
    "prescriptions-scan",
    "notifications-plan",
    "notifications-remind",
    "notifications-send",
    "platform-keys",
    "platform-not-found",
    "profile-erase",
    "profile-scan-picture",
    "records-scan-file",
    "records-take-bundle",
    "reports-count",
    "webhooks-deliver",
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
            Some("webhooks") => "no-such-webhook".to_owned(),
            Some("admin") => NOBODY.to_owned(),
            Some("medicine") => "rul_nothing".to_owned(),
            Some("profile") => format!("adr_{NOTHING}"),
            Some("profiles") => "00000000-0000-4000-8000-000000000000".to_owned(),
            Some("assistant") => format!("qst_{NOTHING}"),
            Some("orders") => format!("ord_{NOTHING}"),
            Some("prescriptions") => format!("rx_{NOTHING}"),
            Some("consultations") => format!("con_{NOTHING}"),
            Some("delivery") => "no-such-zone".to_owned(),
            Some("sellers") => format!("sap_{NOTHING}"),
            Some("patients") => format!("pat_{NOTHING}"),
            Some("records") if self.path.contains("/imports/") => format!("imp_{NOTHING}"),
            Some("records") => format!("rec_{NOTHING}"),
            Some("lots") => format!("lot_{NOTHING}"),
            Some("recalls") => format!("rcl_{NOTHING}"),
            Some("imports") => format!("imp_{NOTHING}"),
            _ => format!("prd_{NOTHING}"),
        };
        self.path
            .replace("{id}", &id)
            .replace("{kind}", if self.path.starts_with("/v1/records") { "labs" } else { "interaction" })
            .replace("{user_id}", NOBODY)
            .replace("{code}", "NO-SUCH-COUPON")
            .replace("{return_id}", &format!("ret_{NOTHING}"))
            .replace("{slug}", "no-such-page")
            .replace("{locale}", "en")
            .replace("{provider}", "google")
            .replace("{hold_id}", "screening.AAAAAAAAAAAAAAAA")
            .replace("{token}", "no-such-token")
            .replace("{product_id}", &format!("prd_{NOTHING}"))
            .replace("{image_id}", &format!("img_{NOTHING}"))
            .replace("{attachment_id}", &format!("att_{NOTHING}"))
            .replace("{refund_id}", &format!("rfd_{NOTHING}"))
    }
}

/// The id of nobody.
pub const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

/// The ULID of nothing.
pub const NOTHING: &str = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
