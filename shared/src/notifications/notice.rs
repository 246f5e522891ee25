//! What people are told of by themselves, without having asked at that moment: the kinds, and how far each goes.
//!
//! Nothing of anybody's health stands in a notice: no medicine, no word of a message, nothing of a diagnosis. Whoever reads
//! over a shoulder, or another's mail, learns that there is something to see, and sees it only after signing in.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::texts::notices::{Said, of};
use crate::accounts::{Language, Topics};

/// What a kind of notice is about, as people choose it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = NoticeTopic)]
pub enum Topic {
    /// Orders and what they cost.
    Orders,
    /// Prescriptions.
    Prescriptions,
    /// Consultations.
    Consultations,
    /// What could be done soon.
    Reminders,
    /// Products that they watch.
    Watches,
    /// What lies in a cart; it must be turned on.
    Carts,
    /// The pharmacy's own work; it cannot be turned off.
    Staff,
    /// The account and who gets into it; it cannot be turned off.
    Account,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Orders,
        Self::Prescriptions,
        Self::Consultations,
        Self::Reminders,
        Self::Watches,
        Self::Carts,
        Self::Staff,
        Self::Account,
    ];

    /// The name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Prescriptions => "prescriptions",
            Self::Consultations => "consultations",
            Self::Reminders => "reminders",
            Self::Watches => "watches",
            Self::Carts => "carts",
            Self::Staff => "staff",
            Self::Account => "account",
        }
    }

    /// The one of this name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|topic| topic.as_str() == name)
    }

    /// Whether `topics` let it through.
    pub const fn is_wanted(self, topics: &Topics) -> bool {
        match self {
            Self::Orders => topics.orders,
            Self::Prescriptions => topics.prescriptions,
            Self::Consultations => topics.consultations,
            Self::Reminders => topics.reminders,
            Self::Watches => topics.watches,
            Self::Carts => topics.carts,
            Self::Staff | Self::Account => true,
        }
    }

    /// `topics` without this one; `None` for one that cannot be turned off.
    pub const fn turned_off(self, topics: Topics) -> Option<Topics> {
        match self {
            Self::Orders => Some(Topics { orders: false, ..topics }),
            Self::Prescriptions => Some(Topics { prescriptions: false, ..topics }),
            Self::Consultations => Some(Topics { consultations: false, ..topics }),
            Self::Reminders => Some(Topics { reminders: false, ..topics }),
            Self::Watches => Some(Topics { watches: false, ..topics }),
            Self::Carts => Some(Topics { carts: false, ..topics }),
            Self::Staff | Self::Account => None,
        }
    }
}

/// How far a kind of notice goes beyond the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It only lies in the inbox.
    Inbox,
    /// By mail.
    Mail,
    /// By mail, and by SMS to who wants such.
    MailAndSms,
    /// By mail; by SMS to who has no address, whether they want such or not.
    MailOrSms,
    /// By mail and by SMS, to wherever somebody is reached, whether they want such or not.
    Everywhere,
}

macro_rules! kinds {
    ($($(#[$meta:meta])* $name:ident $snake:ident $topic:ident $reach:ident;)*) => {
        /// A kind of notice.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum NoticeKind {
            $($(#[$meta])* $name,)*
        }

        impl NoticeKind {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The name.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($snake),)*
                }
            }

            /// What it is about.
            pub const fn topic(self) -> Topic {
                match self {
                    $(Self::$name => Topic::$topic,)*
                }
            }

            /// How far it goes.
            pub const fn reach(self) -> Reach {
                match self {
                    $(Self::$name => Reach::$reach,)*
                }
            }

            fn said(self, language: Language) -> &'static Said {
                let texts = of(language);
                match self {
                    $(Self::$name => &texts.$snake,)*
                }
            }
        }

        /// The words of a language, one for each kind. A language that lacks one does not compile.
        pub(super) struct NoticeTexts {
            /// What a mail says below: where to see more.
            pub(super) see: &'static str,
            /// What a mail says last, to who may turn it off.
            pub(super) stop: &'static str,
            /// What stands before the number or address of a parcel.
            pub(super) tracking: &'static str,
            /// What stands before what somebody has signed in with.
            pub(super) device: &'static str,
            $(pub(super) $snake: Said,)*
        }
    };
}

