//! The access table: every HTTP function, its route and who may call it. A function without a row here answers nobody.

use std::collections::BTreeSet;

use super::limits::limit::Limit;
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
    /// Whether it shows something to everybody: a token that is no good leaves its sender a guest then.
    pub fn is_public(&self) -> bool {
        self.access == AnyoneOrCaller && self.method == "GET"
    }

    /// Whether the id in its path is a person's.
    pub(crate) fn is_about_people(&self) -> bool {
        self.path.starts_with("/v1/admin/users/{id}")
    }
}

/// The row of a function.
pub fn route(function: &str) -> Option<&'static Route> {
    ROUTES.iter().find(|route| route.function == function)
}

/// What takes the requests that no row of the table does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Elsewhere {
    /// The package of the function.
    pub function: &'static str,
    /// As API Gateway has it: whatever is below the root and nothing else takes.
    pub path: &'static str,
    /// By which methods. Not `OPTIONS`: API Gateway answers preflights itself as long as no route takes them, which `$default`
    /// and `ANY` would.
    pub methods: &'static [&'static str],
}

/// The only one: it lets nobody in anywhere.
pub const ELSEWHERE: Elsewhere = Elsewhere {
    function: "platform-not-found",
    path: "/{proxy+}",
    methods: &["DELETE", "GET", "HEAD", "PATCH", "POST", "PUT"],
};

/// The methods that some route takes a path by.
pub fn methods_at(path: &str) -> BTreeSet<&'static str> {
    let fits = |route: &Route| {
        let (mut asked, mut known) = (path.split('/'), route.path.split('/'));
        loop {
            match (asked.next(), known.next()) {
                (None, None) => return true,
                (Some(asked), Some(known)) if asked == known || known.starts_with('{') && !asked.is_empty() => {}
                _ => return false,
            }
        }
    };
    let methods = |route: &Route| [Some(route.method), route.head.then_some("HEAD")];
    ROUTES.iter().filter(|route| fits(route)).flat_map(methods).flatten().collect()
}

/// A route of the WebSocket API. Who may connect is told by the ticket; what they may do, by each consultation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SocketRoute {
    /// The package of the function.
    pub function: &'static str,
    /// As API Gateway has it: `$connect`.
    pub key: &'static str,
}

/// Every route of the WebSocket API, as `infra/socket.yaml` makes them. A function without a row here answers nobody.
pub const SOCKET_ROUTES: &[SocketRoute] = &[
    SocketRoute { function: "chat-connect", key: "$connect" },
    SocketRoute { function: "chat-disconnect", key: "$disconnect" },
    SocketRoute { function: "chat-frame", key: "$default" },
];

/// The route of a function of the WebSocket API.
pub fn socket_route(function: &str) -> Option<&'static SocketRoute> {
    SOCKET_ROUTES.iter().find(|route| route.function == function)
}

/// Whether what is made by a route has an address below it, by its id: `/v1/orders` has, since there is `/v1/orders/{id}`.
pub fn has_members(route: &Route) -> bool {
    let below = |other: &Route| other.path.strip_prefix(route.path).is_some_and(|rest| rest.starts_with("/{"));
    ROUTES.iter().any(below)
}

/// Whether the answers of a function may hold what opens something: tokens, codes, the secret of a second factor or of a
/// webhook, a ticket. They are never packed: whoever sees how long a packed answer is and may write a part of it can guess the
/// rest (BREACH).
pub fn answers_secrets(function: &str) -> bool {
    route(function).is_none_or(|route| route.path.starts_with("/v1/auth/")) || SECRETIVE.contains(&function)
}

