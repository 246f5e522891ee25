//! How an attempt to pay begins: what a provider is given, and what of its answer goes to the customer.

use crate::platform::money::Money;

/// An attempt that is to be opened.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// What is to be paid.
    pub amount: Money,
    /// The order's id.
    pub order: &'a str,
    /// The payment's id.
    pub payment: &'a str,
    /// The attempt's number.
    pub n: u32,
    /// What the provider tells repetitions by.
    pub key: &'a str,
    /// Where the customer comes back to.
    pub return_url: &'a str,
}

/// An attempt that was opened. Nobody can pay it before the hand-over is handed out.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What the provider calls it.
    pub reference: String,
    /// What the customer's browser pays with.
    pub handover: Handover,
}

/// What the customer's browser pays with; it is not stored.
#[derive(Clone, PartialEq, Eq)]
pub enum Handover {
    /// The secret that Stripe's script confirms the payment with.
    Stripe {
        /// It.
        client_secret: String,
    },
    /// The provider's page, where the customer agrees.
    Redirect {
        /// Its address.
        url: String,
    },
    /// A form that the browser sends to the provider.
    Form {
        /// Where to.
        action: String,
        /// Its fields.
        fields: Vec<(String, String)>,
    },
}

impl std::fmt::Debug for Handover {
    /// Without what one pays with.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Stripe { .. } => "Stripe",
            Self::Redirect { .. } => "Redirect",
            Self::Form { .. } => "Form",
        })
    }
}
