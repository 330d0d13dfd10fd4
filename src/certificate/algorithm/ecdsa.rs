//! ECDSA values: two numbers in a row (as keys make them), or in DER (as CMS has them), in their low-S form.
//!
//! With (r, s) also (r, n - s) is valid. Only the lower one is made and accepted, so that nobody can change a signature.

use der::asn1::Uint;
use der::{Decode, Encode, Sequence};

const ORDER_P256: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xbc, 0xe6, 0xfa,
    0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x51,
];
const ORDER_P384: [u8; 48] = [
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xc7, 0x63, 0x4d, 0x81, 0xf4, 0x37, 0x2d, 0xdf, 0x58, 0x1a, 0x0d, 0xb2, 0x48, 0xb0,
    0xa7, 0x7a, 0xec, 0xec, 0x19, 0x6a, 0xcc, 0xc5, 0x29, 0x73,
];

/// A curve, of which the order counts here (SEC 2 §2.4.2, §2.5.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Curve {
    P256,
    P384,
}

impl Curve {
    fn order(self) -> &'static [u8] {
        match self {
            Curve::P256 => &ORDER_P256,
            Curve::P384 => &ORDER_P384,
        }
    }
}

/// Ecdsa-Sig-Value (RFC 3279 §2.2.3).
#[derive(Sequence)]
struct Value {
    r: Uint,
    s: Uint,
}

/// The DER of `r || s`, with the lower of s and n - s; `None` where its length is not the curve's or s is not below n.
pub fn low_der(curve: Curve, fixed: &[u8]) -> Option<Vec<u8>> {
    let order = curve.order();
    if fixed.len() != 2 * order.len() {
        return None;
    }
    let (r, s) = fixed.split_at(order.len());
    let other = negated(order, s)?;
    let low = if s > &other[..] { &other[..] } else { s };
    Value { r: Uint::new(r).ok()?, s: Uint::new(low).ok()? }.to_der().ok()
}

/// Whether `der` is a value in strict DER (`None` if not) and has the lower s.
pub fn is_low(curve: Curve, der: &[u8]) -> Option<bool> {
    let value = Value::from_der(der).ok().filter(|value| value.to_der().is_ok_and(|again| again == der))?;
    let order = curve.order();
    let short = value.s.as_bytes();
    let mut s = vec![0; order.len().checked_sub(short.len())?];
    s.extend_from_slice(short);
    Some(s <= negated(order, &s)?)
}

/// n - s, for s at most n.
fn negated(order: &[u8], s: &[u8]) -> Option<Vec<u8>> {
    let mut borrow = false;
    let mut difference: Vec<u8> = order
        .iter()
        .zip(s)
        .rev()
        .map(|(n, s)| {
            let (once, first) = n.overflowing_sub(*s);
            let (twice, second) = once.overflowing_sub(u8::from(borrow));
            borrow = first || second;
            twice
        })
        .collect();
    difference.reverse();
    (!borrow).then_some(difference)
}

/// The DER of both values of `r || s`, the low one first.
#[cfg(test)]
#[allow(clippy::unwrap_used)]
pub fn both(curve: Curve, fixed: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let (r, s) = fixed.split_at(curve.order().len());
    let other = negated(curve.order(), s).unwrap();
    let (low, high) = if s > &other[..] { (&other[..], s) } else { (s, &other[..]) };
    let der = |s: &[u8]| Value { r: Uint::new(r).unwrap(), s: Uint::new(s).unwrap() }.to_der().unwrap();
    (der(low), der(high))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn of_the_two_values_the_lower_one_is_taken() {
        for curve in [Curve::P256, Curve::P384] {
            let order = curve.order();
            let mut low = vec![0; order.len()];
            low[order.len() - 1] = 5;
            let high = negated(order, &low).unwrap();
            let fixed = |s: &[u8]| [&vec![9; order.len()][..], s].concat();
            let made = low_der(curve, &fixed(&high)).unwrap();
            assert_eq!(made, low_der(curve, &fixed(&low)).unwrap());
            assert_eq!(is_low(curve, &made), Some(true));
            let kept = Value { r: Uint::new(&[9; 8]).unwrap(), s: Uint::new(&high).unwrap() }.to_der().unwrap();
            assert_eq!(is_low(curve, &kept), Some(false));
        }
    }

    #[test]
    fn what_is_no_value_of_the_curve_is_told_apart() {
        assert_eq!(low_der(Curve::P256, &[1; 63]), None);
        assert_eq!(low_der(Curve::P256, &[0xff; 64]), None, "s is above n");
        assert_eq!(low_der(Curve::P384, &[1; 64]), None);
        let good = low_der(Curve::P256, &[1; 64]).unwrap();
        assert_eq!(is_low(Curve::P256, &good), Some(true));
        assert_eq!(is_low(Curve::P256, &good[..good.len() - 1]), None);
        assert_eq!(is_low(Curve::P256, &[&good[..], &[0]].concat()), None);
        let long = low_der(Curve::P384, &[1; 96]).unwrap();
        assert_eq!(is_low(Curve::P256, &long), None);
    }
}
