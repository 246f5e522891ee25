//! English.

use super::{Text, Texts};

pub(super) const TEXTS: Texts = Texts {
    registration_code: Text {
        subject: "Your Apothecary code",
        body: "Your code is {value}. It registers you with Apothecary and is good for five minutes.\n\nIf you did not ask for it, you can ignore this message.",
        sms: "{value} is your Apothecary registration code, good for 5 minutes. Tell it to nobody.",
    },
    contested_registration_code: Text {
        subject: "Your Apothecary code: then set a password",
        body: "Your code is {value}. It registers you with Apothecary and is good for five minutes.\n\nThis address was registered more than once, with different passwords. None of them will work: after the code, choose \"forgotten password\" and set one of your own.\n\nIf you did not ask for it, you can ignore this message.",
        sms: "{value} is your Apothecary registration code, good for 5 minutes. Tell it to nobody. Then set a password of your own by \"forgotten password\".",
    },
    already_registered: Text {
        subject: "You already have an Apothecary account",
        body: "Somebody asked to register with this address. It already has an account: sign in, or have a code sent to set a new password.\n\nIf it was not you, you can ignore this message.",
        sms: "You already have an Apothecary account with this number: sign in instead. If you did not ask, ignore this.",
    },
    sign_in_code: Text {
        subject: "Your Apothecary sign-in code",
        body: "Your code is {value}. It signs you in to Apothecary and is good for five minutes. Nobody who works for us will ever ask you for it.\n\nIf you did not ask for it, you can ignore this message.",
        sms: "{value} is your Apothecary sign-in code, good for 5 minutes. Tell it to nobody.",
    },
    no_account: Text {
        subject: "There is no Apothecary account with this address",
        body: "Somebody asked to sign in with this address, and it has no account. You may have registered with another one; or register now.\n\nIf it was not you, you can ignore this message.",
        sms: "There is no Apothecary account with this number. Register first. If you did not ask, ignore this.",
    },
    account_closed: Text {
        subject: "Your Apothecary account is closed",
        body: "Somebody asked for a code or an account with this address. Its Apothecary account is closed: it can neither be signed in to nor registered again, so there is no code.\n\nIf you asked for it to be deleted, that takes up to a day, and then you can register anew. If you did not, write to the pharmacy.\n\nIf it was not you, you can ignore this message.",
        sms: "The Apothecary account with this number is closed, so there is no code. If you did not have it deleted, call the pharmacy.",
    },
    reset_code: Text {
        subject: "Your Apothecary code for a new password",
        body: "Your code is {value}. It sets a new password and is good for five minutes.\n\nIf you did not ask for it, you can ignore this message.",
        sms: "{value} is your Apothecary code for a new password, good for 5 minutes. Tell it to nobody.",
    },
    contact_code: Text {
        subject: "Confirm this address for Apothecary",
        body: "Your code is {value}. It makes this the address of your Apothecary account and is good for five minutes.\n\nIf you did not ask for it, you can ignore this message.",
        sms: "{value} makes this the number of your Apothecary account; good for 5 minutes. Tell it to nobody.",
    },
    contact_taken: Text {
        subject: "This address has an Apothecary account",
        body: "Somebody asked to use this address for their Apothecary account. It already belongs to one, so nothing has changed. If it is yours, sign in with it.\n\nIf it was not you, you can ignore this message.",
        sms: "Somebody asked to use this number for an Apothecary account. It already has one; nothing has changed.",
    },
    contact_change: Text {
        subject: "A change of your Apothecary account",
        body: "Somebody who knows your password asked to change how your Apothecary account is reached, to {value}. It changes when the code that was sent there comes back.\n\nIf it was not you, set a new password now: that ends all sessions.",
        sms: "Apothecary: somebody with your password asked to change your account's contact to {value}. If it was not you, set a new password.",
    },
    provider_linked: Text {
        subject: "Another way into your Apothecary account",
        body: "From now on {value} signs in to your Apothecary account too.\n\nIf it was not you, set a new password now: that ends all sessions. Then tell the pharmacy.",
        sms: "Apothecary: {value} now signs in to your account too. If it was not you, set a new password and tell the pharmacy.",
    },
    second_factor_added: Text {
        subject: "Your Apothecary account has a second factor",
        body: "An authenticator app was added to your Apothecary account. From now on every sign-in asks for a code of it, or for a recovery code.\n\nIf it was not you, set a new password now: that ends all sessions. Then tell the pharmacy.",
        sms: "Apothecary: an authenticator app was added to your account. If it was not you, set a new password and tell the pharmacy.",
    },
    second_factor_removed: Text {
        subject: "Your Apothecary account has no second factor any more",
        body: "Somebody who knows your password took the authenticator app away from your Apothecary account. From now on it can be signed in to without a code.\n\nIf it was not you, set a new password now: that ends all sessions.",
        sms: "Apothecary: the authenticator app was taken away from your account with your password. If it was not you, set a new password.",
    },
    seller_approved: Text {
        subject: "You can sell with Apothecary now",
        body: "Your application was approved: you can sell with Apothecary from now on. Sign in again to manage your products.",
        sms: "Apothecary: your application was approved. Sign in again to sell.",
    },
    seller_rejected: Text {
        subject: "Your application to sell with Apothecary",
        body: "Your application to sell with Apothecary was declined. Write to the pharmacy if you want to know why; you may apply again.",
        sms: "Apothecary: your application to sell was declined. You may apply again.",
    },
};
