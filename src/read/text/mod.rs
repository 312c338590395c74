//! Reading a page that was copied as text.

use super::Page;
use crate::domain::Draft;

pub(super) fn extract(page: &Page) -> Draft {
    Draft::empty(page.format)
}
