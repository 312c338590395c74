use std::io::Cursor;

use super::*;

/// A file of MP3 frames: version 1, 128 kbit/s, 44.1 kHz, stereo: 417 bytes and 1152 samples each.
fn mp3(frames: usize) -> Vec<u8> {
    frame(0x90).repeat(frames)
}

/// One frame; the third byte is bit rate, rate and padding.
fn frame(rates: u8) -> Vec<u8> {
    let size = match rates >> 4 {
        9 => 417,
        5 => 208,
        _ => 1044,
    };
    let mut frame = vec![0xFF, 0xFB, rates, 0x44];
    frame.resize(size, 0x55);
    frame
}

/// A first frame that tells the number of frames.
fn xing(word: [u8; 4], frames: u32) -> Vec<u8> {
    let mut first = frame(0x90);
    first[4..].fill(0);
    let head = [word.as_slice(), &[0, 0, 0, 1], &frames.to_be_bytes()].concat();
    first[36..36 + head.len()].copy_from_slice(&head);
    first
}

fn part(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    [&u32::try_from(content.len() + 8).unwrap().to_be_bytes(), name.as_slice(), content].concat()
}

/// An M4A of 2.5 seconds, or an MP4 where the handler is `vide`.
fn m4a(brand: [u8; 4], handler: [u8; 4]) -> Vec<u8> {
    let header = [[0; 12].as_slice(), &600_u32.to_be_bytes(), &1500_u32.to_be_bytes(), &[0; 80]].concat();
    let kind = part(*b"mdia", &part(*b"hdlr", &[[0; 8].as_slice(), &handler, &[0; 12]].concat()));
    let movie = [part(*b"mvhd", &header), part(*b"trak", &kind)].concat();
    [part(*b"ftyp", &[brand.as_slice(), &[0; 4]].concat()), part(*b"moov", &movie), part(*b"mdat", &[7; 500])].concat()
}

fn page(flags: u8, position: i64, body: &[u8]) -> Vec<u8> {
    let mut table = vec![255; body.len() / 255];
    table.push(u8::try_from(body.len() % 255).unwrap());
    let count = u8::try_from(table.len()).unwrap();
    let head = [b"OggS\0".as_slice(), &[flags], &position.to_le_bytes(), &[9, 0, 0, 0], &[0; 8], &[count]].concat();
    [head, table, body.to_vec()].concat()
}

/// Opus of 3 seconds, with 312 samples to skip.
fn opus() -> Vec<u8> {
    let head = [b"OpusHead\x01\x02".as_slice(), &312_u16.to_le_bytes(), &48_000_u32.to_le_bytes(), &[0; 3]].concat();
    let sound = (1..=3).map(|second| page(if second == 3 { 4 } else { 0 }, second * 48_000 + 312, &[3; 1000]));
    [page(2, 0, &head), page(0, 0, b"OpusTags"), sound.collect::<Vec<_>>().concat()].concat()
}

fn vorbis() -> Vec<u8> {
    let head = [b"\x01vorbis\0\0\0\0\x02".as_slice(), &22_050_u32.to_le_bytes(), &[0; 14]].concat();
    [page(2, 0, &head), page(0, 0, b"\x03vorbis"), page(4, 44_100, &[3; 800])].concat()
}

/// FLAC of 10 s: one frame of 4096 samples is there, the last of all.
fn flac() -> Vec<u8> {
    let samples = 4096_u64 * 10;
    let rate = 4096_u32;
    let mut info = [&[0x10, 0, 0x10, 0][..], &[0; 6]].concat();
    info.extend((rate << 12 | 1 << 9 | 15 << 4).to_be_bytes());
    info.extend(u32::try_from(samples).unwrap().to_be_bytes());
    info.extend([0; 16]);
    let mut last = vec![0xFF, 0xF8, 0xC9, 0x18, 9];
    last.push(check(&last, 8));
    last.extend([0x42; 300]);
    let crc = check16(&last);
    last.extend(crc.to_be_bytes());
    [b"fLaC\x80\0\0\x22".as_slice(), &info, &last].concat()
}

