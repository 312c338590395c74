//! A file seen through a window of bounded size.

use std::io::{self, Read, Seek, SeekFrom};

/// Bytes of the window. A frame, a page and a box's head fit in it many times.
const SIZE: usize = 64 * 1024;

/// A file of known length of which any part can be looked at, with no more than a window of it in memory.
pub(super) struct Window<R> {
    source: R,
    length: u64,
    bytes: Vec<u8>,
    /// Where the window lies in the file.
    start: u64,
}

impl<R: Read + Seek> Window<R> {
    pub(super) fn new(mut source: R) -> io::Result<Self> {
        let length = source.seek(SeekFrom::End(0))?;
        Ok(Self { source, length, bytes: Vec::new(), start: 0 })
    }

    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// The bytes from an offset on: as many as asked for, fewer only at the end of the file.
    ///
    /// More than a window's worth is given as asked for too: who asks has bounded it.
    pub(super) fn at(&mut self, offset: u64, count: usize) -> io::Result<&[u8]> {
        let left = usize::try_from(self.length.saturating_sub(offset)).unwrap_or(usize::MAX);
        let count = count.min(left);
        let inside = offset.checked_sub(self.start).and_then(|from| usize::try_from(from).ok());
        let inside = inside.filter(|from| from.checked_add(count).is_some_and(|to| to <= self.bytes.len()));
        let from = if let Some(from) = inside {
            from
        } else {
            self.fill(offset, count.max(SIZE).min(left))?;
            0
        };
        Ok(self.bytes.get(from..from.saturating_add(count)).unwrap_or_default())
    }

    /// A few bytes that have to be there; `None` where the file ends before them.
    pub(super) fn exactly<const N: usize>(&mut self, offset: u64) -> io::Result<Option<[u8; N]>> {
        Ok(self.at(offset, N)?.try_into().ok())
    }

    fn fill(&mut self, offset: u64, count: usize) -> io::Result<()> {
        self.source.seek(SeekFrom::Start(offset))?;
        self.bytes.clear();
        self.start = offset;
        // What has become shorter meanwhile gives fewer bytes, which is what a truncated file gives too.
        (&mut self.source).take(count as u64).read_to_end(&mut self.bytes)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use super::*;

    #[test]
    fn any_part_can_be_looked_at() {
        let bytes: Vec<u8> = (0..200_000_u32).map(|number| number.to_le_bytes()[0]).collect();
        let mut window = Window::new(Cursor::new(&bytes)).unwrap();
        for (offset, count) in [(0, 10), (65_530, 20), (5, 100_000), (199_995, 10), (199_999, 1), (200_000, 1), (u64::MAX, 5)] {
            let start = usize::try_from(offset).unwrap().min(bytes.len());
            let end = start.saturating_add(count).min(bytes.len());
            assert_eq!(window.at(offset, count).unwrap(), &bytes[start..end], "{offset} {count}");
        }
        assert_eq!(window.exactly::<4>(199_997).unwrap(), None);
    }
}
