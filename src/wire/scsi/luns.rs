//! REPORT LUNS: the logical units of a target.

use super::{Command, Data};
use crate::wire::Malformed;
use crate::wire::bytes::{be32, length32};

/// Longest list that is asked for: 2047 units.
const MOST_BYTES: usize = 16 << 10;

/// REPORT LUNS, A0h (SPC-5, REPORT LUNS command), for every unit but the well-known ones.
pub fn report_luns() -> Command {
    let [a, b, c, d] = length32(MOST_BYTES);
    Command::new("REPORT LUNS", &[0xA0, 0, 0, 0, 0, 0, a, b, c, d, 0, 0], Data::In(MOST_BYTES))
}

/// The units in the answer (SPC-5, REPORT LUNS parameter data), each as its eight bytes. Errors: it is short, or lists
/// more than was sent: a unit that isn't known could hold data that is in use.
pub fn luns(data: &[u8]) -> Result<Vec<[u8; 8]>, Malformed> {
    const ANSWER: &str = "REPORT LUNS data";
    let bytes = be32(data, 0).ok_or(Malformed::short(ANSWER))? as usize;
    let list = data.get(8..).ok_or(Malformed::short(ANSWER))?;
    let list = list.get(..bytes).ok_or(Malformed::new(ANSWER, "it lists more units than it sent"))?;
    if !bytes.is_multiple_of(8) {
        return Err(Malformed::new(ANSWER, "a list length that is no multiple of 8"));
    }
    Ok(list.chunks_exact(8).filter_map(|unit| unit.try_into().ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn two_units() {
        assert_eq!(report_luns().cdb(), [0xa0, 0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0]);
        let mut data = vec![0, 0, 0, 16, 0, 0, 0, 0];
        data.extend([0; 8]);
        data.extend([0, 1, 0, 0, 0, 0, 0, 0]);
        assert_eq!(luns(&data), Ok(vec![[0; 8], [0, 1, 0, 0, 0, 0, 0, 0]]));
        data[3] = 24;
        assert!(luns(&data).is_err());
        data[3] = 12;
        assert!(luns(&data).is_err());
        assert!(luns(&data[..7]).is_err());
    }

    proptest! {
        #[test]
        fn any_answer_is_read(data in prop::collection::vec(any::<u8>(), 0..80), length in 0..40u8) {
            let mut data = data;
            if data.len() > 4 { data[..4].copy_from_slice(&[0, 0, 0, length]); }
            if let Ok(units) = luns(&data) { prop_assert_eq!(units.len() * 8, usize::from(length)); }
        }
    }
}