/// A bitwise CRC, by another way than the reader's.
fn check(bytes: &[u8], _: u32) -> u8 {
    let mut crc = 0_u8;
    for bit in bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| byte >> at & 1)) {
        let out = (crc >> 7) ^ bit;
        crc = (crc << 1) ^ (0x07 * out);
    }
    crc
}

fn check16(bytes: &[u8]) -> u16 {
    let mut crc = 0_u16;
    for bit in bytes.iter().flat_map(|byte| (0..8).rev().map(move |at| u16::from(byte >> at & 1))) {
        let out = (crc >> 15) ^ bit;
        crc = (crc << 1) ^ (0x8005 * out);
    }
    crc
}

fn wav() -> Vec<u8> {
    let format = [&[1, 0, 1, 0][..], &8000_u32.to_le_bytes(), &16_000_u32.to_le_bytes(), &[2, 0, 16, 0]].concat();
    let chunk = |name: &[u8], content: &[u8]| [name, &u32::try_from(content.len()).unwrap().to_le_bytes(), content].concat();
    let chunks = [chunk(b"fmt ", &format), chunk(b"LIST", b"odd"), vec![0], chunk(b"data", &vec![1; 24_000])].concat();
    [b"RIFF".as_slice(), &u32::try_from(chunks.len() + 4).unwrap().to_le_bytes(), b"WAVE", &chunks].concat()
}

fn id3(size: u8) -> Vec<u8> {
    [b"ID3\x04\0\0\0\0\0".as_slice(), &[size], &vec![0xFF; usize::from(size)]].concat()
}

fn read(bytes: &[u8]) -> Result<(SoundFormat, u64), Fault> {
    of(Cursor::new(bytes)).map(|measured| (measured.format, measured.millis))
}

#[track_caller]
fn case(bytes: &[u8], format: SoundFormat, millis: u64) {
    assert_eq!(read(bytes).unwrap(), (format, millis));
}

#[test]
fn every_format_tells_how_long_it_is() {
    case(&mp3(100), SoundFormat::Mp3, 2612);
    case(&m4a(*b"M4A ", *b"soun"), SoundFormat::M4a, 2500);
    case(&m4a(*b"isom", *b"vide"), SoundFormat::Mp4, 2500);
    case(&m4a(*b"qt  ", *b"vide"), SoundFormat::QuickTime, 2500);
    case(&opus(), SoundFormat::Opus, 3000);
    case(&vorbis(), SoundFormat::Vorbis, 2000);
    case(&[opus(), opus()].concat(), SoundFormat::Opus, 6000);
    case(&flac(), SoundFormat::Flac, 10_000);
    case(&[id3(20), flac()].concat(), SoundFormat::Flac, 10_000);
    case(&wav(), SoundFormat::Wav, 1500);
}

#[test]
fn the_frames_of_an_mp3_are_counted() {
    let variable = [mp3(50), frame(0xE0).repeat(25), frame(0x50).repeat(25)].concat();
    case(&variable, SoundFormat::Mp3, 2612);
    case(&[xing(*b"Xing", 100), variable.clone()].concat(), SoundFormat::Mp3, 2612);
    case(&[xing(*b"Info", 100), mp3(100)].concat(), SoundFormat::Mp3, 2612);
    let mut fraunhofer = xing(*b"VBRI", 0);
    fraunhofer[44..54].copy_from_slice(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 100]);
    case(&[fraunhofer, mp3(100)].concat(), SoundFormat::Mp3, 2612);
    let tagged = [id3(100), id3(3), mp3(100), b"APETAGEX".to_vec(), vec![1; 50], b"TAG".to_vec(), vec![b' '; 125]].concat();
    case(&tagged, SoundFormat::Mp3, 2612);
    case(&[mp3(50), vec![0; 100], mp3(50)].concat(), SoundFormat::Mp3, 2612);
    case(&[mp3(100), vec![0; 5000]].concat(), SoundFormat::Mp3, 2612);
    case(&[mp3(50), id3(9), mp3(50)].concat(), SoundFormat::Mp3, 2612);
}

