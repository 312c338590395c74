//! Killed at any instant, and started again.
