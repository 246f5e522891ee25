//! The access table: every HTTP function, its route and who may call it. A function without a row here answers nobody.

use super::limit::Limit;
use super::permission::Permission;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, and everybody gets the same; a token is not even looked at.
    Anyone,
    /// Anybody; who is signed in may get more.
    AnyoneOrCaller,
    /// Anybody who is signed in.
    SignedIn,
    /// Who has a role with this permission.
    Needs(Permission),
}

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The package of the function.
    pub function: &'static str,
    /// `GET`, `POST`, …
    pub method: &'static str,
    /// As API Gateway has it: `/v1/orders/{id}`.
    pub path: &'static str,
    /// Who may call it.
    pub access: Access,
    /// How often.
    pub limit: Limit,
    /// Whether it must not begin before the caller is let in, although it is a GET: it leaves something behind.
    pub writes: bool,
    /// Whether a token that is no good, or whose session has ended, is no caller and no reason to refuse either: who wants to
    /// leave may have something else to leave by.
    pub lenient: bool,
    /// Whether it answers HEAD as well, as it answers GET but without the body (RFC 9110, section 9.3.2).
    pub head: bool,
}

impl Route {
    /// Whether the id in its path is a person's.
    pub(crate) fn is_about_people(&self) -> bool {
        self.path.starts_with("/v1/admin/users/{id}")
    }
}

/// The row of a function.
pub fn route(function: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.function == function)
}

macro_rules! limit {
    () => {
        Limit::Standard
    };
    ($limit:ident) => {
        Limit::$limit
    };
}

macro_rules! writes {
    (writes) => {
        true
    };
    ($($other:ident)?) => {
        false
    };
}

macro_rules! lenient {
    (lenient) => {
        true
    };
    ($($other:ident)?) => {
        false
    };
}

macro_rules! head {
    (head) => {
        true
    };
    ($($other:ident)?) => {
        false
    };
}

macro_rules! routes {
    ($($function:literal $method:ident $path:literal $access:expr $(, $limit:ident $(, $more:ident)?)?;)*) => {
        &[$(Route {
            function: $function,
            method: stringify!($method),
            path: $path,
            access: $access,
            limit: limit!($($limit)?),
            writes: writes!($($($more)?)?),
            lenient: lenient!($($($more)?)?),
            head: head!($($($more)?)?),
        }),*]
    };
}

use Access::{Anyone, AnyoneOrCaller, Needs, SignedIn};
use Permission as P;

