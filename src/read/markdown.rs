//! Reading markdown.

use super::Page;
use crate::domain::Draft;

pub(super) fn extract(page: &Page) -> Draft {
    Draft::empty(page.format)
}
