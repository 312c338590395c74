//! Messages as they lie in a mailbox or come through a pipe: of any size, of which the beginning is kept.

use std::io::{self, BufRead, Read};

use aws_lc_rs::digest;

/// Bytes of a report that are judged and kept: a report, and the header of the letter that it returns.
const HEAD: usize = 64 * 1024;
/// Bytes that are read at a time.
const PIECE: u64 = 8192;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mailing {
    /// SHA-256 of all of it, in hexadecimal; of what lies on a server, of its beginning and its size.
    pub hash: String,
    pub head: Vec<u8>,
}

/// A file that is no mbox.
#[derive(Debug, thiserror::Error)]
#[error("it is no mbox: its first line does not begin with `From `")]
pub struct NoMailbox;

impl Mailing {
    /// A message of which somebody else has read the beginning.
    pub fn begun(head: &[u8], size: u64) -> Self {
        let mut press = Press::default();
        press.add(head);
        if size > head.len() as u64 {
            press.hash.update(&size.to_be_bytes());
        }
        press.mailing()
    }

    /// Reads a message to its end; only its beginning is held in memory.
    pub fn read(mut message: impl Read) -> io::Result<Self> {
        let mut press = Press::default();
        let mut piece = vec![0; 8192];
        loop {
            match message.read(&mut piece) {
                Ok(0) => return Ok(press.mailing()),
                Ok(read) => press.add(piece.get(..read).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }
}

/// Makes a mailing of pieces.
struct Press {
    hash: digest::Context,
    head: Vec<u8>,
}

impl Default for Press {
    fn default() -> Self {
        Self { hash: digest::Context::new(&digest::SHA256), head: Vec::new() }
    }
}

impl Press {
    fn add(&mut self, piece: &[u8]) {
        self.hash.update(piece);
        let room = HEAD.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(piece.get(..room).unwrap_or_default());
    }

    fn mailing(self) -> Mailing {
        Mailing { hash: crate::app::edition::hexadecimal(self.hash.finish().as_ref()), head: self.head }
    }
}

/// The messages of an mbox (RFC 4155): each begins with a line `From `, at the top of the file or after an empty line.
pub(super) struct Mailbox<R> {
    file: R,
    /// The line by which the next message begins, as far as it has been read.
    begun: Option<Vec<u8>>,
    is_open: bool,
}

impl<R: BufRead> Mailbox<R> {
    pub fn new(file: R) -> Self {
        Self { file, begun: None, is_open: false }
    }

    /// The next message, without the line above it; nothing at the end.
    pub fn next(&mut self) -> anyhow::Result<Option<Mailing>> {
        if !self.is_open {
            self.is_open = true;
            let first = self.piece()?;
            if !first.is_empty() && !first.starts_with(b"From ") {
                return Err(NoMailbox.into());
            }
            self.begun = Some(first).filter(|first| !first.is_empty());
        }
        let Some(mut line) = self.begun.take() else { return Ok(None) };
        // The rest of the line that begins the message.
        while !line.ends_with(b"\n") {
            line = self.piece()?;
            if line.is_empty() {
                break;
            }
        }
        let mut press = Press::default();
        // Whether the next piece begins a line, and whether the line above it is empty. No message is empty.
        let (mut begins, mut after_empty) = (true, false);
        loop {
            let piece = self.piece()?;
            if piece.is_empty() {
                return Ok(Some(press.mailing()));
            }
            if begins && after_empty && piece.starts_with(b"From ") {
                self.begun = Some(piece);
                return Ok(Some(press.mailing()));
            }
            press.add(&piece);
            after_empty = begins && matches!(piece.as_slice(), b"\n" | b"\r\n");
            begins = piece.ends_with(b"\n");
        }
    }

    /// A line, or as much of it as is read at a time; empty at the end of the file.
    fn piece(&mut self) -> io::Result<Vec<u8>> {
        let mut piece = Vec::new();
        (&mut self.file).take(PIECE).read_until(b'\n', &mut piece)?;
        Ok(piece)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(mbox: &[u8]) -> anyhow::Result<Vec<String>> {
        let mut mailbox = Mailbox::new(mbox);
        let mut out = Vec::new();
        while let Some(mailing) = mailbox.next()? {
            out.push(String::from_utf8_lossy(&mailing.head).into_owned());
        }
        Ok(out)
    }

    #[test]
    fn an_mbox_has_messages() {
        assert_eq!(heads(b"").unwrap(), [""; 0]);
        let mbox = b"From a@b Wed Mar  4\nSubject: x\n\nFrom here on\nno From \n\nFrom c@d\r\nSubject: y\r\n\r\n>From z\r\n";
        // The line below the first empty one begins a message, as mailers that write such files escape it.
        assert_eq!(heads(mbox).unwrap(), ["Subject: x\n\n", "no From \n\n", "Subject: y\r\n\r\n>From z\r\n"]);
        assert_eq!(heads(b"From x").unwrap(), [""]);
        assert!(heads(b"Subject: x\n").unwrap_err().is::<NoMailbox>());
        let long = [b"From x\nA: b\n\n".to_vec(), vec![b'x'; 3 * HEAD], b"\n\nFrom y\nC: d\n".to_vec()].concat();
        let found = heads(&long).unwrap();
        assert_eq!((found.len(), found[0].len(), found[1].as_str()), (2, HEAD, "C: d\n"));
    }

    #[test]
    fn the_whole_message_is_hashed_and_its_beginning_kept() {
        let big = vec![b'x'; 2 * HEAD];
        let (one, two) =
            (Mailing::read(big.as_slice()).unwrap(), Mailing::read([big.as_slice(), b"y"].concat().as_slice()).unwrap());
        assert_eq!((one.head.len(), &one.head), (HEAD, &two.head));
        assert_ne!(one.hash, two.hash);
        let begun = |size| Mailing::begun(&big[..HEAD], size);
        assert_ne!(begun(2 * HEAD as u64), begun(2 * HEAD as u64 + 1));
        assert_eq!(Mailing::begun(b"abc", 3), Mailing::read(&b"abc"[..]).unwrap());
        assert_eq!(Mailing::read(&b"abc"[..]).unwrap().hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
