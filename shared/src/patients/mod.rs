//! Whom medicine is for: the account's owner, and those that the owner cares for.
//!
//! A prescription, a line of an order and a record belong to a patient. What names none belongs to the owner of the
//! account, who is a patient from the first day on: the id is derived from the owner's, and nothing has to be stored for
//! it.

mod book;
mod patient;
mod register;
mod request;
mod store;

pub use book::{MAX_CLOSED, MAX_PATIENTS};
pub use patient::{HEIGHT_MONTHS, Patient, Relationship, WEIGHT_MONTHS, of_owner};
pub use register::Patients;
pub use request::{AddPatientRequest, NewPatient, PatientChange, UpdatePatientRequest};
pub use store::PatientStore;