kinds! {
    /// An order was placed.
    OrderPlaced order_placed Orders Mail;
    /// An order waits for the review of its prescription.
    OrderHeld order_held Orders Inbox;
    /// A pharmacist has checked an order.
    OrderVerified order_verified Orders Inbox;
    /// An order is in its parcel.
    OrderPacked order_packed Orders Inbox;
    /// The parcel has left the house.
    OrderShipped order_shipped Orders MailAndSms;
    /// The parcel was handed over.
    OrderDelivered order_delivered Orders Mail;
    /// An order was called off.
    OrderCancelled order_cancelled Orders Mail;
    /// An order was called off, since no prescription covers it any more.
    OrderReleased order_released Orders MailOrSms;
    /// The parcel came back.
    OrderReturned order_returned Orders Inbox;
    /// What a customer wanted to give back has come back, and was approved.
    ReturnApproved return_approved Orders MailOrSms;
    /// What a customer wanted to give back was rejected.
    ReturnRejected return_rejected Orders MailOrSms;
    /// Something that left the house with an order was called back.
    OrderRecalled order_recalled Orders Everywhere;
    /// The money of an order was taken.
    PaymentCaptured payment_captured Orders Inbox;
    /// The payment of an order did not go through.
    PaymentFailed payment_failed Orders Mail;
    /// Money went back.
    RefundMade refund_made Orders Mail;
    /// A prescription has arrived and waits for a pharmacist.
    PrescriptionReceived prescription_received Prescriptions Inbox;
    /// The file of a prescription could not be taken.
    PrescriptionRefused prescription_refused Prescriptions Mail;
    /// A pharmacist has approved a prescription.
    PrescriptionApproved prescription_approved Prescriptions Mail;
    /// A pharmacist has rejected a prescription.
    PrescriptionRejected prescription_rejected Prescriptions MailAndSms;
    /// A prescription runs out soon.
    PrescriptionExpiring prescription_expiring Reminders MailAndSms;
    /// The next fill of a prescription may be had soon.
    RefillDue refill_due Reminders MailAndSms;
    /// Something lies in a cart and was not ordered.
    CartWaiting cart_waiting Carts Mail;
    /// A doctor has a consultation, told to its patient.
    ConsultationAssigned consultation_assigned Consultations Mail;
    /// A doctor was given a consultation, told to them.
    ConsultationGiven consultation_given Consultations Mail;
    /// Somebody has written in a consultation.
    NewMessage new_message Consultations MailAndSms;
    /// A patient has written what speaks of an emergency, told to their doctor.
    UrgentMessage urgent_message Consultations MailAndSms;
    /// A doctor has closed a consultation.
    ConsultationClosed consultation_closed Consultations Mail;
    /// What somebody watches costs less than they wait for.
    PriceDropped price_dropped Watches MailAndSms;
    /// What somebody watches can be had again.
    BackInStock back_in_stock Watches MailAndSms;
    /// Prescriptions wait for too long.
    QueueGrowing queue_growing Staff Mail;
    /// Consultations wait for too long.
    ConsultationsWaiting consultations_waiting Staff Mail;
    /// A payment did not end by itself.
    PaymentUnresolved payment_unresolved Staff Mail;
    /// A payer disputes a payment.
    Chargeback chargeback Staff Mail;
    /// Somebody has signed in to an account with a device that it did not know.
    NewDevice new_device Account MailOrSms;
}

impl NoticeKind {
    /// Whether it goes out at any hour, whatever topics were turned off.
    pub const fn is_urgent(self) -> bool {
        matches!(self, Self::UrgentMessage | Self::OrderRecalled | Self::NewDevice)
    }
}

/// A notice in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line, without numbers or names: the subject of a mail.
    pub title: String,
    /// One or two sentences.
    pub text: String,
}

/// One notice on its way to a person.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// What is told.
    pub kind: NoticeKind,
    /// The number that people read to each other, or a count; empty where there is none.
    pub value: &'a str,
    /// The number or address of a parcel, or what somebody has signed in with: for a mail alone.
    pub detail: Option<&'a str>,
    /// Where it can be seen, after signing in.
    pub page: Option<&'a str>,
    /// Where it is turned off with one click, for what may be.
    pub unsubscribe: Option<&'a str>,
}

