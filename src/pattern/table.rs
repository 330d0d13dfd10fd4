//! The bytes of the named schemes. Sources conflict on several; what stands here is what is written.

use super::scheme::{Scheme, SchemePass};
use SchemePass::{Fixed, Random};

const ZEROS: SchemePass = Fixed(&[0x00]);
const ONES: SchemePass = Fixed(&[0xff]);

/// The 27 fixed patterns of Gutmann, "Secure Deletion of Data from Magnetic and Solid-State Memory" (1996), passes 5 to 31, between
/// four random passes on either side.
const GUTMANN: &[SchemePass] = &[
    Random,
    Random,
    Random,
    Random,
    Fixed(&[0x55]),
    Fixed(&[0xaa]),
    Fixed(&[0x92, 0x49, 0x24]),
    Fixed(&[0x49, 0x24, 0x92]),
    Fixed(&[0x24, 0x92, 0x49]),
    Fixed(&[0x00]),
    Fixed(&[0x11]),
    Fixed(&[0x22]),
    Fixed(&[0x33]),
    Fixed(&[0x44]),
    Fixed(&[0x55]),
    Fixed(&[0x66]),
    Fixed(&[0x77]),
    Fixed(&[0x88]),
    Fixed(&[0x99]),
    Fixed(&[0xaa]),
    Fixed(&[0xbb]),
    Fixed(&[0xcc]),
    Fixed(&[0xdd]),
    Fixed(&[0xee]),
    Fixed(&[0xff]),
    Fixed(&[0x92, 0x49, 0x24]),
    Fixed(&[0x49, 0x24, 0x92]),
    Fixed(&[0x24, 0x92, 0x49]),
    Fixed(&[0x6d, 0xb6, 0xdb]),
    Fixed(&[0xb6, 0xdb, 0x6d]),
    Fixed(&[0xdb, 0x6d, 0xb6]),
    Random,
    Random,
    Random,
    Random,
];

macro_rules! title {
    ($name:literal) => {
        concat!($name, " (legacy scheme; NIST level: Clear)")
    };
}

pub(super) static ALL: &[Scheme] = &[
    Scheme {
        name: "dod-e",
        title: title!("DoD 5220.22-M (E)"),
        passes: &[ZEROS, ONES, Random],
        note: "the text says a character, its complement, a random character; here, as commonly sold, 00, FF and a random stream",
    },
    Scheme {
        name: "dod-ece",
        title: title!("DoD 5220.22-M (ECE)"),
        passes: &[ZEROS, ONES, Random, Fixed(&[0x96]), ZEROS, ONES, Random],
        note: "c, ~c, random, c', c'', ~c'', random; here c is 00, c' is 96 and c'' is 00",
    },
    Scheme {
        name: "hmg-is5-baseline",
        title: title!("HMG Infosec Standard 5, Baseline"),
        passes: &[ZEROS],
        note: "asks for verification",
    },
    Scheme {
        name: "hmg-is5-enhanced",
        title: title!("HMG Infosec Standard 5, Enhanced"),
        passes: &[ZEROS, ONES, Random],
        note: "asks for verification",
    },
    Scheme {
        name: "rcmp-ops-ii",
        title: title!("RCMP TSSIT OPS-II"),
        passes: &[ZEROS, ONES, ZEROS, ONES, ZEROS, ONES, Random],
        note: "asks for verification; the last pass is a random stream, where some sources say a random character",
    },
    Scheme {
        name: "itsg-06",
        title: title!("CSEC ITSG-06"),
        passes: &[ZEROS, ONES, Random],
        note: "a character, its complement, random; here the character is 00; asks for verification",
    },
    Scheme {
        name: "vsitr",
        title: title!("BSI VSITR"),
        passes: &[ZEROS, ONES, ZEROS, ONES, ZEROS, ONES, Fixed(&[0xaa])],
        note: "",
    },
    Scheme {
        name: "schneier",
        title: title!("Schneier, Applied Cryptography"),
        passes: &[ONES, ZEROS, Random, Random, Random, Random, Random],
        note: "",
    },
    Scheme {
        name: "gutmann",
        title: title!("Gutmann, 35 passes"),
        passes: GUTMANN,
        note: "the 27 fixed passes are written in the order of the paper's table; the paper shuffles them, this does not",
    },
    Scheme {
        name: "gost",
        title: title!("GOST R 50739-95"),
        passes: &[ZEROS, Random],
        note: "the standard names no bytes; here, as commonly sold, 00 and a random stream",
    },
    Scheme {
        name: "bmb21",
        title: title!("BMB21-2019"),
        passes: &[ONES, ZEROS, Random, Random, Random, ONES],
        note: "",
    },
];