#[test]
fn lame_says_what_it_has_added() {
    let mut first = xing(*b"Info", 100);
    first[48..52].copy_from_slice(b"LAME");
    // 576 samples before, 1152 behind: three frames' worth of half.
    first[69..72].copy_from_slice(&[0x24, 0x04, 0x80]);
    case(&[first, mp3(100)].concat(), SoundFormat::Mp3, (115_200 - 1728) * 1000 / 44_100);
}

#[test]
fn what_was_cut_off_is_an_error() {
    for (bytes, cut) in [
        (mp3(100), 1),
        ([xing(*b"Xing", 100), mp3(100)].concat(), 417 * 50),
        (m4a(*b"M4A ", *b"soun"), 1),
        (opus(), 1),
        (opus(), 1500),
        (vorbis(), 700),
        (flac(), 1),
        (wav(), 2),
        (id3(50), 1),
    ] {
        let fault = read(&bytes[..bytes.len() - cut]).unwrap_err();
        assert!(matches!(fault, Fault::Truncated), "{cut}: {fault:?}");
    }
}

#[test]
fn what_is_no_sound_is_named() {
    let what = |bytes: &[u8]| match read(bytes) {
        Err(Fault::NoSound(what)) => what.to_owned(),
        Err(Fault::Broken(what)) => what,
        other => format!("{other:?}"),
    };
    assert_eq!(what(b"<!DOCTYPE html><title>404</title>"), "a web page");
    assert_eq!(what(&[0xFF, 0xF1, 0x50, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0]), "raw AAC without a container");
    assert_eq!(what(&[7; 5000]), "no sound of a format that griot knows");
    assert_eq!(what(&[id3(50), vec![0; 400]].concat()), "there is a tag, and no sound behind it");
    assert_eq!(what(&[mp3(30), vec![7; 200_000]].concat()), "it is not MP3 all through");
    assert_eq!(what(&page(2, 0, b"Speex   ")), "it is Ogg, and neither Opus nor Vorbis");
}

#[test]
fn the_name_has_to_fit() {
    let folder = tempfile::tempdir().unwrap();
    let said = |name: &str, bytes: &[u8]| {
        let file = folder.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        let text = measure(&file).map_or_else(|error| error.to_string(), |sound| sound.bytes.to_string());
        text.replace(&folder.path().display().to_string(), "")
    };
    assert_eq!(said("a.MP3", &mp3(100)), "41700");
    assert_eq!(said("a.mp3", &opus()), "`/a.mp3` is Opus, whatever its name says");
    assert_eq!(said("b.mp3", b""), "`/b.mp3` is empty");
    let missing = measure(&folder.path().join("c.mp3")).unwrap_err();
    assert!(matches!(missing, SoundError::Missing { .. }));
}

/// Every beginning of every file, and every file with any bit turned: a length or an error, never a panic.
#[test]
fn nothing_panics_whatever_the_bytes() {
    let mut tagged = [id3(20), xing(*b"Xing", 12), mp3(12)].concat();
    tagged.extend(b"TAG");
    for whole in [tagged, m4a(*b"M4A ", *b"soun"), opus(), vorbis(), flac(), wav()] {
        for end in 0..whole.len().min(3000) {
            let _ = read(&whole[..end]);
        }
        let mut bytes = whole.clone();
        for at in 0..whole.len().min(1200) {
            for bit in 0..8 {
                bytes[at] ^= 1 << bit;
                let _ = read(&bytes);
                bytes[at] ^= 1 << bit;
            }
            for value in [0, 0x7F, 0xFF] {
                bytes[at] = value;
                let _ = read(&bytes);
            }
            bytes[at] = whole[at];
        }
    }
}