/// Every HTTP function, by area. A row without a limit has the standard one; a GET that writes says so, and so does a route
/// that is lenient with tokens, and one that answers HEAD too, which monitors and checkers of links send.
pub const ROUTES: &[Route] = routes! {
    "auth-register"                POST   "/v1/auth/register"                       Anyone, Auth;
    "auth-confirm"                 POST   "/v1/auth/register/confirm"               Anyone, Auth;
    "auth-resend-code"             POST   "/v1/auth/register/resend"                Anyone, Auth;
    "auth-login"                   POST   "/v1/auth/login"                          Anyone, SignIn;
    "auth-refresh"                 POST   "/v1/auth/token/refresh"                  Anyone, Auth;
    "auth-logout"                  POST   "/v1/auth/logout"                         AnyoneOrCaller, Auth, lenient;
    "auth-forgot-password"         POST   "/v1/auth/password/forgot"                Anyone, SendCode;
    "auth-reset-password"          POST   "/v1/auth/password/reset"                 Anyone, Auth;
    "auth-change-password"         POST   "/v1/auth/password/change"                SignedIn, Auth;
    "auth-answer-challenge"        POST   "/v1/auth/login/challenge"               Anyone, SignIn;
    "auth-enroll-mfa"              POST   "/v1/auth/mfa"                           AnyoneOrCaller, Auth;
    "auth-confirm-mfa"             POST   "/v1/auth/mfa/confirm"                   AnyoneOrCaller, Auth;
    "auth-remove-mfa"              DELETE "/v1/auth/mfa"                           SignedIn, Auth;
    "auth-request-otp"             POST   "/v1/auth/otp"                           Anyone, SendCode;
    "auth-verify-otp"              POST   "/v1/auth/otp/verify"                    Anyone, SignIn;
    "auth-complete-registration"   POST   "/v1/auth/register/complete"             Anyone, Auth;
    "auth-change-contact"          POST   "/v1/auth/contact"                       SignedIn, SendCode;
    "auth-confirm-contact"         POST   "/v1/auth/contact/confirm"               SignedIn, Auth;
    "auth-start-social"            GET    "/v1/auth/social/{provider}"             Anyone, Auth, writes;
    "auth-finish-social"           POST   "/v1/auth/social/callback"               AnyoneOrCaller, Auth;

    "profile-get"                  GET    "/v1/profile"                             SignedIn;
    "profile-update"               PATCH  "/v1/profile"                             SignedIn;
    "profile-start-picture"        POST   "/v1/profile/picture"                     SignedIn;
    "profile-remove-picture"       DELETE "/v1/profile/picture"                     SignedIn;
    "profile-set-privacy"          PUT    "/v1/profile/privacy"                     SignedIn;
    "profile-export"               GET    "/v1/profile/export"                      SignedIn, Standard, writes;
    "profile-delete"               DELETE "/v1/profile"                             SignedIn;
    "profile-view"                 GET    "/v1/profiles/{id}"                       AnyoneOrCaller;
    "address-list"                 GET    "/v1/profile/addresses"                   SignedIn;
    "address-add"                  POST   "/v1/profile/addresses"                   SignedIn;
    "address-update"               PATCH  "/v1/profile/addresses/{id}"              SignedIn;
    "address-remove"               DELETE "/v1/profile/addresses/{id}"              SignedIn;
    "audit-mine"                   GET    "/v1/profile/access-log"                  SignedIn;

    "catalog-list-products"        GET    "/v1/products"                            AnyoneOrCaller, Search, head;
    "catalog-get-product"          GET    "/v1/products/{id}"                       AnyoneOrCaller, Standard, head;
    "catalog-create-product"       POST   "/v1/products"                            Needs(P::ManageProducts);
    "catalog-update-product"       PATCH  "/v1/products/{id}"                       Needs(P::ManageProducts);
    "catalog-retire-product"       DELETE "/v1/products/{id}"                       Needs(P::ManageProducts);
    "catalog-start-image"          POST   "/v1/products/{id}/images"                Needs(P::ManageProducts);
    "catalog-remove-image"         DELETE "/v1/products/{id}/images/{image_id}"     Needs(P::ManageProducts);
    "catalog-adjust-stock"         POST   "/v1/products/{id}/stock"                 Needs(P::ManageStock);
    "catalog-list-categories"      GET    "/v1/categories"                          AnyoneOrCaller, Standard, head;
    "catalog-put-category"         PUT    "/v1/categories/{id}"                     Needs(P::ManageCategories);
    "catalog-remove-category"      DELETE "/v1/categories/{id}"                     Needs(P::ManageCategories);
    "catalog-list-brands"          GET    "/v1/brands"                              AnyoneOrCaller, Standard, head;
    "catalog-list-ingredients"     GET    "/v1/ingredients"                         AnyoneOrCaller, Standard, head;

    "cart-get"                     GET    "/v1/cart"                                Needs(P::Buy);
    "cart-put-item"                PUT    "/v1/cart/items/{product_id}"             Needs(P::Buy);
    "cart-remove-item"             DELETE "/v1/cart/items/{product_id}"             Needs(P::Buy);
    "cart-clear"                   DELETE "/v1/cart"                                Needs(P::Buy);
    "cart-merge"                   POST   "/v1/cart/merge"                          Needs(P::Buy);
    "checkout-preview"             POST   "/v1/checkout/preview"                    Needs(P::Buy);
    "checkout-place-order"         POST   "/v1/orders"                              Needs(P::Buy);
    "orders-list"                  GET    "/v1/orders"                              Needs(P::ReadOrders);
    "orders-get"                   GET    "/v1/orders/{id}"                         Needs(P::ReadOrders);
    "orders-cancel"                POST   "/v1/orders/{id}/cancel"                  Needs(P::CancelOrders);
    "orders-transition"            POST   "/v1/orders/{id}/transitions"             Needs(P::MoveOrders);

    "payments-methods"             GET    "/v1/payments/methods"                    Anyone;
    "payments-start"               POST   "/v1/orders/{id}/payment"                 Needs(P::Buy);
    "payments-confirm"             POST   "/v1/orders/{id}/payment/confirm"         Needs(P::Buy);
    "payments-refund"              POST   "/v1/orders/{id}/refunds"                 Needs(P::RefundOrders);
    "payments-list-refunds"        GET    "/v1/orders/{id}/refunds"                 Needs(P::ReadOrders);
    "payments-stripe-webhook"      POST   "/v1/payments/stripe/webhook"             Anyone;

    "prescriptions-start"          POST   "/v1/prescriptions"                       Needs(P::SubmitPrescriptions);
    "prescriptions-list"           GET    "/v1/prescriptions"                       Needs(P::ReadPrescriptions);
    "prescriptions-get"            GET    "/v1/prescriptions/{id}"                  Needs(P::ReadPrescriptions);
    "prescriptions-withdraw"       DELETE "/v1/prescriptions/{id}"                  Needs(P::SubmitPrescriptions);
    "prescriptions-claim"          POST   "/v1/prescriptions/{id}/claim"            Needs(P::ReviewPrescriptions);
    "prescriptions-review"         POST   "/v1/prescriptions/{id}/review"           Needs(P::ReviewPrescriptions);

    "admin-list-users"             GET    "/v1/admin/users"                         Needs(P::ManageUsers), Admin;
    "admin-get-user"               GET    "/v1/admin/users/{id}"                    Needs(P::ManageUsers), Admin;
    "admin-set-roles"              PUT    "/v1/admin/users/{id}/roles"              Needs(P::ManageUsers), Admin;
    "admin-set-enabled"            PUT    "/v1/admin/users/{id}/enabled"            Needs(P::ManageUsers), Admin;
    "admin-end-sessions"           DELETE "/v1/admin/users/{id}/sessions"           Needs(P::ManageUsers), Admin;
    "admin-list-audit"             GET    "/v1/admin/audit"                         Needs(P::ReadAudit), Admin;

    "medicine-search-substances"   GET    "/v1/medicine/substances"                 Anyone, Search, head;
    "medicine-get-substance"       GET    "/v1/medicine/substances/{id}"            Anyone, Search, head;
    "medicine-check-interactions"  POST   "/v1/medicine/interactions"              Anyone, Search;
    "medicine-calculate-dose"      POST   "/v1/medicine/dose"                      Anyone, Search;
    "medicine-safety-report"       GET    "/v1/medicine/safety"                    Anyone, Search;
    "medicine-list-rules"          GET    "/v1/medicine/rules/{kind}"              Needs(P::ManageRules);
    "medicine-get-rule"            GET    "/v1/medicine/rules/{kind}/{id}"         Needs(P::ManageRules);
    "medicine-put-rule"            PUT    "/v1/medicine/rules/{kind}/{id}"         Needs(P::ManageRules);
    "medicine-review-rule"         POST   "/v1/medicine/rules/{kind}/{id}/review"  Needs(P::ManageRules);

    "platform-health"              GET    "/v1/health"                              Anyone, Standard, head;
    "platform-openapi"             GET    "/v1/openapi.json"                        Anyone, Standard, head;
    "platform-docs"                GET    "/v1/docs"                                Anyone, Standard, head;
};

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_function_and_no_route_stands_twice() {
        let functions: BTreeSet<_> = ROUTES.iter().map(|route| route.function).collect();
        let paths: BTreeSet<_> = ROUTES.iter().map(|route| (route.method, route.path)).collect();
        assert_eq!((functions.len(), paths.len()), (ROUTES.len(), ROUTES.len()));
    }

    #[test]
    fn where_secrets_are_guessed_and_users_looked_after_there_are_limits_of_their_own() {
        for route in ROUTES {
            let narrow = matches!(route.limit, Limit::SignIn | Limit::SendCode | Limit::Auth);
            assert_eq!(narrow, route.path.starts_with("/v1/auth/"), "{}", route.function);
            assert_eq!(route.limit == Limit::Admin, route.path.starts_with("/v1/admin/"), "{}", route.function);
        }
    }

    #[test]
    fn whoever_answers_head_answers_get_and_writes_nothing() {
        let heads: Vec<_> = ROUTES.iter().filter(|route| route.head).collect();
        assert!(heads.iter().all(|route| route.method == "GET" && !route.writes), "{heads:?}");
        let catalogue = ROUTES.iter().filter(|route| route.method == "GET" && route.function.starts_with("catalog-"));
        assert!(catalogue.chain(route("platform-health")).all(|route| route.head));
    }

    #[test]
    fn an_unknown_function_has_no_row() {
        assert_eq!(route("admin-set-roles-by-anyone"), None);
    }
}