impl NoticeKind {
    /// In words. `value` stands for what they have a place for.
    pub fn words(self, language: Language, value: &str) -> Words {
        let said = self.said(language);
        Words { title: said.title.to_owned(), text: said.text.replace(super::texts::VALUE, value) }
    }
}

impl Letter<'_> {
    fn before_detail(&self, texts: &NoticeTexts) -> &'static str {
        if self.kind == NoticeKind::NewDevice { texts.device } else { texts.tracking }
    }

    /// As a mail and as a text message.
    pub(super) fn wording(&self, language: Language) -> super::message::Wording {
        let (Words { title, text }, texts) = (self.kind.words(language, self.value), of(language));
        let mut body = text.clone();
        let below = [
            self.detail.map(|detail| format!("{} {detail}", self.before_detail(texts))),
            self.page.map(|page| format!("{} {page}", texts.see)),
            self.unsubscribe.map(|link| format!("{} {link}", texts.stop)),
        ];
        for line in below.into_iter().flatten() {
            body.push_str("\n\n");
            body.push_str(&line);
        }
        super::message::Wording { subject: title, body, sms: format!("Apothecary: {text}") }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_kind_is_said_in_every_language_and_differently() {
        let mut seen = BTreeSet::new();
        for language in Language::ALL {
            for kind in NoticeKind::ALL {
                let words = kind.words(*language, "A-1");
                assert!(!words.title.contains(['{', '\n']) && !words.text.contains('{'), "{kind:?} {language:?}");
                assert!(seen.insert(words.text.clone()), "{kind:?} {language:?}: {}", words.text);
                let sms = Letter { kind: *kind, value: "A-1", detail: None, page: None, unsubscribe: None };
                assert!(sms.wording(*language).sms.chars().count() <= 201, "{kind:?} {language:?} is too long");
                assert_eq!(serde_json::to_value(kind).unwrap(), kind.as_str());
            }
        }
        assert_eq!(seen.len(), Language::ALL.len() * NoticeKind::ALL.len());
    }

    #[test]
    fn a_subject_says_neither_number_nor_medicine() {
        for language in Language::ALL {
            for kind in NoticeKind::ALL {
                let title = kind.words(*language, "20261120-7").title;
                assert!(!title.contains("20261120"), "{kind:?} {language:?}");
            }
        }
    }

    #[test]
    fn a_mail_says_where_more_is_and_how_it_ends() {
        let letter = Letter {
            kind: NoticeKind::OrderShipped,
            value: "7",
            detail: Some("TRACK"),
            page: Some("https://shop.example"),
            unsubscribe: Some("https://api.example/u/1"),
        };
        let wording = letter.wording(Language::English);
        for part in ["7", "TRACK", "https://shop.example", "https://api.example/u/1"] {
            assert!(wording.body.contains(part), "{part}");
        }
        assert!(!wording.sms.contains("http") && !wording.sms.contains("TRACK"), "{}", wording.sms);
    }

    #[test]
    fn a_device_is_named_in_a_mail_and_not_in_a_text_message() {
        for language in Language::ALL {
            let (kind, detail) = (NoticeKind::NewDevice, Some("Firefox, Windows"));
            let wording = Letter { kind, value: "", detail, page: None, unsubscribe: None }.wording(*language);
            assert!(wording.body.contains("Firefox, Windows") && !wording.sms.contains("Firefox"), "{language:?}");
            assert!(!wording.subject.contains("Firefox") && !wording.body.contains(of(*language).tracking));
        }
    }

    #[test]
    fn who_turns_a_topic_off_is_told_of_the_others() {
        for topic in Topic::ALL {
            assert_eq!(Topic::of_name(topic.as_str()), Some(topic));
            let Some(without) = topic.turned_off(Topics { carts: true, ..Topics::default() }) else {
                assert!(matches!(topic, Topic::Staff | Topic::Account));
                continue;
            };
            for other in Topic::ALL {
                assert_eq!(other.is_wanted(&without), other != topic);
            }
        }
    }
}
