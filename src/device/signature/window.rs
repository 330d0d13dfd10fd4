//! Bounded reads of little windows, and numbers and UUIDs in them.

/// Reads windows that lie wholly within a device.
pub(super) struct Windows<'a> {
    read: &'a mut dyn FnMut(u64, usize) -> Option<Vec<u8>>,
    /// Size of the device in bytes.
    pub size: u64,
}

impl<'a> Windows<'a> {
    pub fn new(read: &'a mut dyn FnMut(u64, usize) -> Option<Vec<u8>>, size: u64) -> Self {
        Windows { read, size }
    }

    /// `bytes` bytes from `offset` on, or `None` where they don't lie within the device or can't be read.
    pub fn at(&mut self, offset: u64, bytes: usize) -> Option<Window> {
        let end = offset.checked_add(u64::try_from(bytes).ok()?)?;
        if end > self.size {
            return None;
        }
        let data = (self.read)(offset, bytes)?;
        (data.len() >= bytes).then_some(Window(data))
    }
}

/// Some bytes; every question beyond their end is answered with `None`.
pub(super) struct Window(Vec<u8>);

impl Window {
    pub fn bytes(&self, at: usize, count: usize) -> Option<&[u8]> {
        self.0.get(at..at.checked_add(count)?)
    }

    pub fn array<const N: usize>(&self, at: usize) -> Option<[u8; N]> {
        self.bytes(at, N)?.try_into().ok()
    }

    pub fn is(&self, at: usize, magic: &[u8]) -> bool {
        self.bytes(at, magic.len()) == Some(magic)
    }

    pub fn le16(&self, at: usize) -> Option<u16> {
        self.array(at).map(u16::from_le_bytes)
    }

    pub fn le32(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_le_bytes)
    }

    pub fn le64(&self, at: usize) -> Option<u64> {
        self.array(at).map(u64::from_le_bytes)
    }

    pub fn be32(&self, at: usize) -> Option<u32> {
        self.array(at).map(u32::from_be_bytes)
    }

    /// Sixteen bytes as a UUID in the order in which they stand; `None` if all are zero.
    pub fn uuid(&self, at: usize) -> Option<String> {
        self.array::<16>(at).and_then(format_uuid)
    }

    /// ASCII text up to the first NUL; `None` where it is empty or not printable.
    pub fn text(&self, at: usize, count: usize) -> Option<String> {
        let bytes = self.bytes(at, count)?;
        let bytes = bytes.split(|b| *b == 0).next()?;
        (!bytes.is_empty() && bytes.iter().all(u8::is_ascii_graphic))
            .then(|| String::from_utf8_lossy(bytes).into_owned())
    }

    pub fn all(&self) -> &[u8] {
        &self.0
    }
}

/// Sixteen bytes as `8-4-4-4-12` hexadecimal digits; `None` if all are zero.
pub(super) fn format_uuid(bytes: [u8; 16]) -> Option<String> {
    if bytes == [0; 16] {
        return None;
    }
    let mut text = String::with_capacity(36);
    for (i, byte) in bytes.iter().enumerate() {
        if matches!(i, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.push_str(&format!("{byte:02x}"));
    }
    Some(text)
}
