use crate::harness::Desk;