/// What answers with a secret outside of `/v1/auth/`.
const SECRETIVE: [&str; 2] = ["chat-ticket", "webhooks-put"];

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
    "auth-refresh"                 POST   "/v1/auth/token/refresh"                  Anyone, Standard;
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

    "patients-list"                GET    "/v1/patients"                            SignedIn;
    "patients-add"                 POST   "/v1/patients"                            SignedIn;
    "patients-update"              PATCH  "/v1/patients/{id}"                       SignedIn;
    "patients-remove"              DELETE "/v1/patients/{id}"                       SignedIn;

    "catalog-list-products"        GET    "/v1/products"                            AnyoneOrCaller, Search, head;
    "catalog-get-product"          GET    "/v1/products/{id}"                       AnyoneOrCaller, Standard, head;
    "catalog-create-product"       POST   "/v1/products"                            Needs(P::ManageProducts);
    "catalog-update-product"       PATCH  "/v1/products/{id}"                       Needs(P::ManageProducts);
    "catalog-retire-product"       DELETE "/v1/products/{id}"                       Needs(P::ManageProducts);
    "catalog-start-image"          POST   "/v1/products/{id}/images"                Needs(P::ManageProducts);
    "catalog-remove-image"         DELETE "/v1/products/{id}/images/{image_id}"     Needs(P::ManageProducts);
    "catalog-adjust-stock"         POST   "/v1/products/{id}/stock"                 Needs(P::ManageStock);
    "catalog-receive-lot"          POST   "/v1/products/{id}/lots"                  Needs(P::ManageStock);
    "catalog-list-lots"            GET    "/v1/products/{id}/lots"                  Needs(P::ManageStock);
    "catalog-list-movements"       GET    "/v1/products/{id}/movements"             Needs(P::ManageStock), Standard, writes;
    "catalog-list-inventory"       GET    "/v1/inventory"                           Needs(P::ManageStock);
    "catalog-price-history"        GET    "/v1/products/{id}/prices"                AnyoneOrCaller, Standard, head;
    "catalog-alternatives"         GET    "/v1/products/{id}/alternatives"          AnyoneOrCaller, Standard, head;
    "catalog-suggest"              GET    "/v1/products/suggest"                    AnyoneOrCaller, Search, head;
    "catalog-watch"                PUT    "/v1/products/{id}/watch"                 SignedIn;
    "catalog-unwatch"              DELETE "/v1/products/{id}/watch"                 SignedIn;
    "catalog-list-watches"         GET    "/v1/profile/watches"                     SignedIn;
    "catalog-confirm-movement"     POST   "/v1/stock-movements/{id}/confirm"        Needs(P::ManageStock);
    "catalog-recall-lot"           POST   "/v1/lots/{id}/recall"                    Needs(P::RecallLots);
    "catalog-trace-lot"            GET    "/v1/lots/{id}/trace"                     Needs(P::RecallLots);
    "catalog-get-recall"           GET    "/v1/recalls/{id}"                        Needs(P::RecallLots);
    "imports-start"                POST   "/v1/imports"                             Needs(P::ImportTables);
    "imports-list"                 GET    "/v1/imports"                             Needs(P::ImportTables);
    "imports-get"                  GET    "/v1/imports/{id}"                        Needs(P::ImportTables);
    "catalog-list-categories"      GET    "/v1/categories"                          AnyoneOrCaller, Standard, head;
    "catalog-put-category"         PUT    "/v1/categories/{id}"                     Needs(P::ManageCategories);
    "catalog-remove-category"      DELETE "/v1/categories/{id}"                     Needs(P::ManageCategories);
    "catalog-list-brands"          GET    "/v1/brands"                              AnyoneOrCaller, Standard, head;
    "catalog-list-ingredients"     GET    "/v1/ingredients"                         AnyoneOrCaller, Standard, head;
    "registers-controlled"         GET    "/v1/registers/controlled"                Needs(P::KeepRegister), Standard, writes;
    "registers-verify"             GET    "/v1/registers/controlled/verify"         Needs(P::KeepRegister), Standard, writes;

    "cart-get"                     GET    "/v1/cart"                                Needs(P::Buy);
    "cart-put-item"                PUT    "/v1/cart/items/{product_id}"             Needs(P::Buy);
    "cart-remove-item"             DELETE "/v1/cart/items/{product_id}"             Needs(P::Buy);
    "cart-clear"                   DELETE "/v1/cart"                                Needs(P::Buy);
    "cart-merge"                   POST   "/v1/cart/merge"                          Needs(P::Buy);
    "cart-set-coupon"              PUT    "/v1/cart/coupon"                        Needs(P::Buy);
    "cart-remove-coupon"           DELETE "/v1/cart/coupon"                        Needs(P::Buy);
    "checkout-preview"             POST   "/v1/checkout/preview"                    Needs(P::Buy);
    "checkout-place-order"         POST   "/v1/orders"                              Needs(P::Buy);
    "orders-list"                  GET    "/v1/orders"                              Needs(P::ReadOrders);
    "orders-get"                   GET    "/v1/orders/{id}"                         Needs(P::ReadOrders);
    "orders-cancel"                POST   "/v1/orders/{id}/cancel"                  Needs(P::CancelOrders);
    "orders-transition"            POST   "/v1/orders/{id}/transitions"             Needs(P::MoveOrders);
    "orders-request-return"        POST   "/v1/orders/{id}/returns"                Needs(P::Buy);
    "orders-list-returns"          GET    "/v1/orders/{id}/returns"                Needs(P::ReadOrders);
    "orders-resolve-return"        POST   "/v1/orders/{id}/returns/{return_id}/resolve" Needs(P::RefundOrders);
    "orders-reorder"               POST   "/v1/orders/{id}/reorder"                Needs(P::Buy);
    "orders-set-prescriptions"     PUT    "/v1/orders/{id}/prescriptions"          Needs(P::Buy);
    "orders-resolve-hold"          POST   "/v1/orders/{id}/holds/{hold_id}/resolve" Needs(P::MoveOrders);

    "payments-methods"             GET    "/v1/payments/methods"                    Anyone;
    "payments-start"               POST   "/v1/orders/{id}/payment"                 Needs(P::Buy);
    "payments-confirm"             POST   "/v1/orders/{id}/payment/confirm"         Needs(P::Buy);
    "payments-refund"              POST   "/v1/orders/{id}/refunds"                 Needs(P::RefundOrders);
    "payments-close-refund"        POST   "/v1/orders/{id}/refunds/{refund_id}/close" Needs(P::RefundOrders);
    "payments-list-refunds"        GET    "/v1/orders/{id}/refunds"                 Needs(P::ReadOrders);
    "payments-esewa-return"        POST   "/v1/payments/esewa/return"               Anyone;
    "payments-bkash-webhook"       POST   "/v1/payments/bkash/webhook"              Anyone;
    "payments-paypal-webhook"      POST   "/v1/payments/paypal/webhook"             Anyone;
    "payments-stripe-webhook"      POST   "/v1/payments/stripe/webhook"             Anyone;

    "prescriptions-start"          POST   "/v1/prescriptions"                       Needs(P::SubmitPrescriptions);
    "prescriptions-list"           GET    "/v1/prescriptions"                       Needs(P::ReadPrescriptions);
    "prescriptions-get"            GET    "/v1/prescriptions/{id}"                  Needs(P::ReadPrescriptions);
    "prescriptions-withdraw"       DELETE "/v1/prescriptions/{id}"                  Needs(P::SubmitPrescriptions);
    "prescriptions-claim"          POST   "/v1/prescriptions/{id}/claim"            Needs(P::ReviewPrescriptions);
    "prescriptions-release"        DELETE "/v1/prescriptions/{id}/claim"            Needs(P::ReviewPrescriptions);
    "prescriptions-review"         POST   "/v1/prescriptions/{id}/review"           Needs(P::ReviewPrescriptions);
    "prescriptions-undo-review"    DELETE "/v1/prescriptions/{id}/review"           Needs(P::ReviewPrescriptions);
    "prescriptions-refill"         POST   "/v1/prescriptions/{id}/refills"         Needs(P::Buy);

    "consultations-request"        POST   "/v1/consultations"                       Needs(P::RequestConsultations);
    "consultations-list"           GET    "/v1/consultations"                       Needs(P::ReadConsultations);
    "consultations-get"            GET    "/v1/consultations/{id}"                  Needs(P::ReadConsultations);
    "consultations-assign"         POST   "/v1/consultations/{id}/assign"           Needs(P::AssignConsultations);
    "consultations-respond"        POST   "/v1/consultations/{id}/respond"          Needs(P::AnswerConsultations);
    "consultations-close"          POST   "/v1/consultations/{id}/close"            Needs(P::CloseConsultations);
    "chat-history"                 GET    "/v1/consultations/{id}/messages"         Needs(P::ReadChat);
    "chat-post"                    POST   "/v1/consultations/{id}/messages"         Needs(P::WriteChat);
    "chat-start-attachment"        POST   "/v1/consultations/{id}/attachments"      Needs(P::WriteChat);
    "chat-get-attachment"          GET    "/v1/consultations/{id}/attachments/{attachment_id}" Needs(P::ReadChat);
    "chat-ticket"                  POST   "/v1/chat/ticket"                         SignedIn, Ticket;

    "admin-list-users"             GET    "/v1/admin/users"                         Needs(P::ManageUsers), Admin;
    "admin-get-user"               GET    "/v1/admin/users/{id}"                    Needs(P::ManageUsers), Admin;
    "admin-set-roles"              PUT    "/v1/admin/users/{id}/roles"              Needs(P::ManageUsers), Admin;
    "admin-set-enabled"            PUT    "/v1/admin/users/{id}/enabled"            Needs(P::ManageUsers), Admin;
    "admin-end-sessions"           DELETE "/v1/admin/users/{id}/sessions"           Needs(P::ManageUsers), Admin;
    "admin-list-audit"             GET    "/v1/admin/audit"                         Needs(P::ReadAudit), Admin;

    "medicine-search-substances"   GET    "/v1/medicine/substances"                 Anyone, Search, head;
    "medicine-get-substance"       GET    "/v1/medicine/substances/{id}"            Anyone, Search, head;
    "medicine-check-interactions"  POST   "/v1/medicine/interactions"              AnyoneOrCaller, Search;
    "medicine-calculate-dose"      POST   "/v1/medicine/dose"                      AnyoneOrCaller, Search;
    "medicine-safety-report"       GET    "/v1/medicine/safety"                    AnyoneOrCaller, Search;
    "medicine-list-rules"          GET    "/v1/medicine/rules/{kind}"              Needs(P::ManageRules);
    "medicine-get-rule"            GET    "/v1/medicine/rules/{kind}/{id}"         Needs(P::ManageRules);
    "medicine-put-rule"            PUT    "/v1/medicine/rules/{kind}/{id}"         Needs(P::ManageRules);
    "medicine-review-rule"         POST   "/v1/medicine/rules/{kind}/{id}/review"  Needs(P::ManageRules);

    "content-list"                 GET    "/v1/pages"                               AnyoneOrCaller, Standard, head;
    "content-get"                  GET    "/v1/pages/{slug}"                        AnyoneOrCaller, Standard, head;
    "content-put"                  PUT    "/v1/pages/{slug}/{locale}"               Needs(P::EditContent);
    "content-review"               POST   "/v1/pages/{slug}/{locale}/review"        Needs(P::EditContent);
    "content-versions"             GET    "/v1/pages/{slug}/versions"               Needs(P::EditContent);
    "content-start-image"          POST   "/v1/pages/{slug}/images"                 Needs(P::EditContent);
    "content-publish"              POST   "/v1/pages/{slug}/publish"                Needs(P::PublishContent);
    "content-unpublish"            POST   "/v1/pages/{slug}/unpublish"              Needs(P::PublishContent);
    "content-remove"               DELETE "/v1/pages/{slug}"                        Needs(P::PublishContent);

    "assistant-ask"                POST   "/v1/assistant/questions"                 AnyoneOrCaller, Ask;
    "assistant-feedback"           POST   "/v1/assistant/questions/{id}/feedback"   SignedIn;

    "platform-health"              GET    "/v1/health"                              Anyone, Standard, head;
    "platform-openapi"             GET    "/v1/openapi.json"                        Anyone, Standard, head;
    "platform-docs"                GET    "/v1/docs"                                Anyone, Standard, head;
    "platform-problem"             GET    "/v1/problems/{code}"                    Anyone;

    "records-list"                 GET    "/v1/records/{kind}"                     Needs(P::ReadRecords);
    "records-add"                  POST   "/v1/records/{kind}"                     Needs(P::WriteRecords);
    "records-update"               PATCH  "/v1/records/{kind}/{id}"                Needs(P::WriteRecords);
    "records-remove"               DELETE "/v1/records/{kind}/{id}"                Needs(P::WriteRecords);
    "records-list-grants"          GET    "/v1/records/grants"                     SignedIn;
    "records-grant"                PUT    "/v1/records/grants/{user_id}"           SignedIn;
    "records-revoke"               DELETE "/v1/records/grants/{user_id}"           SignedIn;
    "records-start-file"           POST   "/v1/records/{kind}/{id}/files"          Needs(P::WriteRecords);
    "records-progress"             GET    "/v1/records/progress"                   Needs(P::ReadRecords);
    "records-import"               POST   "/v1/records/import"                     Needs(P::WriteRecords);
    "records-export"               GET    "/v1/records/export"                     Needs(P::ReadRecords);
    "records-start-bundle"         POST   "/v1/records/imports"                    Needs(P::WriteRecords);
    "records-get-bundle"           GET    "/v1/records/imports/{id}"               Needs(P::WriteRecords);

    "triage-vocabulary"            GET    "/v1/triage/symptoms"                    Anyone, Search, head;
    "triage-assess"                POST   "/v1/triage"                             AnyoneOrCaller, Triage;
    "triage-list"                  GET    "/v1/triage"                             Needs(P::ReadRecords);
    "triage-get"                   GET    "/v1/triage/{id}"                        Needs(P::ReadRecords);

    "conditions-list"              GET    "/v1/conditions"                         Anyone, Search, head;
    "conditions-get"               GET    "/v1/conditions/{id}"                    AnyoneOrCaller, Search;

    "notifications-list"           GET    "/v1/notifications"                      SignedIn;
    "notifications-read"           POST   "/v1/notifications/read"                 SignedIn;
    "notifications-set"            PUT    "/v1/profile/notifications"              SignedIn;
    "notifications-unsubscribe"    POST   "/v1/notifications/unsubscribe/{token}"  Anyone;
    "notifications-show-unsubscribe" GET    "/v1/notifications/unsubscribe/{token}"  Anyone;

    "webhooks-put"                 PUT    "/v1/webhooks/{id}"                      Needs(P::ManageWebhooks);
    "webhooks-list"                GET    "/v1/webhooks"                           Needs(P::ManageWebhooks);
    "webhooks-remove"              DELETE "/v1/webhooks/{id}"                      Needs(P::ManageWebhooks);
    "webhooks-deliveries"          GET    "/v1/webhooks/{id}/deliveries"           Needs(P::ManageWebhooks);
    "webhooks-redeliver"           POST   "/v1/webhooks/{id}/redeliver"            Needs(P::ManageWebhooks);

    "coupons-list"                 GET    "/v1/coupons"                            Needs(P::ManageCoupons);
    "coupons-put"                  PUT    "/v1/coupons/{code}"                     Needs(P::ManageCoupons);
    "coupons-remove"               DELETE "/v1/coupons/{code}"                     Needs(P::ManageCoupons);

    "delivery-quote"               GET    "/v1/delivery"                           Anyone;
    "delivery-list-zones"          GET    "/v1/delivery/zones"                     Needs(P::ManageDelivery);
    "delivery-put-zone"            PUT    "/v1/delivery/zones/{id}"                Needs(P::ManageDelivery);
    "delivery-remove-zone"         DELETE "/v1/delivery/zones/{id}"                Needs(P::ManageDelivery);

    "sellers-apply"                POST   "/v1/sellers/applications"               Needs(P::ApplyToSell);
    "sellers-list-applications"    GET    "/v1/sellers/applications"               Needs(P::DecideSellers);
    "sellers-decide-application"   POST   "/v1/sellers/applications/{id}/decide"   Needs(P::DecideSellers);
    "sellers-earnings"             GET    "/v1/sellers/me/earnings"                Needs(P::ReadEarnings);
    "sellers-get-profile"          GET    "/v1/sellers/me/profile"                 Needs(P::NameOwnShop);
    "sellers-set-profile"          PUT    "/v1/sellers/me/profile"                 Needs(P::NameOwnShop);

    "reports-sales"                GET    "/v1/reports/sales"                      Needs(P::SeeSalesReports);
    "reports-inventory"            GET    "/v1/reports/inventory"                  Needs(P::SeeSalesReports);
    "reports-prescriptions"        GET    "/v1/reports/prescriptions"              Needs(P::SeeReports);
    "reports-payments"             GET    "/v1/reports/payments"                   Needs(P::SeeReports);
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_takes_what_its_routes_take() {
        let at = |path| methods_at(path).into_iter().collect::<Vec<_>>();
        assert_eq!(at("/v1/health"), ["GET", "HEAD"]);
        assert_eq!(at("/v1/products/some-slug"), ["DELETE", "GET", "HEAD", "PATCH"]);
        assert_eq!(at("/v1/cart/items/prd_1"), ["DELETE", "PUT"]);
        for nothing in ["", "/", "/v1", "/v1/products/", "/v1/health/x", "/v1//items"] {
            assert!(at(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn what_no_route_takes_is_taken_by_every_method_but_that_of_preflights() {
        assert!(ROUTES.iter().all(|route| ELSEWHERE.methods.contains(&route.method)));
        assert!(ELSEWHERE.methods.contains(&"HEAD") && !ELSEWHERE.methods.contains(&"OPTIONS"));
        assert_eq!(route(ELSEWHERE.function), None);
    }

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
            // A refresh is counted by its session (`App::count_refresh`).
            let named = route.path.starts_with("/v1/auth/") && route.function != "auth-refresh";
            assert_eq!(narrow, named, "{}", route.function);
            assert_eq!(route.limit == Limit::Admin, route.path.starts_with("/v1/admin/"), "{}", route.function);
        }
    }

    #[test]
    fn answers_with_secrets_are_known() {
        for function in
            ["auth-login", "auth-refresh", "auth-enroll-mfa", "chat-ticket", "webhooks-put", "no-such-function"]
        {
            assert!(answers_secrets(function), "{function}");
        }
        assert!(!answers_secrets("catalog-list-products") && !answers_secrets("orders-get"));
        assert!(SECRETIVE.into_iter().all(|function| route(function).is_some()));
    }

    #[test]
    fn whoever_answers_head_answers_get_and_writes_nothing() {
        let heads: Vec<_> = ROUTES.iter().filter(|route| route.head).collect();
        assert!(heads.iter().all(|route| route.method == "GET" && !route.writes), "{heads:?}");
        let catalogue = ROUTES.iter().filter(|route| route.method == "GET" && route.function.starts_with("catalog-"));
        let catalogue = catalogue.filter(|route| route.access == AnyoneOrCaller);
        assert!(catalogue.chain(route("platform-health")).all(|route| route.head));
    }

    #[test]
    fn what_is_made_has_an_address_where_a_route_goes_to_it() {
        let has = |function| route(function).is_some_and(has_members);
        for function in ["checkout-place-order", "patients-add", "orders-request-return", "catalog-start-image"] {
            assert!(has(function), "{function}");
        }
        for function in ["coupons-put", "content-put", "chat-post", "profile-start-picture", "catalog-receive-lot"] {
            assert!(!has(function), "{function}");
        }
    }

    #[test]
    fn an_unknown_function_has_no_row() {
        assert_eq!(route("admin-set-roles-by-anyone"), None);
    }
}
