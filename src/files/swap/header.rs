//! The header of a swap area (`union swap_header`, include/linux/swap.h), as mkswap(8) writes it.

/// Sizes of a page: the signature stands at the end of the first one.
const PAGES: [u32; 5] = [4096, 8192, 16384, 32768, 65536];
/// Bytes to be read from the start of the area.
pub(super) const MOST_BYTES: usize = 65536;
/// Bytes of a signature.
const SIGNATURE: usize = 10;
const SWAP: &[u8] = b"SWAPSPACE2";
/// The first form, which Linux has not accepted since 2.5.
const OLD: &[u8] = b"SWAP-SPACE";
/// In place of [`SWAP`] while a hibernated system lies in the area: of Linux, uswsusp and TuxOnIce.
const ASLEEP: [&[u8]; 5] =
    [b"S1SUSPEND", b"S2SUSPEND", b"ULSUSPEND", b"LINHIB0001", b"\xed\xc3\x02\xe9\x98\x56\xe5\x0c"];
/// Where the fields begin; the boot bits come before.
const AT: usize = 1024;

/// What a header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// UUID; all zeros where it has none.
    pub uuid: [u8; 16],
    /// Label, filled with zeros.
    pub label: [u8; 16],
    /// Bytes of a page.
    pub page_bytes: u32,
    /// Numbers are in the other order of bytes than this machine's.
    pub foreign: bool,
    /// Number of the last page.
    pub last_page: u32,
    /// How many pages are listed as bad.
    pub bad_pages: u32,
}

/// Why something is no swap area that could be made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// No signature.
    NotSwap,
    /// A hibernated system lies in it.
    Hibernated,
    /// A form that is not known here.
    OtherVersion,
}

impl Header {
    /// Reads it from the first bytes of an area.
    pub fn parse(head: &[u8]) -> Result<Header, Fault> {
        let signature = |page: u32| {
            let end = usize::try_from(page).ok()?;
            head.get(end.checked_sub(SIGNATURE)?..end)
        };
        for page_bytes in PAGES {
            let Some(signature) = signature(page_bytes) else { continue };
            if ASLEEP.iter().any(|asleep| signature.starts_with(asleep)) {
                return Err(Fault::Hibernated);
            }
            if signature == OLD {
                return Err(Fault::OtherVersion);
            }
            if signature == SWAP {
                return Self::fields(head, page_bytes).ok_or(Fault::OtherVersion);
            }
        }
        Err(Fault::NotSwap)
    }

    fn fields(head: &[u8], page_bytes: u32) -> Option<Header> {
        let bytes = |at: usize| head.get(AT + at..)?.first_chunk::<4>().copied();
        let foreign = match u32::from_ne_bytes(bytes(0)?) {
            1 => false,
            version if version.swap_bytes() == 1 => true,
            _ => return None,
        };
        let number = |at: usize| {
            let value = u32::from_ne_bytes(bytes(at)?);
            Some(if foreign { value.swap_bytes() } else { value })
        };
        Some(Header {
            uuid: *head.get(AT + 12..)?.first_chunk()?,
            label: *head.get(AT + 28..)?.first_chunk()?,
            page_bytes,
            foreign,
            last_page: number(4)?,
            bad_pages: number(8)?,
        })
    }

    /// The first page of a new area of `size_bytes` bytes with the same UUID, label, page size and order of bytes, without bad pages: what
    /// `mkswap -U -L` writes.
    pub fn renewed(&self, size_bytes: u64) -> Vec<u8> {
        let pages = size_bytes / u64::from(self.page_bytes.max(1));
        let last_page = u32::try_from(pages.saturating_sub(1)).unwrap_or(u32::MAX);
        let order = |value: u32| if self.foreign { value.swap_bytes() } else { value }.to_ne_bytes();
        let mut page = vec![0; AT];
        page.extend(order(1));
        page.extend(order(last_page));
        page.extend(order(0));
        page.extend(self.uuid);
        page.extend(self.label);
        page.resize(usize::try_from(self.page_bytes).unwrap_or(MOST_BYTES).saturating_sub(SIGNATURE), 0);
        page.extend(SWAP);
        page
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn some(page_bytes: u32, foreign: bool) -> Header {
        Header { uuid: [7; 16], label: *b"my label\0\0\0\0\0\0\0\0", page_bytes, foreign, last_page: 99, bad_pages: 0 }
    }

    #[test]
    fn a_renewed_header_is_mkswaps() {
        if !crate::skip::programs(&["mkswap"]) {
            return;
        }
        let dir = tempfile::tempdir().unwrap();
        for (number, pages, page) in [(0, 100, 4096u32), (1, 4096, 4096), (2, 64, 65536), (3, 33, 16384)] {
            let path = dir.path().join(format!("area-{number}"));
            let size = pages * u64::from(page);
            std::fs::write(&path, vec![0; usize::try_from(size).unwrap()]).unwrap();
            let (uuid, page_text) = ("0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0", page.to_string());
            let made = std::process::Command::new("mkswap")
                .args(["-q", "-U", uuid, "-L", "an area of swap", "-p", &page_text])
                .arg(&path)
                .output()
                .unwrap();
            assert!(made.status.success(), "{made:?}");
            let head = std::fs::read(&path).unwrap();
            let header = Header::parse(&head).unwrap();
            assert_eq!((header.page_bytes, header.foreign, header.bad_pages), (page, false, 0));
            assert_eq!((&header.label[..], header.uuid[0]), (&b"an area of swap\0"[..], 0x0f));
            let renewed = header.renewed(size);
            assert!(renewed.len() == page as usize && renewed[..] == head[..page as usize], "page {page}");
        }
    }

    #[test]
    fn a_hibernated_system_an_old_form_and_anything_else_are_told() {
        for page in PAGES {
            for foreign in [false, true] {
                let header = some(page, foreign);
                let mut head = header.renewed(100 * u64::from(page));
                assert_eq!(Header::parse(&head), Ok(header));
                let at = page as usize - SIGNATURE;
                for asleep in ASLEEP {
                    head[at..][..asleep.len()].copy_from_slice(asleep);
                    assert_eq!(Header::parse(&head), Err(Fault::Hibernated));
                }
                head[at..].copy_from_slice(OLD);
                assert_eq!(Header::parse(&head), Err(Fault::OtherVersion));
                head[at..].copy_from_slice(SWAP);
                head[AT] = 2;
                head[AT + 3] = 0;
                assert_eq!(Header::parse(&head), Err(Fault::OtherVersion));
                head.pop();
                assert_eq!(Header::parse(&head), Err(Fault::NotSwap));
            }
        }
    }

    proptest! {
        #[test]
        fn no_head_makes_it_panic_and_a_renewed_one_is_read_back(
            part in proptest::collection::vec(any::<u8>(), 1..300), bytes in 0usize..70000,
            page in prop::sample::select(PAGES.to_vec()), sign in any::<bool>(), size in any::<u64>(),
        ) {
            let mut head: Vec<u8> = part.iter().copied().cycle().take(bytes).collect();
            let end = page as usize;
            if sign && head.len() >= end {
                head[end - SIGNATURE..end].copy_from_slice(SWAP);
                head[AT..AT + 4].copy_from_slice(&1u32.to_ne_bytes());
            }
            if let Ok(header) = Header::parse(&head) {
                let again = Header::parse(&header.renewed(size)).unwrap();
                prop_assert_eq!((again.uuid, again.label, again.page_bytes), (header.uuid, header.label, header.page_bytes));
            }
        }
    }
}
