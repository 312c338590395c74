//! Servers over real TCP on the loopback interface, scripted by the case.

pub mod mta;
pub mod pages;
