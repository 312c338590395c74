use std::fmt;

/// What was measured of a sound file (or a film): nothing of it is ever typed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sound {
    pub format: SoundFormat,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// How long it plays, in milliseconds.
    pub millis: u64,
}

impl Sound {
    /// How long it plays in whole seconds; never 0, which players take for not known.
    pub fn seconds(&self) -> u64 {
        (self.millis.saturating_add(500) / 1000).max(1)
    }

    /// Bits a second on average.
    pub fn bit_rate(&self) -> u64 {
        self.bytes.saturating_mul(8000) / self.millis.max(1)
    }
}

/// A format that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SoundFormat {
    Mp3,
    /// MPEG-4 with sound alone.
    M4a,
    /// MPEG-4 with a film.
    Mp4,
    QuickTime,
    Opus,
    Vorbis,
    Flac,
    Wav,
}

impl SoundFormat {
    /// The formats that can be an episode's enclosure, what most players take first.
    pub const ALL: [Self; 8] =
        [Self::Mp3, Self::M4a, Self::Mp4, Self::QuickTime, Self::Opus, Self::Vorbis, Self::Flac, Self::Wav];

    /// The endings that a file of this format may have, in lower case.
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Mp3 => &["mp3"],
            Self::M4a => &["m4a"],
            Self::Mp4 => &["mp4", "m4v"],
            Self::QuickTime => &["mov"],
            Self::Opus => &["opus", "ogg", "oga"],
            Self::Vorbis => &["ogg", "oga"],
            Self::Flac => &["flac"],
            Self::Wav => &["wav"],
        }
    }

    /// Whether a file with this ending is a sound.
    pub fn is_ending(ending: &str) -> bool {
        Self::ALL.iter().any(|format| format.endings().contains(&&*ending.to_ascii_lowercase()))
    }

    /// The media type, as Apple names it for the formats that it takes.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Mp3 => "audio/mpeg",
            Self::M4a => "audio/x-m4a",
            Self::Mp4 => "video/mp4",
            Self::QuickTime => "video/quicktime",
            // RFC 7845, section 9: the same type as Vorbis.
            Self::Opus | Self::Vorbis => "audio/ogg",
            Self::Flac => "audio/flac",
            Self::Wav => "audio/wav",
        }
    }

    /// What the media type does not tell (RFC 6381).
    pub fn codecs(self) -> Option<&'static str> {
        match self {
            Self::Opus => Some("opus"),
            Self::Vorbis => Some("vorbis"),
            _ => None,
        }
    }

    /// The format of this name, as [`fmt::Display`] writes it.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.to_string() == name)
    }
}

impl fmt::Display for SoundFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mp3 => "MP3",
            Self::M4a => "M4A",
            Self::Mp4 => "MP4",
            Self::QuickTime => "QuickTime",
            Self::Opus => "Opus",
            Self::Vorbis => "Ogg Vorbis",
            Self::Flac => "FLAC",
            Self::Wav => "WAV",
        })
    }
}
