//! Every rule, by a feed that keeps it and one that breaks it.
